import { type Account, insertAccount } from "@food/shared/accounts/store";
import type { OrderCourier, Vehicle } from "@food/shared/contracts/order";
import { notFound } from "@food/shared/values/errors";
import { fromPoint, type Location, type Point, toPoint } from "@food/shared/values/geo";
import type { Db, Filter } from "mongodb";
import type { ChangeCourier, Courier } from "./schema.ts";
import { noWorkOf } from "./work.ts";

/** Which delivery a courier is taken by. */
export interface Claim {
  deliveryId: string;
  orderId: string;
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

export interface Candidate {
  _id: string;
  name: string;
  vehicle: Vehicle;
  idleSince: Date;
  location: Point;
  locationAt?: Date;
  distanceMeters: number;
}

/** A courier as they are once nobody claims them. */
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

const noSuchCourier = () => notFound("COURIER_NOT_FOUND", "There is no such courier.");
const AS_FREED = {
  returnDocument: "after",
  projection: { available: 1, location: 1, locationAt: 1 },
} as const;

/** Nobody counts as free whose position is older than `positionMaxAgeMs`. */
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
      { _id: courierId },
      { $set: change },
      { returnDocument: "after" },
    );
    if (!changed) throw noSuchCourier();
    return view(changed);
  }

  return {
    collection,

    ensureIndexes: () =>
      collection.createIndexes([
        { key: { location: "2dsphere", available: 1 }, name: "nearby" },
        { key: { claim: 1, idleSince: 1 }, name: "free_since", partialFilterExpression: { available: true } },
        {
          key: { "claim.deliveryId": 1 },
          name: "claim",
          partialFilterExpression: { "claim.deliveryId": { $exists: true } },
        },
        {
          key: { "claim.at": 1 },
          name: "claimed_at",
          partialFilterExpression: { "claim.at": { $exists: true } },
        },
      ]),

    /** Throws 409 when the email address has an account already. */
    add: async (courier: CourierDocument): Promise<Courier> => view(await insertAccount(collection, courier)),

    async get(courierId: string): Promise<Courier> {
      const found = await collection.findOne({ _id: courierId });
      if (!found) throw noSuchCourier();
      return view(found);
    },

    change: (courierId: string, { name, phone, vehicle }: ChangeCourier) =>
      update(courierId, { ...(name && { name }), ...(phone && { phone }), ...(vehicle && { vehicle }) }),

    /** A courier who comes on duty has been idle from then on. */
    async setAvailable(courierId: string, available: boolean, now: Date): Promise<Courier> {
      if (!available) return update(courierId, { available });
      await collection.updateOne(
        { _id: courierId, available: false },
        { $set: { available, idleSince: now } },
      );
      return this.get(courierId);
    },

    /** The courier as it was before; null when a position at least as new is known, or one less than
     * `intervalMs` older. */
    moveTo: (courierId: string, location: Location, locationAt: Date, intervalMs: number) =>
      collection.findOneAndUpdate(
        {
          _id: courierId,
          $or: [
            { locationAt: { $lte: new Date(locationAt.getTime() - intervalMs) } },
            { locationAt: { $exists: false } },
          ],
        },
        { $set: { location: toPoint(location), locationAt } },
        { returnDocument: "before", projection: { claim: 1, available: 1, location: 1, locationAt: 1 } },
      ),

    /** Free couriers within reach, nearest first. */
    nearestFree: (
      from: Location,
      maxMeters: number,
      exceptIds: string[],
      limit: number,
    ): Promise<Candidate[]> =>
      collection
        .aggregate<Candidate>([
          {
            $geoNear: {
              near: toPoint(from),
              key: "location",
              distanceField: "distanceMeters",
              maxDistance: maxMeters,
              query: { ...free(), ...(exceptIds.length > 0 && { _id: { $nin: exceptIds } }) },
              spherical: true,
            },
          },
          { $limit: limit },
          { $project: { name: 1, vehicle: 1, idleSince: 1, location: 1, locationAt: 1, distanceMeters: 1 } },
        ])
        .toArray(),

    /** Whether anybody else is free, wherever they are. */
    async anyFree(exceptIds: string[]): Promise<boolean> {
      const filter = { ...free(), location: { $exists: true }, _id: { $nin: exceptIds } };
      const found = await collection.findOne(filter as Filter<CourierDocument>, { projection: { _id: 1 } });
      return found !== null;
    },

    /** Those who have become free since then and still are, the last of them first: who has been free for longer has been
     * heard of before. */
    freeSince: (since: Date, limit: number): Promise<Freed[]> =>
      collection
        .find({ ...free(), idleSince: { $gte: since }, location: { $exists: true } })
        .sort({ idleSince: -1 })
        .limit(limit)
        .project<Freed>(AS_FREED.projection)
        .toArray(),

    /** False when the courier is not free any more. */
    async claim(courierId: string, claim: Claim): Promise<boolean> {
      const { matchedCount } = await collection.updateOne({ _id: courierId, ...free() }, { $set: { claim } });
      return matchedCount === 1;
    },

    claimedFor: (deliveryId: string) => collection.findOne({ "claim.deliveryId": deliveryId }),

    /** Where whoever is claimed for this delivery was last. */
    async positionFor(deliveryId: string) {
      const { location, locationAt } = (await this.claimedFor(deliveryId)) ?? {};
      return location && locationAt && { location, recordedAt: locationAt };
    },

    /** A courier claimed for this delivery, whom nobody may set free as abandoned from now on: the claim is as if made
     * now. */
    renewClaim: (deliveryId: string, now: Date) =>
      collection.findOneAndUpdate(
        { "claim.deliveryId": deliveryId },
        { $set: { "claim.at": now } },
        { returnDocument: "after" },
      ),

    /** Sets the courier free unless the claim is another one by now, or has been renewed; null when so. */
    abandon: (courierId: string, { deliveryId, at }: Claim, idleSince: Date): Promise<Freed | null> =>
      collection.findOneAndUpdate(
        { _id: courierId, "claim.deliveryId": deliveryId, "claim.at": at },
        { $set: { claim: null, idleSince } },
        AS_FREED,
      ),

    /** Corrects what the courier is said to be busy with. */
    reclaim: (courierId: string, wrong: string, right: Claim) =>
      collection.updateOne({ _id: courierId, "claim.deliveryId": wrong }, { $set: { claim: right } }),

    /** Sets this courier free, if they are still claimed for this delivery. */
    release: (deliveryId: string, courierId: string, idleSince: Date): Promise<Freed | null> =>
      collection.findOneAndUpdate(
        { _id: courierId, "claim.deliveryId": deliveryId },
        { $set: { claim: null, idleSince } },
        AS_FREED,
      ),

    /** Sets free whoever is claimed for this delivery, one after the other. */
    async *releaseAll(deliveryId: string, idleSince: Date): AsyncGenerator<Freed> {
      for (;;) {
        const freed = await collection.findOneAndUpdate(
          { "claim.deliveryId": deliveryId },
          { $set: { claim: null, idleSince } },
          AS_FREED,
        );
        if (!freed) return;
        yield freed;
      }
    },

    /** Claims made in this time, oldest first. */
    claimedBetween: (after: Date, until: Date, limit: number) =>
      collection
        .find({ "claim.at": { $gte: after, $lte: until } })
        .sort({ "claim.at": 1 })
        .limit(limit)
        .project<{ _id: string; claim: Claim }>({ claim: 1 })
        .toArray(),
  };
}
