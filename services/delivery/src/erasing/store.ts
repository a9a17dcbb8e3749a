import type { TripStore } from "../trips/store.ts";

export type ErasureStore = ReturnType<typeof erasureStore>;

/** Writes to the hot collection first, then to the archive: then a trip that is moved between the two writes is met in one of them, and one
 * that has changed is not removed from the hot collection before its copy is replaced (move-documents.ts). */
export const erasureStore = ({ collection: trips, archive }: Pick<TripStore, "collection" | "archive">) => ({
  /** Removes the positions at the ends of these orders' deliveries. */
  async eraseOrders(orderIds: string[]): Promise<void> {
    for (const each of [trips, archive])
      await each.updateMany(
        { "deliveries.orderId": { $in: orderIds } },
        { $unset: { "deliveries.$[it].endedNear": "" } },
        { arrayFilters: [{ "it.orderId": { $in: orderIds } }] },
      );
  },

  /** Removes the positions at the ends of this courier's deliveries. */
  async eraseCourier(courierId: string): Promise<void> {
    for (const each of [trips, archive])
      await each.updateMany({ courierId }, { $unset: { "deliveries.$[].endedNear": "" } });
  },

  /** The orders of a courier's trips. */
  async ordersOf(courierId: string): Promise<string[]> {
    const orderIds = new Set<string>();
    for (const each of [trips, archive])
      for await (const { sequence } of each
        .find({ courierId })
        .project<{ sequence: string[] }>({ sequence: 1 }))
        for (const orderId of sequence) orderIds.add(orderId);
    return [...orderIds];
  },
});
