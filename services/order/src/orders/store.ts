// Orders in MongoDB. Every change is one conditional update of one document: the state it starts from is in the
// filter, and the event and the work for other services that it causes are in the update.
import type { FreeCourier } from "@food/shared/contracts/delivery";
import type { OrderStatus } from "@food/shared/contracts/order";
import { OUTBOX_INDEX } from "@food/shared/outbox/outbox";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { EARTH_RADIUS_METERS, toPoint } from "@food/shared/values/geo";
import type { Db, Filter, Sort } from "mongodb";
import type { Estimate } from "./estimate.ts";
import type { Change, OrderDocument, OrderEvent } from "./order.ts";
import { isFinal, OPEN_STATUSES } from "./status.ts";

export type OrderStore = ReturnType<typeof orderStore>;

export interface ListFilter {
  customerId?: string;
  restaurantId?: string;
  status?: OrderStatus;
  /** Only those that have not ended, oldest first. */
  open?: boolean;
}

/** What an open order holds of a bound: a number that no other open order of this customer, or to this address, has. */
export interface Slots {
  customerSlot: number;
  addressSlot: number;
}

/** The fields that say by when something must have happened. */
export type Deadline = "acceptBy" | "assignBy" | "pickupBy";

const INDEX = { once: "placed_once", customer: "customer_slot", address: "address_slot" } as const;

const NO_SLOTS = { customerSlot: "", addressSlot: "" } as const satisfies Record<keyof Slots, "">;

const holds = (slot: keyof Slots) => ({ [slot]: { $exists: true } });

/** An order that ends gives its slots back in the same write. */
const unsetBy = ({ status, unset = [] }: Change) => {
  const $unset = {
    ...Object.fromEntries(unset.map((field) => [field, ""])),
    ...(isFinal(status) && NO_SLOTS),
  };
  return Object.keys($unset).length > 0 && { $unset };
};

