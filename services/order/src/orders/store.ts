// Orders in MongoDB. Every change is one conditional update of one document. The filter holds the state
// that it starts from. The update holds the event and the outbox entries.
import { causeNow } from "@food/shared/observe/spans";
import { leasedFrom, OUTBOX_INDEX, withTrace } from "@food/shared/outbox/outbox";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { byId, byIds, ofOwner } from "@food/shared/storage/shard-key";
import type { Db, Filter } from "mongodb";
import { allOrders, archiveOf, HISTORY_INDEXES, ONCE, PLACED } from "../archive/store.ts";
import { openOrderStore } from "../placing/store.ts";
import type { TripPlace } from "../trips/trip-place.ts";
import { entriesOf, notifyWebhooks } from "./entries.ts";
import type { Estimate } from "./estimate.ts";
import type { Change, OrderDocument, OrderEvent, OrderHead } from "./order.ts";
import { isFinal, OPEN_STATUSES } from "./status.ts";

export type OrderStore = ReturnType<typeof orderStore>;

/** The deadlines of an order. */
export type Deadline = "acceptBy" | "assignBy" | "pickupBy";

export interface DueOrder {
  orderId: string;
  at: Date;
}

const CUSTOMER = "open_of_customer";
/** Where an older version has made them, until they are dropped. They do not begin with the shard key. */
const OLD = { once: "placed_once", customer: "customer_slot" } as const;

const BY_ID = "_id_";

/** Older versions store an `addressSlot`, too. */
const NO_SLOTS = { customerSlot: "", addressSlot: "" } as const;

/** The first field of an index, which a query has to name, besides the condition of the index
 * (https://www.mongodb.com/docs/manual/core/index-partial/#examples). */
const ANY_REGION = { region: { $gt: "" } } as const;

const HOLDS_SLOT = { customerSlot: { $exists: true } } as const;

/** The write that ends an order also frees its slots. */
const unsetBy = ({ status, unset = [] }: Change) => {
  const $unset = {
    ...Object.fromEntries(unset.map((field) => [field, ""])),
    ...(isFinal(status) && NO_SLOTS),
  };
  return Object.keys($unset).length > 0 && { $unset };
};

