import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Collection } from "mongodb";
import type { OrderDocument } from "../orders/order.ts";

export type OutcomeStore = ReturnType<typeof outcomeStore>;

export function outcomeStore(orders: Collection<OrderDocument>) {
  const statusesOf = async (orderIds: string[]) => {
    const found = await orders
      .find({ _id: { $in: orderIds } })
      .project<Pick<OrderDocument, "_id"> & Partial<Pick<OrderDocument, "status">>>({ status: 1 })
      .toArray();
    return new Map(found.map(({ _id, status }) => [_id, status]));
  };

  return {
    /** The statuses of these orders. The others can no longer be placed: a document without a status takes their ids, so a
     * placement that stopped in between fails when it goes on. */
    async statusesOrVoid(orderIds: string[]) {
      const known = await statusesOf(orderIds);
      const missing = orderIds.filter((orderId) => !known.has(orderId));
      if (missing.length === 0) return known;
      const voids = missing.map((_id) => ({ _id, customerId: _id, idempotencyKey: "void" }));
      try {
        await orders.insertMany(voids as OrderDocument[], { ordered: false });
      } catch (error) {
        // Placed, or made void by another request, since it was read.
        if (duplicateKeyOf(error) === undefined) throw error;
      }
      return statusesOf(orderIds);
    },
  };
}
