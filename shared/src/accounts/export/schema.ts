import { Type } from "@sinclair/typebox";
import { Instant } from "../../values/fields.ts";

const strict = { additionalProperties: false } as const;

export const Export = Type.Object(
  {
    exportedAt: Instant,
    elsewhere: Type.Array(
      Type.Object({ what: Type.String(), where: Type.String({ description: "The route to ask" }) }, strict),
    ),
  },
  {
    additionalProperties: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: "The documents of one kind, as they are stored",
    }),
  },
);
