import { findInBoth } from "@food/shared/storage/archive/both";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { byIds, sharded } from "@food/shared/storage/shard-key";
import type { OrderDocument } from "../orders/order.ts";
import type { OrderStore } from "../orders/store.ts";

export type OutcomeStore = ReturnType<typeof outcomeStore>;

export function outcomeStore({ collection: orders, archive }: Pick<OrderStore, "collection" | "archive">) {
  const statusesOf = async (orderIds: string[]) => {
    const found = await findInBoth(orderIds, { hot: orders, archive }, (from, ids) =>
      from
        .find(byIds(ids))
        .project<Pick<OrderDocument, "_id"> & Partial<Pick<OrderDocument, "status">>>({ status: 1 })
        .toArray(),
    );
    return new Map(found.map(({ _id, status }) => [_id, status]));
  };

  return {
    /** An order that was made void has none. */
    statusesOf,

    /** The statuses of these orders. The others can no longer be placed: a document without a status takes their ids, so a
     * placement that stopped in between fails when it goes on. */
    async statusesOrVoid(orderIds: string[]) {
      const known = await statusesOf(orderIds);
      const missing = orderIds.filter((orderId) => !known.has(orderId));
      if (missing.length === 0) return known;
      const voids = missing.map((_id) => ({ _id, ...sharded(_id), customerId: _id, idempotencyKey: "void" }));
      try {
        await orders.insertMany(voids as OrderDocument[], { ordered: false });
      } catch (error) {
        // Placed, or made void by another request, since it was read.
        if (duplicateKeyOf(error) === undefined) throw error;
      }
      // One that is still missing is void, too: an older version stored it without its shard key.
      const voided = missing.map((orderId) => [orderId, undefined] as const);
      return new Map([...voided, ...(await statusesOf(orderIds))]);
    },
  };
}
