import type { TripStore } from "../trips/store.ts";

export type ErasureStore = ReturnType<typeof erasureStore>;

export const erasureStore = ({ collection: trips }: Pick<TripStore, "collection">) => ({
  /** Removes the positions at the ends of these orders' deliveries. */
  eraseOrders: (orderIds: string[]) =>
    trips.updateMany(
      { "deliveries.orderId": { $in: orderIds } },
      { $unset: { "deliveries.$[it].endedNear": "" } },
      { arrayFilters: [{ "it.orderId": { $in: orderIds } }] },
    ),

  /** Removes the positions at the ends of this courier's deliveries. */
  eraseCourier: (courierId: string) =>
    trips.updateMany({ courierId }, { $unset: { "deliveries.$[].endedNear": "" } }),

  /** The orders of a courier's trips. */
  async ordersOf(courierId: string): Promise<string[]> {
    const found = await trips.find({ courierId }).project<{ sequence: string[] }>({ sequence: 1 }).toArray();
    return [...new Set(found.flatMap(({ sequence }) => sequence))];
  },
});
