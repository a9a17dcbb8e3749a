import { byId, byIds, ofOwner } from "@food/shared/storage/shard-key";
import type { OrderDocument } from "../orders/order.ts";
import { FINAL_STATUSES } from "../orders/status.ts";
import type { OrderStore } from "../orders/store.ts";
import { DELETED, withoutDoor, withoutNote } from "./erased.ts";

type Named = Pick<OrderDocument, "_id" | "deliveryAddress" | "items" | "trip">;

export type ErasureStore = ReturnType<typeof erasureStore>;

/** Writes to the hot collection first, then to the archive: then an order that is moved meanwhile is met in one of them, and
 * one that has changed is not removed from the hot collection before its copy is replaced (move-documents.ts). */
export function erasureStore({ collection: orders, archive }: Pick<OrderStore, "collection" | "archive">) {
  const named = (customerId: string) => ({
    ...ofOwner("customerId", customerId),
    erasedAt: { $exists: false },
  });
  const endedIn = (from: typeof orders, customerId: string, limit: number) =>
    from
      .find({ ...named(customerId), status: { $in: FINAL_STATUSES } })
      .limit(limit)
      .project<Named>({ deliveryAddress: 1, items: 1, trip: 1 })
      .toArray();
  return {
    /** The customer's orders that have ended and have personal data. */
    async endedOf(customerId: string, limit: number): Promise<Named[]> {
      const recent = await endedIn(orders, customerId, limit);
      const seen = new Set(recent.map(({ _id }) => _id));
      const older = (await endedIn(archive, customerId, limit)).filter(({ _id }) => !seen.has(_id));
      return [...recent, ...older].slice(0, limit);
    },

    /** Open orders included. */
    async countNamed(customerId: string): Promise<number> {
      return (
        (await orders.countDocuments(named(customerId))) + (await archive.countDocuments(named(customerId)))
      );
    },

    async erase({ _id, deliveryAddress, items, trip }: Named, now: Date): Promise<void> {
      // The others of a trip name the doors before theirs. The archive has no doors.
      if (trip)
        await orders.updateMany(
          { "trip.tripId": trip.tripId, status: { $in: FINAL_STATUSES } },
          { $set: { "trip.before": [] } },
        );
      for (const each of [orders, archive])
        await each.updateOne(
          { ...byId(_id), status: { $in: FINAL_STATUSES } },
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
      const mine = { ...byIds(orderIds), "courier.courierId": courierId };
      for (const each of [orders, archive])
        await each.updateMany(
          { ...mine, status: { $in: FINAL_STATUSES } },
          { $set: { "courier.name": DELETED } },
        );
      return orders.countDocuments({ ...mine, status: { $nin: FINAL_STATUSES } });
    },
  };
}
