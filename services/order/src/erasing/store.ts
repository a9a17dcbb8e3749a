import type { Collection } from "mongodb";
import type { OrderDocument } from "../orders/order.ts";
import { FINAL_STATUSES } from "../orders/status.ts";
import { DELETED, withoutDoor, withoutNote } from "./erased.ts";

type Named = Pick<OrderDocument, "_id" | "deliveryAddress" | "items" | "trip">;

export type ErasureStore = ReturnType<typeof erasureStore>;

export function erasureStore(orders: Collection<OrderDocument>) {
  const named = (customerId: string) => ({ customerId, erasedAt: { $exists: false } });
  return {
    /** The customer's orders that have ended and have personal data. */
    endedOf: (customerId: string, limit: number) =>
      orders
        .find({ ...named(customerId), status: { $in: FINAL_STATUSES } })
        .limit(limit)
        .project<Named>({ deliveryAddress: 1, items: 1, trip: 1 })
        .toArray(),

    /** Open orders included. */
    countNamed: (customerId: string) => orders.countDocuments(named(customerId)),

    async erase({ _id, deliveryAddress, items, trip }: Named, now: Date): Promise<void> {
      // The others of a trip name the doors before theirs.
      if (trip)
        await orders.updateMany(
          { "trip.tripId": trip.tripId, status: { $in: FINAL_STATUSES } },
          { $set: { "trip.before": [] } },
        );
      await orders.updateOne(
        { _id, status: { $in: FINAL_STATUSES } },
        {
          $set: {
            deliveryAddress: withoutDoor(deliveryAddress),
            items: items.map(withoutNote),
            addressKey: DELETED,
            requestHash: DELETED,
            erasedAt: now,
          },
          $unset: { contact: "", note: "" },
        },
      );
    },

    /** Keeps the courier's id, for statistics. Returns how many of the orders are under way: those keep the name. */
    async eraseCourier(courierId: string, orderIds: string[]): Promise<number> {
      const mine = { _id: { $in: orderIds }, "courier.courierId": courierId };
      await orders.updateMany(
        { ...mine, status: { $in: FINAL_STATUSES } },
        { $set: { "courier.name": DELETED } },
      );
      return orders.countDocuments({ ...mine, status: { $nin: FINAL_STATUSES } });
    },
  };
}
