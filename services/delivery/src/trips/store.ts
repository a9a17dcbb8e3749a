// Trips in MongoDB, spread over the shards by their restaurants. The unique indexes decide, independent of locks: an order is
// on at most one live trip, a delivery on one trip ever. A courier is on at most one live trip, too: the one that the
// claim in the courier's own document names (sweep-claims.ts).
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import { batchLoader } from "@food/shared/process/batch-loader";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { byId, byIds, onShardsOf, sharded, shardOf } from "@food/shared/storage/shard-key";
import { unavailable } from "@food/shared/values/errors";
import type { Db, Filter, UpdateFilter } from "mongodb";
import { allTrips, archiveOf, HISTORY_INDEXES, having } from "../archive/store.ts";
import { before, isLive } from "../deliveries/status.ts";
import {
  type DeliveryOnTrip,
  deliveriesOn,
  findOnTrip,
  type LastPosition,
  type TripDelivery,
  type TripDocument,
  tombstoneOf,
} from "./trip.ts";

export type TripStore = ReturnType<typeof tripStore>;

/** Attempts of a conditional write that loses races. */
const TRIES_MAX = 20;
/** Maximum number of deliveries of a trip, ended ones included. */
const SLOTS_MAX = 64;

const timeOf = (status: DeliveryStatus, at: Date) =>
  status === "picked_up" ? { pickedUpAt: at } : isLive(status) ? {} : { endedAt: at };

const itIs = (deliveryId: string) => ({ arrayFilters: [{ "it.deliveryId": deliveryId }] });

/** Fields of the delivery that the array filter `it` names: `$` alone is ambiguous beside a second array in the filter. */
const within = (fields: Partial<TripDelivery>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`deliveries.$[it].${name}`, value]));

/** The courier must not see the customer's address after the end. */
const GONE = { "deliveries.$[it].dropoff": "" } as const;

