// Orders wherever they are: in the hot collection, or in the archive.
import type { OrderStatus } from "@food/shared/contracts/order";
import {
  type Both,
  findInBoth,
  findOneInBoth,
  NOT_ARCHIVED_MS,
  pageOfBoth,
} from "@food/shared/storage/archive/both";
import { byId, byIds, ofOwner } from "@food/shared/storage/shard-key";
import { newId, plainId } from "@food/shared/values/id";
import { currentRegion } from "@food/shared/values/region";
import type { Collection, Db, Filter } from "mongodb";
import type { OrderDocument } from "../orders/order.ts";
import { FINAL_STATUSES, isFinal, OPEN_STATUSES } from "../orders/status.ts";

/** Leaves out ids that were made void (outcomes/store.ts). */
export const PLACED = { status: { $exists: true } };

export const ONCE = "order_once";

/** The indexes that reads of history need, in both collections. */
export const HISTORY_INDEXES = [
  { key: { shardKey: 1, customerId: 1, idempotencyKey: 1 }, name: ONCE, unique: true },
  { key: { customerId: 1, _id: -1 }, name: "customer" },
  { key: { customerId: 1, status: 1, _id: -1 }, name: "customer_status" },
  { key: { restaurantId: 1, _id: -1 }, name: "restaurant" },
  { key: { restaurantId: 1, status: 1, _id: -1 }, name: "restaurant_status" },
] as const;

/** Orders that ended before that time and owe no other service anything, and ids that were made void. Ids sort by time; those
 * with a region sort after those that were made before there was one. */
export const historyAt = (before: Date): Filter<OrderDocument> => ({
  _id: { $lt: newId("ord", before.getTime()) },
  $or: [
    {
      status: { $in: FINAL_STATUSES },
      outboxDueAt: { $exists: false },
      outbox: { $size: 0 },
      "events.at": { $not: { $gte: before } },
    },
    {
      status: { $exists: false },
      $or: [{ _id: { $lt: plainId("ord", before) } }, { _id: { $gt: `ord_${currentRegion()}_` } }],
    },
  ],
});

export const archiveOf = (db: Db) => db.collection<OrderDocument>("orders_archive");

export interface ListFilter {
  customerId?: string;
  restaurantId?: string;
  status?: OrderStatus;
  /** Only open orders, oldest first. */
  open?: boolean;
}

type Id = Pick<OrderDocument, "_id">;
const newestFirst = (one: Id, other: Id) => (one._id < other._id ? 1 : -1);

/** `keysOf`: the condition on the shard keys of a restaurant's open orders. */
export function allOrders(
  both: Both<OrderDocument>,
  keysOf: (restaurantId: string) => Promise<Filter<OrderDocument>>,
) {
  return {
    find: (orderId: string): Promise<OrderDocument | null> =>
      findOneInBoth(both, { ...byId(orderId), ...PLACED }),

    findAll: (orderIds: readonly string[]) =>
      findInBoth(orderIds, both, (from, ids) => from.find({ ...byIds(ids), ...PLACED }).toArray()),

    findByKey: (customerId: string, idempotencyKey: string): Promise<OrderDocument | null> =>
      findOneInBoth(both, { ...ofOwner("customerId", customerId), idempotencyKey }),

    /** The restaurant's orders among these, oldest first. */
    async findOwn(restaurantId: string, orderIds: string[]): Promise<OrderDocument[]> {
      const found = await findInBoth(orderIds, both, (from, ids) =>
        from.find({ ...byIds(ids), restaurantId }).toArray(),
      );
      return found.sort((one, other) => -newestFirst(one, other));
    },

    /** From after the cursor: newest first; with `open`, oldest first. */
    async list(
      { customerId, restaurantId, status, open }: ListFilter,
      limit: number,
      afterId?: string,
    ): Promise<OrderDocument[]> {
      const isOpen = open || (status !== undefined && !isFinal(status));
      const statuses = OPEN_STATUSES.filter((one) => status === undefined || one === status);
      const filter = {
        ...(customerId && ofOwner("customerId", customerId)),
        ...(restaurantId && { restaurantId, ...(isOpen && (await keysOf(restaurantId))) }),
        ...(open ? { status: { $in: statuses } } : status && { status }),
      };
      // Only these have the sequence of the page. By the shard key, an index may seem better that has not.
      const hint = `${customerId ? "customer" : "restaurant"}${status || open ? "_status" : ""}`;
      const pageOf = (from: Collection<OrderDocument>, last?: Id) => {
        const _id = {
          ...(afterId && { [open ? "$gt" : "$lt"]: afterId }),
          ...(last && { $gt: last._id }),
        };
        return from
          .find({ ...filter, ...((afterId || last) && { _id }) }, { hint })
          .sort({ _id: open ? 1 : -1 })
          .limit(limit)
          .toArray();
      };
      if (isOpen) return pageOf(both.hot);
      return pageOfBoth(both, {
        ...{ limit, pageOf, compare: newestFirst },
        mayBeArchived: ({ _id }) => _id <= newId("ord", Date.now() - NOT_ARCHIVED_MS),
      });
    },
  };
}
