import { Type } from "@sinclair/typebox";

/** The public keys of a service's tokens. */
export const KeySet = Type.Object(
  { keys: Type.Array(Type.Record(Type.String(), Type.String())) },
  { additionalProperties: false, description: "RFC 7517" },
);
