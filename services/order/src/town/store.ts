import { byIds } from "@food/shared/storage/shard-key";
import { newId } from "@food/shared/values/id";
import type { Collection } from "mongodb";
import type { OrderDocument } from "../orders/order.ts";
import { OPEN_STATUSES } from "../orders/status.ts";

/** The fields of an order that the town shows. */
export type SeenOrder = Pick<
  OrderDocument,
  | "_id"
  | "version"
  | "status"
  | "placedAt"
  | "restaurantId"
  | "restaurantName"
  | "acceptBy"
  | "assignBy"
  | "awaitingCourier"
  | "readyAt"
  | "pickupBy"
  | "estimatedDeliveryAt"
  | "courier"
> & {
  restaurantAddress: Pick<OrderDocument["restaurantAddress"], "location">;
  deliveryAddress: Pick<OrderDocument["deliveryAddress"], "location">;
  trip?: { tripId: string };
  events: Pick<OrderDocument["events"][number], "from" | "to" | "at">[];
};

const SEEN = {
  ...{ version: 1, status: 1, placedAt: 1, restaurantId: 1, restaurantName: 1, acceptBy: 1, assignBy: 1 },
  ...{ awaitingCourier: 1, readyAt: 1, pickupBy: 1, estimatedDeliveryAt: 1, courier: 1, "trip.tripId": 1 },
  ...{ "restaurantAddress.location": 1, "deliveryAddress.location": 1 },
  ...{ "events.from": 1, "events.to": 1, "events.at": 1 },
} as const;

/** Longer than an order takes. */
const PLACED_WITHIN_MS = 6 * 3_600_000;

export type TownStore = ReturnType<typeof townStore>;

export const townStore = (orders: Collection<OrderDocument>) => ({
  /** An open order holds a slot of its customer; some that an older version ended still do. */
  ensureIndexes: () =>
    orders.createIndex(
      { customerSlot: 1 },
      { name: "open_orders", partialFilterExpression: { customerSlot: { $exists: true } } },
    ),

  /** Versions of open orders. */
  openVersions: (limit: number) =>
    orders
      .find({ customerSlot: { $exists: true }, status: { $in: OPEN_STATUSES } })
      .limit(limit)
      .project<Pick<OrderDocument, "_id" | "version" | "estimatedDeliveryAt">>({
        version: 1,
        estimatedDeliveryAt: 1,
      })
      .toArray(),

  /** Open orders by status. */
  async countOpen(): Promise<Record<string, number>> {
    const counts = await orders
      .aggregate<{ _id: string; count: number }>([
        { $match: { customerSlot: { $exists: true }, status: { $in: OPEN_STATUSES } } },
        { $group: { _id: "$status", count: { $sum: 1 } } },
      ])
      .toArray();
    const none = OPEN_STATUSES.map((status) => [status, 0] as const);
    return Object.fromEntries([...none, ...counts.map(({ _id, count }) => [_id, count] as const)]);
  },

  findAll: (orderIds: string[]) => orders.find(byIds(orderIds)).project<SeenOrder>(SEEN).toArray(),

  /** From placing to the door, of the orders that were delivered at or after `since`. */
  async clickToDoorMs(since: Date): Promise<number[]> {
    const delivered = await orders
      // Ids sort by time, so no index by time is needed.
      .find({ _id: { $gte: newId("ord", since.getTime() - PLACED_WITHIN_MS) }, status: "delivered" })
      .project<{ placedAt: Date; events: { at: Date }[] }>({ placedAt: 1, "events.at": 1 })
      .toArray();
    return delivered.flatMap(({ placedAt, events }) => {
      const endedAt = events.at(-1)?.at ?? placedAt;
      return endedAt >= since ? endedAt.getTime() - placedAt.getTime() : [];
    });
  },
});
