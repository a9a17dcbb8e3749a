// Orders in MongoDB. Every change is one conditional update of one document. The filter holds the state
// that it starts from. The update holds the event and the outbox entries.
import type { OrderStatus } from "@food/shared/contracts/order";
import { leasedFrom, OUTBOX_INDEX } from "@food/shared/outbox/outbox";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Db, Filter } from "mongodb";
import type { TripPlace } from "../trips/trip-place.ts";
import { entriesOf, notifyWebhooks } from "./entries.ts";
import type { Estimate } from "./estimate.ts";
import type { Change, OrderDocument, OrderEvent, OrderHead } from "./order.ts";
import { isFinal, OPEN_STATUSES } from "./status.ts";

export type OrderStore = ReturnType<typeof orderStore>;

export interface ListFilter {
  customerId?: string;
  restaurantId?: string;
  status?: OrderStatus;
  /** Only open orders, oldest first. */
  open?: boolean;
}

/** The slots of an open order: numbers that no other open order of this customer, or to this address, has. */
export interface Slots {
  customerSlot: number;
  addressSlot: number;
}

/** The deadlines of an order. */
export type Deadline = "acceptBy" | "assignBy" | "pickupBy";

const INDEX = { once: "placed_once", customer: "customer_slot", address: "address_slot" } as const;

const BY_ID = "_id_";

const NO_SLOTS = { customerSlot: "", addressSlot: "" } as const satisfies Record<keyof Slots, "">;

/** Leaves out ids that were made void (outcomes/store.ts). */
const PLACED = { status: { $exists: true } };

