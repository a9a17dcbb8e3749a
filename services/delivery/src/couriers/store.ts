import { notDeleted } from "@food/shared/accounts/deletion/deletion";
import { type Account, insertAccount } from "@food/shared/accounts/store";
import { refusedToken } from "@food/shared/auth/tokens";
import type { OrderCourier, Vehicle } from "@food/shared/contracts/order";
import { EARTH_RADIUS_METERS, fromPoint, type Location, type Point, toPoint } from "@food/shared/values/geo";
import type { Db, Filter } from "mongodb";
import type { ChangeCourier, Courier } from "./schema.ts";
import { noWorkOf } from "./work.ts";

/** The trip that claims a courier. */
export interface Claim {
  tripId: string;
  /** The orders whose followers see the courier's position. */
  orderIds: string[];
  at: Date;
}

export interface CourierDocument extends Account {
  name: string;
  phone: string;
  vehicle: Vehicle;
  available: boolean;
  claim: Claim | null;
  /** Since when the courier has been free. */
  idleSince: Date;
  location?: Point;
  locationAt?: Date;
  createdAt: Date;
}

/** A courier whose position is known. */
export type OnDuty = Pick<CourierDocument, "_id" | "name" | "vehicle" | "idleSince" | "claim"> &
  Required<Pick<CourierDocument, "location" | "locationAt">>;

/** The fields that are read of a claimed courier. */
export type Claimed = Pick<
  CourierDocument,
  "_id" | "name" | "vehicle" | "idleSince" | "location" | "locationAt"
>;

/** A courier after the release of the claim. */
export type Freed = Pick<CourierDocument, "_id" | "available" | "location" | "locationAt">;

export type CourierStore = ReturnType<typeof courierStore>;

const viewAt = (courier: CourierDocument, now: Date, positionMaxAgeMs: number): Courier => ({
  courierId: courier._id,
  email: courier.email,
  name: courier.name,
  phone: courier.phone,
  vehicle: courier.vehicle,
  available: courier.available,
  onDelivery: courier.claim !== null,
  ...(courier.location && { location: fromPoint(courier.location) }),
  ...(courier.locationAt && { locationAt: courier.locationAt.toISOString() }),
  createdAt: courier.createdAt.toISOString(),
  ...noWorkOf(courier, now, positionMaxAgeMs),
});

export const courierView = ({
  _id,
  name,
  vehicle,
}: Pick<CourierDocument, "_id" | "name" | "vehicle">): OrderCourier => ({
  courierId: _id,
  name,
  vehicle,
});

const SEEN = { name: 1, vehicle: 1, idleSince: 1, location: 1, locationAt: 1 } as const;
const AS_CLAIMED = { returnDocument: "after", projection: SEEN } as const;
const AS_FREED = {
  returnDocument: "after",
  projection: { available: 1, location: 1, locationAt: 1 },
} as const;

