// Trips wherever they are: in the hot collection, or in the archive. A trip that has ended changes no more, and a new one never
// takes the id of an archived one, or of its deliveries: assignments and the sweep of claims read both collections first.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import {
  type Both,
  findInBoth,
  findOneInBoth,
  joined,
  NOT_ARCHIVED_MS,
  pageOfBoth,
} from "@food/shared/storage/archive/both";
import { byId, byIds, onShardsOf, sharded } from "@food/shared/storage/shard-key";
import { newId } from "@food/shared/values/id";
import type { Collection, Db, Filter } from "mongodb";
import type { DeliveryCursor } from "../deliveries/schema.ts";
import {
  type DeliveryOnTrip,
  deliveriesOn,
  findOnTrip,
  olderThan,
  type TripDelivery,
  type TripDocument,
} from "../trips/trip.ts";

const NEWEST = { key: { courierId: 1, assignedAt: -1, _id: -1 }, name: "newest" } as const;
const ROUNDS = { key: { "deliveries.orderId": 1 }, name: "rounds" } as const;

/** The indexes that reads of history need, in both collections. */
export const HISTORY_INDEXES = [
  { key: { shardKey: 1, "deliveries.deliveryId": 1 }, name: "one_trip_per_delivery", unique: true },
  NEWEST,
  ROUNDS,
] as const;

/** Trips that ended before that time. Ids sort by time; those with a region sort after those that were made before there was
 * one. */
export const historyAt = (before: Date): Filter<TripDocument> => ({
  _id: { $lt: newId("trp", before.getTime()) },
  live: false,
  endedAt: { $lt: before },
});

const BEGUN = {
  ...{ courierId: 1, live: 1, "deliveries.deliveryId": 1, "deliveries.orderId": 1, "deliveries.live": 1 },
  ...{ "deliveries.status": 1, "deliveries.asked": 1 },
} as const;
export type BegunTrip = Pick<TripDocument, "_id" | "courierId" | "live"> & {
  deliveries: Pick<TripDelivery, "deliveryId" | "orderId" | "live" | "status" | "asked">[];
};

export const archiveOf = (db: Db) => db.collection<TripDocument>("trips_archive");

export const having = (deliveryId: string) => ({
  ...sharded(deliveryId),
  "deliveries.deliveryId": deliveryId,
});

const newestFirst = (one: TripDocument, other: TripDocument) =>
  other.assignedAt.getTime() - one.assignedAt.getTime() || (one._id < other._id ? 1 : -1);

export const allTrips = (both: Both<TripDocument>) => ({
  async findDelivery(deliveryId: string): Promise<DeliveryOnTrip | undefined> {
    return findOnTrip(await findOneInBoth(both, having(deliveryId)), deliveryId);
  },

  /** Finds only this courier's own deliveries, never a tombstone. */
  async findOwn(deliveryId: string, courierId: string): Promise<DeliveryOnTrip | undefined> {
    return findOnTrip(await findOneInBoth(both, { ...having(deliveryId), courierId }), deliveryId);
  },

  findOwnTrip: (tripId: string, courierId: string): Promise<TripDocument | null> =>
    findOneInBoth(both, { ...byId(tripId), courierId }),

  /** A courier's deliveries, newest trip first; with `tripId` only those of this trip, which is live. */
  async list(
    courierId: string,
    status: DeliveryStatus | undefined,
    limit: number,
    cursor: DeliveryCursor | undefined,
    tripId?: string,
  ): Promise<DeliveryOnTrip[]> {
    const filter = {
      ...(tripId !== undefined && byId(tripId)),
      courierId,
      ...(status && { "deliveries.status": status }),
      ...(cursor && olderThan(cursor)),
    };
    // Each trip has at least one to show, except the trip of the cursor.
    const tripsMax = limit + 1;
    const pageOf = (from: Collection<TripDocument>, last?: TripDocument) =>
      from
        .find(
          last
            ? {
                ...filter,
                assignedAt: { ...("assignedAt" in filter && filter.assignedAt), $gte: last.assignedAt },
              }
            : filter,
        )
        .sort({ assignedAt: -1, _id: -1 })
        .limit(tripsMax)
        .toArray();
    const found =
      tripId !== undefined
        ? await pageOf(both.hot)
        : await pageOfBoth(both, {
            ...{ limit: tripsMax, pageOf, compare: newestFirst },
            mayBeArchived: ({ assignedAt }) => assignedAt.getTime() <= Date.now() - NOT_ARCHIVED_MS,
          });
    return found
      .flatMap((trip) => deliveriesOn(trip).reverse())
      .filter(({ trip, delivery }) => {
        const isShown = cursor && trip._id === cursor.trip && delivery.slot >= cursor.slot;
        return !isShown && (!status || delivery.status === status);
      })
      .slice(0, limit);
  },

  /** All trips that have, or had, one of these orders: a delivery is always found by its order. The deliveries are of the
   * same orders. */
  async withOrders(orderIds: string[], deliveryIds: string[]): Promise<TripDocument[]> {
    const read = (from: Collection<TripDocument>, ids: string[]) =>
      from
        .find({ ...onShardsOf(deliveryIds), "deliveries.orderId": { $in: ids } }, { hint: ROUNDS.name })
        .toArray();
    const recent = await read(both.hot, orderIds);
    const youngest = newId("ord", Date.now() - NOT_ARCHIVED_MS);
    const old = orderIds.filter((orderId) => orderId < youngest);
    return old.length === 0 ? recent : joined(recent, await read(both.archive, old));
  },

  /** Those of these trips that have begun, with what the sweep reads of them. */
  async begun(tripIds: string[]): Promise<Map<string, BegunTrip>> {
    const found = await findInBoth(tripIds, both, (from, ids) =>
      from.find(byIds(ids)).project<BegunTrip>(BEGUN).toArray(),
    );
    return new Map(found.map((trip) => [trip._id, trip]));
  },
});