const holds = (slot: keyof Slots) => ({ [slot]: { $exists: true } });

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

  return {
    collection: orders,

    ensureIndexes: () =>
      orders.createIndexes([
        { key: { customerId: 1, idempotencyKey: 1 }, name: INDEX.once, unique: true },
        {
          key: { customerId: 1, customerSlot: 1 },
          name: INDEX.customer,
          unique: true,
          partialFilterExpression: holds("customerSlot"),
        },
        {
          key: { addressKey: 1, addressSlot: 1 },
          name: INDEX.address,
          unique: true,
          partialFilterExpression: holds("addressSlot"),
        },
        { key: { customerId: 1, _id: -1 }, name: "customer" },
        { key: { customerId: 1, status: 1, _id: -1 }, name: "customer_status" },
        { key: { restaurantId: 1, _id: -1 }, name: "restaurant" },
        { key: { restaurantId: 1, status: 1, _id: -1 }, name: "restaurant_status" },
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
      ]),

    find: (orderId: string) => orders.findOne({ _id: orderId, ...PLACED }),

    findAll: (orderIds: readonly string[]) =>
      orders.find({ _id: { $in: [...orderIds] }, ...PLACED }).toArray(),

    findByKey: (customerId: string, idempotencyKey: string) => orders.findOne({ customerId, idempotencyKey }),

    /** A new order with the outbox entry of its first event, if any, and the lease of its outbox. */
    withEntries(order: OrderDocument): OrderDocument {
      const [event] = order.events;
      return event && isAwaited(order.restaurantId, event.type)
        ? { ...order, outbox: [notifyWebhooks(order, event)], ...leasedFrom(event.at) }
        : order;
    },

    /** Every outcome except `added` stores nothing. */
    async add(order: OrderDocument): Promise<"added" | "placed_before" | "slot_taken" | "void"> {
      try {
        await orders.insertOne(order);
        return "added";
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === INDEX.once) return "placed_before";
        if (index === BY_ID) return "void";
        if (index === INDEX.customer || index === INDEX.address) return "slot_taken";
        throw error;
      }
    },

    /** The slots of this customer's open orders, and of the open orders to this address. */
    async takenSlots(customerId: string, addressKey: string): Promise<Record<keyof Slots, number[]>> {
      const held = async (slot: keyof Slots, owner: Filter<OrderDocument>) => {
        const filter = { ...owner, ...holds(slot) } as Filter<OrderDocument>;
        const holders = await orders
          .find(filter)
          .project<Partial<Slots> & Pick<OrderDocument, "_id" | "status">>({ [slot]: 1, status: 1 })
          .toArray();
        const ended = holders.filter(({ status }) => isFinal(status)).map(({ _id }) => _id);
        // An older version of this service ended them and kept their slots.
        if (ended.length > 0) await orders.updateMany({ _id: { $in: ended } }, { $unset: NO_SLOTS });
        return holders.flatMap(({ _id, [slot]: number }) =>
          number === undefined || ended.includes(_id) ? [] : number,
        );
      };
      const [customerSlot, addressSlot] = await Promise.all([
        held("customerSlot", { customerId }),
        held("addressSlot", { addressKey }),
      ]);
      return { customerSlot, addressSlot };
    },

    /** From after the cursor: newest first; with `open`, oldest first. */
    list: ({ customerId, restaurantId, status, open }: ListFilter, limit: number, afterId?: string) => {
      const statuses = OPEN_STATUSES.filter((one) => status === undefined || one === status);
      return orders
        .find({
          ...(customerId && { customerId }),
          ...(restaurantId && { restaurantId }),
          ...(open ? { status: { $in: statuses } } : status && { status }),
          ...(afterId && { _id: { [open ? "$gt" : "$lt"]: afterId } }),
        })
        .sort({ _id: open ? 1 : -1 })
        .limit(limit)
        .toArray();
    },

    /** The versions of a restaurant's oldest orders with one of these statuses. */
    oldestVersions: (restaurantId: string, statuses: OrderStatus[], limit: number) =>
      orders
        .find({ restaurantId, status: { $in: statuses } })
        .sort({ _id: 1 })
        .limit(limit)
        .project<Pick<OrderDocument, "_id" | "version">>({ version: 1 })
        .toArray(),

    /** The restaurant's orders among these, oldest first. */
    findOwn: (restaurantId: string, orderIds: string[]) =>
      orders
        .find({ _id: { $in: orderIds }, restaurantId })
        .sort({ _id: 1 })
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
      const entries = [
        ...(isAwaited(order.restaurantId, event.type) ? [notifyWebhooks(order, event)] : []),
        ...entriesOf(order, change, version, now),
      ];
      return orders.findOneAndUpdate(
        { _id: order._id, status: order.status, version: order.version },
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
    regionsAwaiting: (): Promise<string[]> => orders.distinct("region", { awaitingCourier: true }),

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
      orders.updateMany({ _id: { $in: orderIds }, awaitingCourier: true }, { $max: { assignBy } }),

    /** Number of orders placed in this period that need a courier. */
    countAwaiting: (from: Date, until: Date) =>
      orders.countDocuments({ awaitingCourier: true, placedAt: { $gt: from, $lte: until } }),

    /** The fields that the planner reads of orders on a trip. */
    timesOf: (orderIds: string[]) =>
      orders
        .find({ _id: { $in: orderIds }, ...PLACED })
        .project<Pick<OrderDocument, "_id" | "status" | "placedAt" | "readyAt" | "prepMinutes">>({
          ...{ status: 1, placedAt: 1, readyAt: 1, prepMinutes: 1 },
        })
        .toArray(),

    /** All orders of this trip, ended ones included. */
    onTrip: (tripId: string) => orders.find({ "trip.tripId": tripId }).toArray(),

    /** Stores a newer place on the same trip without an event, for an order whose doors before stay the
     * same. */
    setPlace: ({ _id, version }: Pick<OrderDocument, "_id" | "version">, trip: TripPlace) =>
      orders.updateOne(
        { _id, version, "trip.tripId": trip.tripId, "trip.version": { $lte: trip.version } },
        { $set: { trip } },
      ),

    /** Orders whose deadline for an answer, a courier or the pickup has passed. */
    async overdue(now: Date, limit: number): Promise<Record<Deadline, string[]>> {
      const ids = async (filter: Filter<OrderDocument>) =>
        (await orders.find(filter).project<{ _id: string }>({ _id: 1 }).limit(limit).toArray()).map(
          ({ _id }) => _id,
        );
      const [acceptBy, assignBy, pickupBy] = await Promise.all([
        ids({ status: "pending", acceptBy: { $lte: now } }),
        ids({ awaitingCourier: true, assignBy: { $lte: now } }),
        ids({ status: "ready", pickupBy: { $lte: now } }),
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
        { _id, version, estimatedDeliveryAt },
        { $set: estimate },
      );
      return matchedCount === 1;
    },

    /** Versions and estimates of many orders, for their feeds. */
    versionsOf: (orderIds: string[]) =>
      orders
        .find({ _id: { $in: orderIds }, ...PLACED })
        .project<Pick<OrderDocument, "_id" | "version" | "estimatedDeliveryAt" | "estimateReason">>({
          version: 1,
          estimatedDeliveryAt: 1,
          estimateReason: 1,
        })
        .toArray(),
  };
}
