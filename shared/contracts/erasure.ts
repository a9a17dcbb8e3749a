// Deleting an account: what the services ask of each other. All calls are idempotent.
import { type Static, Type } from "@sinclair/typebox";
import { OrderId } from "./ids.ts";

const strict = { additionalProperties: false } as const;

export const ERASE_AT_ONCE_MAX = 100;

/** The orders whose personal data shall go. */
export const EraseOrders = Type.Object(
  { orderIds: Type.Array(OrderId, { minItems: 1, maxItems: ERASE_AT_ONCE_MAX }) },
  strict,
);
export type EraseOrders = Static<typeof EraseOrders>;

export const Erased = Type.Object(
  { remaining: Type.Integer({ description: "Orders that still have personal data: ask again" }) },
  strict,
);
export type Erased = Static<typeof Erased>;
