// Trips in MongoDB. The unique indexes decide, independent of locks and claims. A courier is on at most one
// live trip, and so is an order. A delivery is on one trip ever.
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Db, Filter, UpdateFilter } from "mongodb";
import type { DeliveryCursor } from "../deliveries/schema.ts";
import { before, isLive } from "../deliveries/status.ts";
import {
  type DeliveryOnTrip,
  deliveriesOn,
  findOnTrip,
  type LastPosition,
  type TripDelivery,
  type TripDocument,
} from "./trip.ts";

export type TripStore = ReturnType<typeof tripStore>;

const INDEX = {
  delivery: "delivery_once",
  order: "one_live_trip_per_order",
  courier: "one_live_trip_per_courier",
} as const;

/** Why a trip was not begun. */
export type Refusal = "exists" | "order_taken" | "courier_taken";

/** Attempts of a conditional write that loses races. */
const TRIES_MAX = 20;
const BUSY = "The trip changed during every attempt: retry";
/** Maximum number of deliveries of a trip, ended ones included. */
const SLOTS_MAX = 64;

const timeOf = (status: DeliveryStatus, at: Date) =>
  status === "picked_up" ? { pickedUpAt: at } : isLive(status) ? {} : { endedAt: at };

/** Fields of the delivery that the array filter `it` names: `$` alone is ambiguous beside a second array in the filter. */
const within = (fields: Partial<TripDelivery>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`deliveries.$[it].${name}`, value]));

/** Newest trip first, then newest delivery first, from after the cursor. */
function olderThan({ at, trip, slot }: DeliveryCursor): Filter<TripDocument> {
  const assignedAt = new Date(at);
  const isSame = slot > 0 ? { $lte: trip } : { $lt: trip };
  return { assignedAt: { $lte: assignedAt }, $or: [{ assignedAt: { $lt: assignedAt } }, { _id: isSame }] };
}

/** The courier must not see the customer's address after the end. */
const GONE = { "deliveries.$[it].dropoff": "" } as const;

