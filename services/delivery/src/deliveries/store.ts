// Deliveries in MongoDB. The unique indexes over those that are live have the last word: one courier an order, one
// order a courier's slot, whatever locks and claims may have said.
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import type { Dropoff } from "@food/shared/contracts/order";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { PostalAddress } from "@food/shared/values/fields";
import type { Point } from "@food/shared/values/geo";
import type { Db, Filter } from "mongodb";
import type { Delivery, DeliveryCursor } from "./schema.ts";
import { before, isLive } from "./status.ts";

export interface DeliveryDocument {
  _id: string;
  orderId: string;
  /** Absent in a delivery that was released before anybody had it. */
  courierId?: string;
  slot: number;
  live: boolean;
  status: DeliveryStatus;
  reason?: string;
  declined?: boolean;
  pickup?: { name: string; address: PostalAddress };
  /** Only while it is live. */
  dropoff?: Dropoff;
  readyAt?: Date;
  ready: boolean;
  distanceMeters: number;
  idleSeconds: number;
  /** The newest state of the order that this delivery has taken in. */
  orderVersion: number;
  assignedAt: Date;
  pickedUpAt?: Date;
  endedAt?: Date;
  /** Where the courier was last known to be when it ended. */
  endedNear?: LastPosition;
}

export interface LastPosition {
  location: Point;
  recordedAt: Date;
}

export type DeliveryStore = ReturnType<typeof deliveryStore>;

const INDEX = { order: "one_live_per_order", slot: "one_live_per_slot" } as const;

/** Why a delivery was not added. */
export type Refusal = "exists" | "order_taken" | "courier_taken";

export const deliveryView = (delivery: DeliveryDocument): Delivery => {
  const { pickup, dropoff, live } = delivery;
  if (!pickup) throw new Error(`Delivery ${delivery._id} never had a courier`);
  return {
    deliveryId: delivery._id,
    orderId: delivery.orderId,
    status: delivery.status,
    ...(delivery.reason && { reason: delivery.reason }),
    pickup,
    ...(live && dropoff && { dropoff }),
    ...(delivery.readyAt && { readyAt: delivery.readyAt.toISOString() }),
    ready: delivery.ready,
    distanceMeters: delivery.distanceMeters,
    idleSeconds: delivery.idleSeconds,
    assignedAt: delivery.assignedAt.toISOString(),
    ...(delivery.pickedUpAt && { pickedUpAt: delivery.pickedUpAt.toISOString() }),
    ...(delivery.endedAt && { endedAt: delivery.endedAt.toISOString() }),
  };
};

const timeOf = (status: DeliveryStatus, at: Date): Partial<DeliveryDocument> =>
  status === "picked_up" ? { pickedUpAt: at } : isLive(status) ? {} : { endedAt: at };

/** `assignedAt` alone bounds what is read of the index. */
function olderThan({ after, at }: DeliveryCursor): Filter<DeliveryDocument> {
  const assignedAt = new Date(at);
  return {
    assignedAt: { $lte: assignedAt },
    $or: [{ assignedAt: { $lt: assignedAt } }, { _id: { $lt: after } }],
  };
}

export function deliveryStore(db: Db) {
  const deliveries = db.collection<DeliveryDocument>("deliveries");
  const whileLive = { partialFilterExpression: { live: true }, unique: true };

  return {
    ensureIndexes: () =>
      deliveries.createIndexes([
        { key: { orderId: 1 }, name: INDEX.order, ...whileLive },
        { key: { courierId: 1, slot: 1 }, name: INDEX.slot, ...whileLive },
        { key: { courierId: 1, status: 1, assignedAt: -1, _id: -1 }, name: "newest_by_status" },
        { key: { courierId: 1, assignedAt: -1, _id: -1 }, name: "newest" },
        { key: { orderId: 1, _id: 1 }, name: "rounds" },
      ]),

    find: (deliveryId: string) => deliveries.findOne({ _id: deliveryId }),

    /** Only this courier's own; a delivery that nobody ever had is nobody's. */
    findOwn: (deliveryId: string, courierId: string) => deliveries.findOne({ _id: deliveryId, courierId }),

    liveOf: (courierId: string) => deliveries.findOne({ courierId, live: true }),

    /** Those assigned last first, from after the cursor on. The id has the time of the order, which may have waited
     * long for its courier. */
    list: (
      courierId: string,
      status: DeliveryStatus | undefined,
      limit: number,
      cursor: DeliveryCursor | undefined,
    ) =>
      deliveries
        .find({ courierId, ...(status && { status }), ...(cursor && olderThan(cursor)) })
        .sort({ assignedAt: -1, _id: -1 })
        .limit(limit)
        .toArray(),

    /** Of these couriers' deliveries those that are live, and these. */
    liveOrKnown: (courierIds: string[], knownIds: string[]) =>
      deliveries
        .find({
          courierId: { $in: courierIds },
          $or: [{ live: true }, { _id: { $in: knownIds } }],
        })
        .sort({ _id: 1 })
        .toArray(),

    /** All rounds of an order. */
    ofOrder: (orderId: string) => deliveries.find({ orderId }).toArray(),

    /** Who has those of these deliveries that are live. */
    async holdersOf(deliveryIds: string[]): Promise<Map<string, string | undefined>> {
      const live = await deliveries
        .find({ _id: { $in: deliveryIds }, live: true })
        .project<{ _id: string; courierId?: string }>({ courierId: 1 })
        .toArray();
      return new Map(live.map(({ _id, courierId }) => [_id, courierId]));
    },

    /** Undefined when it was added. */
    async add(delivery: DeliveryDocument): Promise<Refusal | undefined> {
      try {
        await deliveries.insertOne(delivery);
        return undefined;
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === INDEX.slot) return "courier_taken";
        if (index === INDEX.order) return "order_taken";
        if (index !== undefined) return "exists";
        throw error;
      }
    },

    /** The delivery after this progress, or null when it has taken in something newer, or has ended. */
    follow(deliveryId: string, progress: OrderProgress, now: Date, endedNear?: LastPosition) {
      const { status, orderVersion, ready, readyAt, reason, declined } = progress;
      return deliveries.findOneAndUpdate(
        {
          _id: deliveryId,
          status: { $in: [status, ...before(status)] },
          live: true,
          orderVersion: { $lt: orderVersion },
        },
        {
          $set: {
            status,
            orderVersion,
            ready,
            live: isLive(status),
            ...(readyAt && { readyAt: new Date(readyAt) }),
            ...(reason && { reason }),
            ...(declined && { declined }),
            ...(endedNear && { endedNear }),
          },
          // The first time counts: later news of the same status does not move it.
          $min: timeOf(status, now),
          // Where the customer lives is no longer the courier's business.
          ...(!isLive(status) && { $unset: { dropoff: "" } }),
        },
        { returnDocument: "after" },
      );
    },
  };
}
