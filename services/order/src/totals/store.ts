import { byId } from "@food/shared/storage/shard-key";
import type { Collection } from "mongodb";
import type { OrderDocument } from "../orders/order.ts";
import type { Tipped } from "./price.ts";

/** The order with its new tip; null when its status or tip has changed since it was read. */
export const setTip = (
  orders: Collection<OrderDocument>,
  { _id, status, tipCents }: OrderDocument,
  priced: Tipped,
): Promise<OrderDocument | null> =>
  orders.findOneAndUpdate(
    { ...byId(_id), status, tipCents: tipCents ?? { $exists: false } },
    { $set: priced },
    { returnDocument: "after" },
  );