export function tripStore(db: Db) {
  const trips = db.collection<TripDocument>("trips");
  const whileLive = { partialFilterExpression: { live: true }, unique: true };

  const findWith = (deliveryId: string) => trips.findOne({ "deliveries.deliveryId": deliveryId });

  /** One conditional write. The filter says whether this is the last live delivery of the trip. */
  async function end(
    filter: Filter<TripDocument>,
    set: Record<string, unknown>,
    min: Record<string, Date>,
    { orderId, deliveryId }: { orderId: string; deliveryId: string },
    now: Date,
  ): Promise<TripDocument | null> {
    const options = { ...AFTER, arrayFilters: [{ "it.deliveryId": deliveryId }] };
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
    throw new Error(BUSY);
  }

  return {
    collection: trips,

    ensureIndexes: () =>
      trips.createIndexes([
        { key: { "deliveries.deliveryId": 1 }, name: INDEX.delivery, unique: true },
        { key: { liveOrderIds: 1 }, name: INDEX.order, ...whileLive },
        { key: { courierId: 1 }, name: INDEX.courier, ...whileLive },
        { key: { courierId: 1, assignedAt: -1, _id: -1 }, name: "newest" },
        { key: { "deliveries.orderId": 1 }, name: "rounds" },
        { key: { assignedAt: 1 }, name: "open_since", partialFilterExpression: { open: true } },
      ]),

    find: (tripId: string) => trips.findOne({ _id: tripId }),

    async findDelivery(deliveryId: string): Promise<DeliveryOnTrip | undefined> {
      return findOnTrip(await findWith(deliveryId), deliveryId);
    },

    /** Finds only this courier's own deliveries, never a tombstone. */
    async findOwn(deliveryId: string, courierId: string): Promise<DeliveryOnTrip | undefined> {
      return findOnTrip(await trips.findOne({ "deliveries.deliveryId": deliveryId, courierId }), deliveryId);
    },

    findOwnTrip: (tripId: string, courierId: string) => trips.findOne({ _id: tripId, courierId }),

    liveOf: (courierId: string) => trips.findOne({ courierId, live: true }),

    liveOfAll: (courierIds: string[]) => trips.find({ courierId: { $in: courierIds }, live: true }).toArray(),

    /** A courier's deliveries, newest trip first. */
    async list(
      courierId: string,
      status: DeliveryStatus | undefined,
      limit: number,
      cursor: DeliveryCursor | undefined,
    ): Promise<DeliveryOnTrip[]> {
      const found = await trips
        .find({
          courierId,
          ...(status && { "deliveries.status": status }),
          ...(cursor && olderThan(cursor)),
        })
        .sort({ assignedAt: -1, _id: -1 })
        // Each trip has at least one to show, except the trip of the cursor.
        .limit(limit + 1)
        .toArray();
      return found
        .flatMap((trip) => deliveriesOn(trip).reverse())
        .filter(({ trip, delivery }) => {
          const isShown = cursor && trip._id === cursor.trip && delivery.slot >= cursor.slot;
          return !isShown && (!status || delivery.status === status);
        })
        .slice(0, limit);
    },

    /** The live deliveries of these couriers, and the deliveries with these ids. */
    async liveOrKnown(courierIds: string[], knownIds: string[]): Promise<DeliveryOnTrip[]> {
      const found = await trips
        .find({
          courierId: { $in: courierIds },
          $or: [{ live: true }, { "deliveries.deliveryId": { $in: knownIds } }],
        })
        .sort({ _id: 1 })
        .toArray();
      const known = new Set(knownIds);
      return found
        .flatMap(deliveriesOn)
        .filter(({ delivery }) => delivery.live || known.has(delivery.deliveryId));
    },

    /** All trips that have, or had, one of these orders: a delivery is always found by its order. */
    withOrders: (orderIds: string[]) => trips.find({ "deliveries.orderId": { $in: orderIds } }).toArray(),

    /** The couriers of those trips that are live. */
    async holdersOf(tripIds: string[]): Promise<Map<string, string | undefined>> {
      const live = await trips
        .find({ _id: { $in: tripIds }, live: true })
        .project<{ _id: string; courierId?: string }>({ courierId: 1 })
        .toArray();
      return new Map(live.map(({ _id, courierId }) => [_id, courierId]));
    },

    /** Open trips that began in this period, oldest first. */
    openBetween: (after: Date, until: Date, limit: number) =>
      trips
        .find({ open: true, assignedAt: { $gte: after, $lte: until } })
        .sort({ assignedAt: 1 })
        .limit(limit)
        .toArray(),

    /** Undefined when the trip has begun. */
    async begin(trip: TripDocument): Promise<Refusal | undefined> {
      try {
        await trips.insertOne(trip);
        return undefined;
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === INDEX.courier) return "courier_taken";
        if (index === INDEX.order) return "order_taken";
        if (index !== undefined) return "exists";
        throw error;
      }
    },

    /** Adds deliveries to a trip that is unchanged, open and has room. Returns the updated trip; null when
     * the condition fails; a refusal when one of the orders is on a trip. */
    async join(
      trip: TripDocument,
      joining: Omit<TripDelivery, "slot">[],
      sequence: string[],
    ): Promise<TripDocument | null | Refusal> {
      const size = trip.deliveries.length;
      if (trip.liveOrderIds.length + joining.length > trip.capacity || size + joining.length > SLOTS_MAX)
        return null;
      const added = joining.map((delivery, i) => ({ ...delivery, slot: size + i }));
      const orderIds = joining.map(({ orderId }) => orderId);
      try {
        return await trips.findOneAndUpdate(
          { _id: trip._id, version: trip.version, live: true, open: true },
          {
            $push: { deliveries: { $each: added }, liveOrderIds: { $each: orderIds } },
            $set: { sequence },
            $inc: { version: 1 },
          },
          AFTER,
        );
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === undefined) throw error;
        return index === INDEX.order ? "order_taken" : "exists";
      }
    },

    /** Closes the trip to further orders while a pickup of it is under way. */
    close: (tripId: string) =>
      trips.updateOne({ _id: tripId, live: true }, { $set: { open: false }, $inc: { closing: 1 } }),

    /** After a refused pickup: opens the trip again, unless another pickup of it is under way or done. */
    async reopen(tripId: string): Promise<void> {
      await trips.updateOne({ _id: tripId, closing: { $gt: 0 } }, { $inc: { closing: -1 } });
      const isUntouched = { deliveries: { $not: { $elemMatch: { status: "picked_up" } } } };
      await trips.updateOne({ _id: tripId, live: true, closing: 0, ...isUntouched } as Filter<TripDocument>, {
        $set: { open: true },
      });
    },

    /** The courier's live trip. Joins that have read it before are refused. */
    refuseJoining: (courierId: string) =>
      trips.findOneAndUpdate({ courierId, live: true }, { $inc: { version: 1 } }, AFTER),

    /** Stores the first arrival at the restaurant. */
    arriveAtPickup: (tripId: string, now: Date) =>
      trips.updateOne(
        { _id: tripId, live: true, arrivedAt: { $exists: false } },
        { $set: { arrivedAt: now }, $inc: { version: 1 } },
      ),

    /** Stores the first arrival at the door. */
    arriveAtDoor: (deliveryId: string, now: Date) =>
      trips.updateOne(
        {
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
        "deliveries.deliveryId": deliveryId,
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
            { ...AFTER, arrayFilters: [{ "it.deliveryId": deliveryId }] },
          )
        : await end(filter, set, min, { orderId, deliveryId }, now);
      return findOnTrip(changed, deliveryId);
    },
  };
}

const AFTER = { returnDocument: "after" } as const;