/** `isAwaited`: whether webhooks of the restaurant may wait for events of this type. */
export function orderStore(db: Db, isAwaited: (restaurantId: string, type: string) => boolean = () => false) {
  const orders = db.collection<OrderDocument>("orders");
  const archive = archiveOf(db);
  const open = openOrderStore(db);

  return {
    collection: orders,
    ...{ archive, open },
    ...allOrders({ hot: orders, archive }, open.keysOf),

    async ensureIndexes() {
      await archive.createIndexes([...HISTORY_INDEXES]);
      await orders.createIndexes([
        ...HISTORY_INDEXES,
        {
          key: { shardKey: 1, customerId: 1, customerSlot: 1 },
          name: CUSTOMER,
          unique: true,
          partialFilterExpression: HOLDS_SLOT,
        },
        {
          key: { region: 1, placedAt: 1 },
          name: "awaiting_in_region",
          partialFilterExpression: { awaitingCourier: true },
        },
        {
          key: { "trip.tripId": 1 },
          name: "trip",
          partialFilterExpression: { "trip.tripId": { $exists: true } },
        },
        { key: { assignBy: 1 }, name: "assign_by", partialFilterExpression: { awaitingCourier: true } },
        { key: { acceptBy: 1 }, name: "accept_by", partialFilterExpression: { status: "pending" } },
        {
          key: { pickupBy: 1 },
          name: "pickup_by",
          partialFilterExpression: { status: "ready" },
        },
        { ...OUTBOX_INDEX, partialFilterExpression: { outboxDueAt: { $exists: true } } },
      ]);
    },

    /** A new order with its trace, the outbox entry of its first event, if any, and the lease of its outbox. */
    withEntries(order: OrderDocument): OrderDocument {
      const [event] = order.events;
      const trace = causeNow();
      const traced = { ...order, ...(trace && { trace }) };
      return event && isAwaited(order.restaurantId, event.type)
        ? { ...traced, outbox: withTrace([notifyWebhooks(order, event)]), ...leasedFrom(event.at) }
        : traced;
    },

    /** Every outcome except `added` stores nothing. */
    async add(order: OrderDocument): Promise<"added" | "placed_before" | "slot_taken" | "void"> {
      try {
        await orders.insertOne(order);
        return "added";
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === ONCE || index === OLD.once) return "placed_before";
        if (index === BY_ID) return "void";
        if (index === CUSTOMER || index === OLD.customer) return "slot_taken";
        throw error;
      }
    },

    /** The slots of this customer's open orders. */
    async takenSlots(customerId: string): Promise<number[]> {
      const holders = await orders
        .find({ ...ofOwner("customerId", customerId), ...HOLDS_SLOT })
        .project<Pick<OrderDocument, "_id" | "status" | "customerSlot">>({ customerSlot: 1, status: 1 })
        .toArray();
      const ended = holders.filter(({ status }) => isFinal(status)).map(({ _id }) => _id);
      // An older version of this service ended them and kept their slots.
      if (ended.length > 0) await orders.updateMany(byIds(ended), { $unset: NO_SLOTS });
      return holders.flatMap(({ _id, customerSlot }) =>
        customerSlot === undefined || ended.includes(_id) ? [] : customerSlot,
      );
    },

    /** The versions of a restaurant's oldest open orders. */
    oldestVersions: async (restaurantId: string, limit: number) =>
      orders
        .find(
          { restaurantId, ...(await open.keysOf(restaurantId)), status: { $in: OPEN_STATUSES } },
          { hint: "restaurant_status" },
        )
        .sort({ _id: 1 })
        .limit(limit)
        .project<Pick<OrderDocument, "_id" | "version">>({ version: 1 })
        .toArray(),

    /** The changed order; null when it has changed since it was read. */
    apply(order: OrderHead, change: Change, now: Date): Promise<OrderDocument | null> {
      const version = order.version + 1;
      const event: OrderEvent = {
        sequence: version,
        type: change.type,
        from: order.status,
        to: change.status,
        actor: change.actor,
        ...(change.reason && { reason: change.reason }),
        ...(change.prepMinutes && { prepMinutes: change.prepMinutes }),
        ...(change.deliveryId && { deliveryId: change.deliveryId }),
        ...(change.why && { why: change.why }),
        at: now,
      };
      // Before the entries for other services: those may have to wait for theirs.
      const entries = withTrace(
        [
          ...(isAwaited(order.restaurantId, event.type) ? [notifyWebhooks(order, event)] : []),
          ...entriesOf(order, change, version, now),
        ],
        order.trace,
      );
      return orders.findOneAndUpdate(
        { ...byId(order._id), status: order.status, version: order.version },
        {
          $set: {
            ...change.set,
            ...{ status: change.status, version },
            ...(entries.length > 0 && (order.outbox.length > 0 ? { outboxDueAt: now } : leasedFrom(now))),
          },
          $push: { events: event, ...(entries.length > 0 && { outbox: { $each: entries } }) },
          ...unsetBy(change),
        },
        { returnDocument: "after" },
      );
    },

    /** Regions with orders that need a courier. */
    regionsAwaiting: (): Promise<string[]> =>
      orders.distinct("region", { awaitingCourier: true, ...ANY_REGION }),

    /** Orders of a region that need a courier and were placed at `from` or later, oldest first. */
    awaitingIn: (region: string, from: Date | undefined, limit: number) =>
      orders
        .find({ awaitingCourier: true, region, ...(from && { placedAt: { $gte: from } }) })
        .sort({ placedAt: 1 })
        .limit(limit)
        .project<OrderHead>({ events: 0, items: 0, components: 0 })
        .toArray(),

    /** Moves the deadline for finding a courier, never earlier. */
    keepLooking: (orderIds: string[], assignBy: Date) =>
      orders.updateMany({ ...byIds(orderIds), awaitingCourier: true }, { $max: { assignBy } }),

    /** Number of orders placed in this period that need a courier. */
    countAwaiting: (from: Date, until: Date) =>
      orders.countDocuments({ awaitingCourier: true, ...ANY_REGION, placedAt: { $gt: from, $lte: until } }),

    /** The fields that the planner reads of orders on a trip. */
    timesOf: (orderIds: string[]) =>
      orders
        .find({ ...byIds(orderIds), ...PLACED })
        .project<Pick<OrderDocument, "_id" | "status" | "placedAt" | "readyAt" | "prepMinutes">>({
          ...{ status: 1, placedAt: 1, readyAt: 1, prepMinutes: 1 },
        })
        .toArray(),

    /** Those of these orders that are on this trip, ended ones included; by default all of its orders. */
    onTrip: (tripId: string, orderIds?: string[]) =>
      orders.find({ ...(orderIds && byIds(orderIds)), "trip.tripId": tripId }).toArray(),

    /** Stores a newer place on the same trip without an event, for an order whose doors before stay the
     * same. */
    setPlace: ({ _id, version }: Pick<OrderDocument, "_id" | "version">, trip: TripPlace) =>
      orders.updateOne(
        { ...byId(_id), version, "trip.tripId": trip.tripId, "trip.version": { $lte: trip.version } },
        { $set: { trip } },
      ),

    /** Orders whose deadline for an answer, a courier or the pickup is not after `until`, earliest first. */
    async dueUntil(until: Date, limit: number): Promise<Record<Deadline, DueOrder[]>> {
      const due = async (deadline: Deadline, filter: Filter<OrderDocument>) => {
        const found = await orders
          .find({ ...filter, [deadline]: { $lte: until } })
          .project<{ _id: string } & Record<Deadline, Date>>({ [deadline]: 1 })
          .sort({ [deadline]: 1 })
          .limit(limit)
          .toArray();
        return found.map((order) => ({ orderId: order._id, at: order[deadline] }));
      };
      const [acceptBy, assignBy, pickupBy] = await Promise.all([
        due("acceptBy", { status: "pending" }),
        due("assignBy", { awaitingCourier: true }),
        due("pickupBy", { status: "ready" }),
      ]);
      return { acceptBy, assignBy, pickupBy };
    },

    /** Moves the estimate of an unchanged order; false when the order has changed. */
    async setEstimate(
      order: Pick<OrderDocument, "_id" | "version" | "estimatedDeliveryAt">,
      estimate: Estimate,
    ): Promise<boolean> {
      const { _id, version, estimatedDeliveryAt } = order;
      const { matchedCount } = await orders.updateOne(
        { ...byId(_id), version, estimatedDeliveryAt },
        { $set: estimate },
      );
      return matchedCount === 1;
    },

    /** Versions and estimates of many orders, for their feeds. */
    versionsOf: (orderIds: string[]) =>
      orders
        .find({ ...byIds(orderIds), ...PLACED })
        .project<Pick<OrderDocument, "_id" | "version" | "estimatedDeliveryAt" | "estimateReason">>({
          version: 1,
          estimatedDeliveryAt: 1,
          estimateReason: 1,
        })
        .toArray(),
  };
}