export function orderStore(db: Db) {
  const orders = db.collection<OrderDocument>("orders");

  /** A leased order is not due before the lease is over. */
  const lease = (filter: Filter<OrderDocument>, sort: Sort, until: Date) =>
    orders.findOneAndUpdate(
      { awaitingCourier: true, ...filter },
      { $set: { dispatchDueAt: until, leasedUntil: until } },
      { sort, returnDocument: "before" },
    );

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
          key: { placedAt: 1 },
          name: "awaiting_courier",
          partialFilterExpression: { awaitingCourier: true },
        },
        {
          key: { dispatchDueAt: 1 },
          name: "dispatch_due",
          partialFilterExpression: { awaitingCourier: true },
        },
        {
          key: { pickupPoint: "2dsphere" },
          name: "awaiting_near",
          partialFilterExpression: { awaitingCourier: true },
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

    find: (orderId: string) => orders.findOne({ _id: orderId }),

    findAll: (orderIds: readonly string[]) => orders.find({ _id: { $in: [...orderIds] } }).toArray(),

    findByKey: (customerId: string, idempotencyKey: string) => orders.findOne({ customerId, idempotencyKey }),

    /** Anything but `added` leaves nothing behind. */
    async add(order: OrderDocument): Promise<"added" | "placed_before" | "slot_taken"> {
      try {
        await orders.insertOne(order);
        return "added";
      } catch (error) {
        const index = duplicateKeyOf(error);
        if (index === INDEX.once) return "placed_before";
        if (index === INDEX.customer || index === INDEX.address) return "slot_taken";
        throw error;
      }
    },

    /** The slots that are held by this customer's open orders and by those to this address. */
    async takenSlots(customerId: string, addressKey: string): Promise<Record<keyof Slots, number[]>> {
      const held = async (slot: keyof Slots, owner: Filter<OrderDocument>) => {
        const filter = { ...owner, ...holds(slot) } as Filter<OrderDocument>;
        const holders = await orders
          .find(filter)
          .project<Partial<Slots> & Pick<OrderDocument, "_id" | "status">>({ [slot]: 1, status: 1 })
          .toArray();
        const ended = holders.filter(({ status }) => isFinal(status)).map(({ _id }) => _id);
        // An older version of this service has ended them.
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

    /** From after the cursor on: newest first, or oldest first of what is open. */
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

    /** The oldest of a restaurant's orders with one of these statuses, as versions. */
    oldestVersions: (restaurantId: string, statuses: OrderStatus[], limit: number) =>
      orders
        .find({ restaurantId, status: { $in: statuses } })
        .sort({ _id: 1 })
        .limit(limit)
        .project<Pick<OrderDocument, "_id" | "version">>({ version: 1 })
        .toArray(),

    /** Those of these orders that are the restaurant's, in the order of their placing. */
    findOwn: (restaurantId: string, orderIds: string[]) =>
      orders
        .find({ _id: { $in: orderIds }, restaurantId })
        .sort({ _id: 1 })
        .toArray(),

    /** The changed order, or null when it is no longer as it was read. */
    apply(order: OrderDocument, change: Change, now: Date): Promise<OrderDocument | null> {
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
        at: now,
      };
      const entry = change.inform && {
        id: `${order._id}:${version}`,
        kind: "inform_delivery" as const,
        at: now,
        deliveryId: order.deliveryId,
        progress: { orderId: order._id, orderVersion: version, ...change.inform },
      };
      return orders.findOneAndUpdate(
        { _id: order._id, status: order.status, version: order.version },
        {
          $set: { ...change.set, status: change.status, version, ...(entry && { outboxDueAt: now }) },
          $push: { events: event, ...(entry && { outbox: entry }) },
          ...unsetBy(change),
        },
        { returnDocument: "after" },
      );
    },

    /** The order that needs a courier and has been due for longest, kept for the caller until `until`. As it was
     * before, and null when there is none: so it is with `leaseNear`. */
    leaseDue: (now: Date, until: Date) =>
      lease({ dispatchDueAt: { $lte: now } }, { dispatchDueAt: 1 }, until),

    /** The oldest order within this courier's reach that nobody is at and that they have not declined, due or not. */
    leaseNear: (courier: FreeCourier, exceptIds: string[], now: Date, until: Date) =>
      lease(
        {
          pickupPoint: {
            $geoWithin: {
              $centerSphere: [
                toPoint(courier.location).coordinates,
                courier.reachMeters / EARTH_RADIUS_METERS,
              ],
            },
          },
          leasedUntil: { $not: { $gt: now } },
          "events.actor.id": { $ne: courier.courierId },
          ...(exceptIds.length > 0 && { _id: { $nin: exceptIds } }),
        },
        { placedAt: 1 },
        until,
      ),

    /** Hands a lease back, if it is still the caller's. */
    handBack: (orderId: string, leasedUntil: Date, dispatchDueAt: Date, dispatchTries?: number) =>
      orders.updateOne(
        { _id: orderId, leasedUntil },
        { $set: { dispatchDueAt, ...(dispatchTries && { dispatchTries }) }, $unset: { leasedUntil: "" } },
      ),

    /** Whether any order needs a courier. */
    anyAwaiting: async () =>
      (await orders.findOne({ awaitingCourier: true }, { sort: { placedAt: 1 }, projection: { _id: 1 } })) !==
      null,

    /** Orders whose restaurant has not answered, for which no courier was found, or whose courier has not come, in
     * time. */
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

    /** Moves the estimate of an order that is still as it was read; false when it is not. */
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

    /** Versions and estimates of many orders at once, for those who watch them. */
    versionsOf: (orderIds: string[]) =>
      orders
        .find({ _id: { $in: orderIds } })
        .project<Pick<OrderDocument, "_id" | "version" | "estimatedDeliveryAt" | "estimateReason">>({
          version: 1,
          estimatedDeliveryAt: 1,
          estimateReason: 1,
        })
        .toArray(),
  };
}