export function tripStore(db: Db) {
  const trips = db.collection<TripDocument>("trips");
  const archive = archiveOf(db);
  const whileLive = { partialFilterExpression: { live: true }, unique: true };

  /** One conditional write. The filter says whether this is the last live delivery of the trip. */
  async function end(
    filter: Filter<TripDocument>,
    set: Record<string, unknown>,
    min: Record<string, Date>,
    { orderId, deliveryId }: { orderId: string; deliveryId: string },
    now: Date,
  ): Promise<TripDocument | null> {
    const options = { ...AFTER, ...itIs(deliveryId) };
    const last: UpdateFilter<TripDocument> = {
      $set: { ...set, liveOrderIds: [], live: false, open: false, endedAt: now },
      $min: min,
      $unset: GONE,
      $inc: { version: 1 },
    };
    const notLast = {
      $set: set,
      $min: min,
      $unset: GONE,
      $pull: { liveOrderIds: orderId },
      $inc: { version: 1 },
    } as UpdateFilter<TripDocument>;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const ended =
        (await trips.findOneAndUpdate({ ...filter, liveOrderIds: [orderId] }, last, options)) ??
        (await trips.findOneAndUpdate({ ...filter, "liveOrderIds.1": { $exists: true } }, notLast, options));
      if (ended || !(await trips.findOne(filter, { projection: { _id: 1 } }))) return ended;
    }
    throw unavailable("OVERLOADED", "Other requests changed the trip at the same time. Try again.");
  }

  const all = allTrips({ hot: trips, archive });
  const tripsWith = batchLoader(async (asked: readonly { orderIds: string[]; deliveryIds: string[] }[]) => {
    const orderIds = new Set(asked.flatMap((one) => one.orderIds));
    const deliveryIds = asked.flatMap((one) => one.deliveryIds);
    const found = await all.withOrders([...orderIds], deliveryIds);
    const hasOneOf = (ids: string[]) => (trip: TripDocument) =>
      trip.deliveries.some(({ orderId }) => ids.includes(orderId));
    return asked.map((one) => found.filter(hasOneOf(one.orderIds)));
  });

  return {
    collection: trips,
    archive,
    ...all,

    /** The same. Requests at the same time share one query: many may want one order or courier. */
    withOrders: (orderIds: string[], deliveryIds: string[]) => tripsWith({ orderIds, deliveryIds }),

    async ensureIndexes() {
      await archive.createIndexes([...HISTORY_INDEXES]);
      await trips.createIndexes([
        ...HISTORY_INDEXES,
        { key: { shardKey: 1, liveOrderIds: 1 }, name: "live_trip_of_order", ...whileLive },
        { key: { assignedAt: 1 }, name: "open_since", partialFilterExpression: { open: true } },
      ]);
    },

    /** Those of these trips that are live; with a courier, only the courier's own. */
    findLive: (tripIds: string[], courierId?: string) =>
      trips.find({ ...byIds(tripIds), ...(courierId && { courierId }), live: true }).toArray(),

    /** The live deliveries of these couriers, and the deliveries with these ids. The couriers' claims name `tripIds`. */
    async liveOrKnown(
      courierIds: string[],
      tripIds: string[],
      knownIds: string[],
    ): Promise<DeliveryOnTrip[]> {
      const ofCouriers = { courierId: { $in: courierIds } };
      const live = await trips.find({ ...byIds(tripIds), ...ofCouriers, live: true }).toArray();
      const seen = new Set(live.flatMap(({ deliveries }) => deliveries.map(({ deliveryId }) => deliveryId)));
      const others = knownIds.filter((id) => !seen.has(id));
      const left =
        others.length > 0
          ? await trips
              .find({ ...onShardsOf(others), ...ofCouriers, "deliveries.deliveryId": { $in: others } })
              .toArray()
          : [];
      const known = new Set(knownIds);
      const newest = new Map([...live, ...left].map((trip) => [trip._id, trip]));
      return [...newest.values()]
        .sort((one, other) => (one._id < other._id ? -1 : 1))
        .flatMap(deliveriesOn)
        .filter(({ delivery }) => delivery.live || known.has(delivery.deliveryId));
    },

    /** Takes the id of a trip that has not begun, so that it cannot begin later. Returns false when it has begun. */
    async prevent(tripId: string, now: Date): Promise<boolean> {
      return this.begin(tombstoneOf(tripId, { deliveryId: tripId, orderId: tripId, orderVersion: 0 }, now));
    },

    /** Open trips that began in this period, oldest first. */
    openBetween: (after: Date, until: Date, limit: number) =>
      trips
        .find({ open: true, assignedAt: { $gte: after, $lte: until } })
        .sort({ assignedAt: 1 })
        .limit(limit)
        .toArray(),

    /** Returns false when it has begun before, or one of its orders or deliveries is on another trip. */
    async begin(trip: TripDocument): Promise<boolean> {
      try {
        await trips.insertOne(trip);
        return true;
      } catch (error) {
        if (duplicateKeyOf(error) === undefined) throw error;
        return false;
      }
    },

    /** Adds deliveries to a trip that is unchanged, open and has room. Returns the updated trip; null when
     * the condition fails or one of the orders is on a trip. */
    async join(
      trip: TripDocument,
      joining: Omit<TripDelivery, "slot">[],
      sequence: string[],
    ): Promise<TripDocument | null> {
      const { restaurantId } = trip;
      const size = trip.deliveries.length;
      if (trip.liveOrderIds.length + joining.length > trip.capacity || size + joining.length > SLOTS_MAX)
        return null;
      const added = joining.map((delivery, i) => ({ ...delivery, slot: size + i }));
      const orderIds = joining.map(({ orderId }) => orderId);
      try {
        return await trips.findOneAndUpdate(
          { ...byId(trip._id), version: trip.version, live: true, open: true },
          {
            $push: { deliveries: { $each: added }, liveOrderIds: { $each: orderIds } },
            // An older version began the trip.
            $set: { sequence, ...(trip.shardKey === undefined && restaurantId && shardOf(restaurantId)) },
            $inc: { version: 1 },
          },
          AFTER,
        );
      } catch (error) {
        if (duplicateKeyOf(error) === undefined) throw error;
        return null;
      }
    },

    /** Records that the order is asked for a move of its courier. A pickup closes the trip to further orders. Returns the
     * delivery; undefined when the courier has none that is live and waits for this. */
    async ask(
      deliveryId: string,
      courierId: string,
      to: DeliveryStatus,
      now: Date,
    ): Promise<DeliveryOnTrip | undefined> {
      const isPickup = to === "picked_up";
      const waiting = { deliveryId, live: true, ...(isPickup && { status: "assigned" as const }) };
      const asked = await trips.findOneAndUpdate(
        { ...having(deliveryId), courierId, deliveries: { $elemMatch: waiting } },
        {
          $set: { ...within({ asked: { to, since: now, at: now } }), ...(isPickup && { open: false }) },
          ...(isPickup && { $inc: { closing: 1 } }),
        },
        { ...AFTER, ...itIs(deliveryId) },
      );
      return findOnTrip(asked, deliveryId);
    },

    /** Records another check of that question. Returns false when another process was first. */
    async askAgain(
      { deliveryId, asked }: Pick<TripDelivery, "deliveryId" | "asked">,
      now: Date,
    ): Promise<boolean> {
      const { modifiedCount } = await trips.updateOne(
        { ...having(deliveryId), deliveries: { $elemMatch: { deliveryId, "asked.at": asked?.at } } },
        { $set: { "deliveries.$[it].asked.at": now } },
        itIs(deliveryId),
      );
      return modifiedCount === 1;
    },

    /** After a refused pickup: opens the trip again, unless another pickup of it is under way or done. */
    async reopen(tripId: string): Promise<void> {
      await trips.updateOne({ ...byId(tripId), closing: { $gt: 0 } }, { $inc: { closing: -1 } });
      const isUntouched = { deliveries: { $not: { $elemMatch: { status: "picked_up" } } } };
      await trips.updateOne(
        { ...byId(tripId), live: true, closing: 0, ...isUntouched } as Filter<TripDocument>,
        {
          $set: { open: true },
        },
      );
    },

    /** The trip, if it is live. Joins that have read it before are refused. */
    refuseJoining: (tripId: string) =>
      trips.findOneAndUpdate({ ...byId(tripId), live: true }, { $inc: { version: 1 } }, AFTER),

    /** Stores the first arrival at the restaurant. */
    arriveAtPickup: (tripId: string, now: Date) =>
      trips.updateOne(
        { ...byId(tripId), live: true, arrivedAt: { $exists: false } },
        { $set: { arrivedAt: now }, $inc: { version: 1 } },
      ),

    /** Stores the first arrival at the door. */
    arriveAtDoor: (deliveryId: string, now: Date) =>
      trips.updateOne(
        {
          ...sharded(deliveryId),
          deliveries: { $elemMatch: { deliveryId, status: "picked_up", arrivedAt: { $exists: false } } },
        },
        { $set: { "deliveries.$.arrivedAt": now }, $inc: { version: 1 } },
      ),

    /** The delivery after this progress; undefined when it has a newer version or has ended. */
    async follow(
      deliveryId: string,
      progress: OrderProgress,
      now: Date,
      endedNear?: LastPosition,
    ): Promise<DeliveryOnTrip | undefined> {
      const { orderId, status, orderVersion, ready, readyAt, reason, declined } = progress;
      const behind = {
        ...{ deliveryId, orderId, live: true },
        status: { $in: [status, ...before(status)] },
        orderVersion: { $lt: orderVersion },
      };
      // Named once more, since not every server finds an index inside of $elemMatch.
      const filter: Filter<TripDocument> = {
        ...having(deliveryId),
        deliveries: { $elemMatch: behind },
      };
      const set = within({
        ...{ status, orderVersion, ready, live: isLive(status) },
        ...(readyAt && { readyAt: new Date(readyAt) }),
        ...(reason && { reason }),
        ...(declined && { declined }),
        ...(endedNear && { endedNear }),
      });
      // A later message with the same status does not change the first time.
      const min = within(timeOf(status, now)) as Record<string, Date>;
      const changed = isLive(status)
        ? await trips.findOneAndUpdate(
            filter,
            {
              $set: { ...set, ...(status === "picked_up" && { open: false }) },
              $min: min,
              $inc: { version: 1 },
            },
            { ...AFTER, ...itIs(deliveryId) },
          )
        : await end(filter, set, min, { orderId, deliveryId }, now);
      return findOnTrip(changed, deliveryId);
    },
  };
}

const AFTER = { returnDocument: "after" } as const;