/** A courier whose position is older than `positionMaxAgeMs` does not count as free. */
export function courierStore(db: Db, positionMaxAgeMs: number) {
  const collection = db.collection<CourierDocument>("couriers");
  const view = (courier: CourierDocument) => viewAt(courier, new Date(), positionMaxAgeMs);
  const free = () => ({
    available: true,
    claim: null,
    locationAt: { $gte: new Date(Date.now() - positionMaxAgeMs) },
  });

  async function update(courierId: string, change: Partial<CourierDocument>): Promise<Courier> {
    const changed = await collection.findOneAndUpdate(
      { _id: courierId, ...notDeleted },
      { $set: change },
      { returnDocument: "after" },
    );
    if (!changed) throw refusedToken();
    return view(changed);
  }

  return {
    collection,

    ensureIndexes: () =>
      collection.createIndexes([
        { key: { location: "2dsphere", available: 1 }, name: "nearby" },
        { key: { claim: 1, idleSince: 1 }, name: "free_since", partialFilterExpression: { available: true } },
        {
          key: { "claim.tripId": 1 },
          name: "claimed_by_trip",
          partialFilterExpression: { "claim.tripId": { $exists: true } },
        },
        {
          key: { "claim.at": 1 },
          name: "claimed_at",
          partialFilterExpression: { "claim.at": { $exists: true } },
        },
      ]),

    /** Throws 409 when the email address has an account. */
    add: async (courier: CourierDocument): Promise<Courier> => view(await insertAccount(collection, courier)),

    /** Throws 401 for a deleted courier, whose token has not expired yet. */
    async get(courierId: string): Promise<Courier> {
      const found = await collection.findOne({ _id: courierId, ...notDeleted });
      if (!found) throw refusedToken();
      return view(found);
    },

    change: (courierId: string, { name, phone, vehicle }: ChangeCourier) =>
      update(courierId, { ...(name && { name }), ...(phone && { phone }), ...(vehicle && { vehicle }) }),

    /** Coming on duty starts the idle time. */
    async setAvailable(courierId: string, available: boolean, now: Date): Promise<Courier> {
      if (!available) return update(courierId, { available });
      await collection.updateOne(
        { _id: courierId, available: false, ...notDeleted },
        { $set: { available, idleSince: now } },
      );
      return this.get(courierId);
    },

    /** Returns the courier before the update. Null when the stored position is newer, equally new, or less
     * than `intervalMs` older. */
    moveTo: (courierId: string, location: Location, locationAt: Date, intervalMs: number) =>
      collection.findOneAndUpdate(
        {
          _id: courierId,
          ...notDeleted,
          $or: [
            { locationAt: { $lte: new Date(locationAt.getTime() - intervalMs) } },
            { locationAt: { $exists: false } },
          ],
        },
        { $set: { location: toPoint(location), locationAt } },
        { returnDocument: "before", projection: { claim: 1, available: 1, location: 1, locationAt: 1 } },
      ),

    /** Free couriers within reach whose position is fresh, nearest first. */
    nearestFree: (from: Location, maxMeters: number, limit: number): Promise<OnDuty[]> =>
      collection
        .aggregate<OnDuty>([
          {
            $geoNear: {
              near: toPoint(from),
              key: "location",
              distanceField: "distanceMeters",
              maxDistance: maxMeters,
              query: free(),
              spherical: true,
            },
          },
          { $limit: limit },
          { $project: { ...SEEN, claim: 1 } },
        ])
        .toArray(),

    /** Couriers on duty with a fresh position around a place, unordered; without `includeBusy` only free
     * ones. */
    around: (
      { middle, radiusMeters }: { middle: Location; radiusMeters: number },
      includeBusy: boolean,
      limit: number,
    ): Promise<OnDuty[]> => {
      const { claim, ...onDuty } = free();
      return collection
        .find({
          ...onDuty,
          ...(!includeBusy && { claim }),
          location: {
            $geoWithin: {
              $centerSphere: [toPoint(middle).coordinates, radiusMeters / EARTH_RADIUS_METERS],
            },
          },
        })
        .limit(limit)
        .project<OnDuty>({ ...SEEN, claim: 1 })
        .toArray();
    },

    /** Couriers on duty or on a trip, with a position since `since`; at most `limit` of each. */
    async onDuty(since: Date, limit: number): Promise<OnDuty[]> {
      const read = (filter: Filter<CourierDocument>) =>
        collection
          .find({ ...filter, location: { $exists: true }, locationAt: { $gte: since } })
          .limit(limit)
          .project<OnDuty>({ ...SEEN, claim: 1 })
          .toArray();
      const [idle, busy] = await Promise.all([
        read({ available: true, claim: null }),
        read({ "claim.tripId": { $exists: true } }),
      ]);
      return [...idle, ...busy];
    },

    /** Couriers freed since `since` and still free, most recent first. */
    freeSince: (since: Date, limit: number): Promise<Freed[]> =>
      collection
        .find({ ...free(), idleSince: { $gte: since }, location: { $exists: true } })
        .sort({ idleSince: -1 })
        .limit(limit)
        .project<Freed>(AS_FREED.projection)
        .toArray(),

    /** The claimed courier; null when the courier is not free. */
    claim: (courierId: string, claim: Claim): Promise<Claimed | null> =>
      collection.findOneAndUpdate({ _id: courierId, ...free() }, { $set: { claim } }, AS_CLAIMED),

    /** Updates the orders of the claim, if the courier is still on the trip. */
    nameOrders: (courierId: string, tripId: string, orderIds: string[]) =>
      collection.updateOne(
        { _id: courierId, "claim.tripId": tripId },
        { $set: { "claim.orderIds": orderIds } },
      ),

    find: (courierId: string) => collection.findOne({ _id: courierId }),

    /** The trips that claim these couriers. One has not begun while its assignment is in progress. */
    async tripsOf(courierIds: string[]): Promise<string[]> {
      const claimed = await collection
        .find({ _id: { $in: courierIds }, "claim.tripId": { $exists: true } })
        .project<{ claim: Claim }>({ "claim.tripId": 1 })
        .toArray();
      return claimed.map(({ claim }) => claim.tripId);
    },

    findAll: (courierIds: string[]) => collection.find({ _id: { $in: courierIds } }).toArray(),

    /** Frees the courier if the claim is unchanged; null when it is not. */
    abandon: (courierId: string, { tripId, at }: Claim, idleSince: Date): Promise<Freed | null> =>
      collection.findOneAndUpdate(
        { _id: courierId, "claim.tripId": tripId, "claim.at": at },
        { $set: { claim: null, idleSince } },
        AS_FREED,
      ),

    /** Frees this courier, if this trip still claims them. */
    release: (tripId: string, courierId: string, idleSince: Date): Promise<Freed | null> =>
      collection.findOneAndUpdate(
        { _id: courierId, "claim.tripId": tripId },
        { $set: { claim: null, idleSince } },
        AS_FREED,
      ),

    /** Claims made in this period, oldest first. */
    claimedBetween: (after: Date, until: Date, limit: number) =>
      collection
        .find({ "claim.at": { $gte: after, $lte: until } })
        .sort({ "claim.at": 1 })
        .limit(limit)
        .project<{ _id: string; claim: Claim }>({ claim: 1 })
        .toArray(),
  };
}
