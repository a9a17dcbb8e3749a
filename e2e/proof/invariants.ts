// The invariants of the platform under any faults, checked from the databases and from what the clients saw. The state
// machine of an order is repeated here on purpose: a checker must not use the code under test.
import type { Follower, History, Placement } from "./history.ts";
import { correctTotals } from "./invariants/money.ts";
import { oneTripPerCourier, sharedTrips } from "./invariants/trips.ts";
import { deliveriesIn, type Snapshot, type StoredEvent, type StoredOrder } from "./snapshot.ts";

const PATHS: Record<string, string[]> = {
  pending: ["accepted", "preparing", "rejected", "cancelled"],
  accepted: ["preparing", "ready", "cancelled"],
  preparing: ["ready", "cancelled"],
  ready: ["out_for_delivery", "cancelled"],
  out_for_delivery: ["delivered", "delivery_failed"],
  delivered: [],
  rejected: [],
  cancelled: [],
  delivery_failed: [],
};
const WITH_COURIER = ["out_for_delivery", "delivered", "delivery_failed"];
export const UNIQUE_INDEXES = [
  'orders: {"shardKey":1,"customerId":1,"idempotencyKey":1} "all"',
  'orders: {"shardKey":1,"customerId":1,"customerSlot":1} {"customerSlot":{"$exists":true}}',
  'trips: {"shardKey":1,"deliveries.deliveryId":1} "all"',
  'trips: {"shardKey":1,"liveOrderIds":1} {"live":true}',
];
/** The limits of open orders in a proof. */
export const PER_CUSTOMER = 5;
export const PER_ADDRESS = 20;
/** By courier action: the event that it adds to the order. */
const COURIER_EVENTS: Record<string, string> = {
  pickup: "picked_up",
  deliver: "delivered",
  fail: "failed",
  decline: "courier_released",
};

export const isFinal = (status: string): boolean => PATHS[status]?.length === 0;

/** Returns one sentence for each violation, with the invariant's name first. */
export function violations(snapshot: Snapshot, history: History): string[] {
  return [
    ...oneCourierPerOrder(snapshot),
    ...oneTripPerCourier(snapshot),
    ...sharedTrips(snapshot),
    ...nothingLost(snapshot, history),
    ...onlyRequestedOrders(snapshot, history),
    ...legalHistories(snapshot),
    ...nothingStuck(snapshot),
    ...completeStreams(snapshot, history),
    ...correctTotals(snapshot, history),
    ...boundedOrders(snapshot),
    ...history.complaints.map((complaint) => `client: ${complaint}`),
  ];
}

function groupBy<T>(items: T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** I1. Between an assignment and the release before the next one, an order has exactly one courier. */
export function oneCourierPerOrder({ orders, trips, uniqueIndexes }: Snapshot): string[] {
  const found: string[] = [];
  const deliveries = deliveriesIn(trips);
  const say = (order: StoredOrder, what: string) => found.push(`I1 ${order._id}: ${what}`);
  for (const name of UNIQUE_INDEXES)
    if (!uniqueIndexes.includes(name)) found.push(`I1 the unique index ${name} is missing`);

  const byOrder = groupBy(deliveries, ({ orderId }) => orderId);
  for (const order of orders) {
    const had = new Set<string>();
    let assigned: string | undefined;
    for (const { type, deliveryId = "" } of order.events) {
      if (type === "courier_assigned") {
        if (assigned) say(order, `assigned to ${deliveryId} while ${assigned} has it`);
        if (had.has(deliveryId)) say(order, `assigned twice in the round of ${deliveryId}`);
        had.add(deliveryId);
        assigned = deliveryId;
      } else if (type === "courier_released") assigned = undefined;
    }
    const kept = (byOrder.get(order._id) ?? []).filter(({ status }) => status !== "released");
    if (kept.length > 1)
      say(order, `is with several couriers: ${kept.map(({ deliveryId }) => deliveryId).join(", ")}`);
    if (!WITH_COURIER.includes(order.status)) continue;
    if (!order.courier || !assigned) say(order, `is ${order.status} without a courier`);
    const [delivery] = kept;
    if (delivery && (delivery.deliveryId !== assigned || delivery.courierId !== order.courier?.courierId))
      say(order, `names ${order.courier?.courierId}, and the delivery ${delivery.courierId}`);
  }
  return found;
}

const eventAt = ({ events }: StoredOrder, version: number): StoredEvent | undefined => events[version - 1];

/** I3. Everything that a client was told is in the stored history. */
export function nothingLost(
  { orders, trips }: Snapshot,
  { placements, sightings, courierActions }: History,
): string[] {
  const deliveries = deliveriesIn(trips);
  const byId = new Map(orders.map((order) => [order._id, order]));
  const found: string[] = [];
  for (const { orderId = "", outcome } of placements)
    if (outcome === "ok" && !byId.has(orderId)) found.push(`I3 ${orderId}: placed, but not stored`);
  for (const { orderId, version, status, by } of sightings) {
    const order = byId.get(orderId);
    const stored = order && eventAt(order, version);
    if (stored?.to !== status)
      found.push(`I3 ${orderId}: ${by} saw version ${version} as ${status}, stored is ${stored?.to}`);
  }
  for (const { orderId, deliveryId, courierId, action } of courierActions) {
    const type = COURIER_EVENTS[action];
    const isIt = (event: StoredEvent) =>
      event.type === type && event.actor.id === courierId && (event.deliveryId ?? deliveryId) === deliveryId;
    if (!byId.get(orderId)?.events.some(isIt))
      found.push(`I3 ${orderId}: ${action} by ${courierId} succeeded, but there is no event of it`);
    const again = deliveries.find(
      (one) => one.orderId === orderId && one.courierId === courierId && one.deliveryId !== deliveryId,
    );
    if (action === "decline" && again) found.push(`I3 ${orderId}: ${courierId} declined it and got it again`);
  }
  return found;
}

/** I4. Every order was requested, once for each key. No refused order is stored. */
export function onlyRequestedOrders({ orders }: Snapshot, { placements }: History): string[] {
  const keyOf = ({ customerId, key }: Placement) => `${customerId} ${key}`;
  const asked = groupBy(placements, keyOf);
  const found: string[] = [];
  for (const [key, same] of groupBy(orders, (order) => `${order.customerId} ${order.idempotencyKey}`)) {
    const ids = same.map(({ _id }) => _id).join(", ");
    if (same.length > 1) found.push(`I4 one key has placed ${ids}`);
    const tries = asked.get(key);
    if (!tries) found.push(`I4 ${ids} was never requested`);
    else if (tries.every(({ outcome }) => outcome === "refused"))
      found.push(`I4 ${ids} is stored, but was refused with ${tries[0]?.status}`);
  }
  for (const [key, tries] of asked) {
    const answered = new Set(tries.filter(({ outcome }) => outcome === "ok").map(({ orderId }) => orderId));
    if (answered.size > 1) found.push(`I4 ${key} was answered with ${[...answered].join(" and ")}`);
  }
  return found;
}

/** Events of the courier or the trip do not change the status. */
const keepsStatus = (type: string) => type.startsWith("courier_") || type === "trip_changed";

/** I5. Every order's history is a path of the state machine, without a gap in its versions. */
export function legalHistories({ orders }: Snapshot): string[] {
  const found: string[] = [];
  for (const { _id, events, status, version } of orders) {
    const say = (what: string) => found.push(`I5 ${_id}: ${what}`);
    let at: string | null = null;
    events.forEach((event, i) => {
      if (event.sequence !== i + 1) say(`event ${i + 1} has the sequence ${event.sequence}`);
      if (event.from !== at) say(`continues from ${event.from}, but was ${at}`);
      const legal = at === null ? ["pending"] : keepsStatus(event.type) ? [at] : PATHS[at];
      if (event.to !== at && !legal?.includes(event.to)) say(`goes from ${at} to ${event.to}`);
      at = event.to;
    });
    if (at !== status || events.length !== version)
      say(`is ${status} in version ${version}, but its history ends with ${at} in ${events.length}`);
  }
  return found;
}

const isPending = ({ outbox, outboxDueAt }: StoredOrder) => outbox.length > 0 || outboxDueAt !== undefined;

/** Whether a live delivery knows the status of its order. */
const knows = ({ status, ready }: { status: string; ready: boolean }, orderStatus: string) =>
  orderStatus === "ready" ? ready : orderStatus !== "out_for_delivery" || status === "picked_up";

/** I6. After the faults, when all actors have finished, every order and delivery has ended. */
export function nothingStuck({ orders, trips, couriers }: Snapshot): string[] {
  const deliveries = deliveriesIn(trips);
  const delivered = groupBy(deliveries, ({ orderId }) => orderId);
  const over = new Set(
    orders.flatMap((order) => (isFinal(order.status) && !isPending(order) ? order._id : [])),
  );
  return [
    ...orders.flatMap((order) => {
      const { _id, status, outbox } = order;
      const last = delivered.get(_id)?.find(({ deliveryId }) => deliveryId === order.deliveryId);
      const should = { delivered: "delivered", delivery_failed: "failed" }[status] ?? "released";
      return [
        ...(isFinal(status) ? [] : [`I6 ${_id}: is still ${status}`]),
        ...(over.has(_id) && last && last.status !== should
          ? [`I6 ${_id}: is ${status}, and its delivery ${last.status}`]
          : []),
        // Until the order knows its courier, it informs no delivery.
        ...(last?.live && !order.awaitingCourier && !isPending(order) && !knows(last, status)
          ? [`I6 ${_id}: is ${status}, and its delivery does not know`]
          : []),
        ...(isPending(order) ? [`I6 ${_id}: ${outbox.length} outbox entries are pending`] : []),
      ];
    }),
    ...deliveries
      .filter(({ live }) => live)
      .map(
        ({ deliveryId, orderId }) =>
          `I6 ${deliveryId}: is live, and its order is ${over.has(orderId) ? "over" : "not"}`,
      ),
    ...couriers
      .filter(({ claim }) => claim)
      .map(({ _id, claim }) => `I6 ${_id}: the courier is still claimed for ${claim?.tripId}`),
  ];
}

/** I7. A follower gets every event from its first snapshot to the end, in order, each once. */
export function completeStreams({ orders }: Snapshot, { followers }: History): string[] {
  const byId = new Map(orders.map((order) => [order._id, order]));
  return followers.flatMap((follower) => {
    const order = byId.get(follower.orderId);
    return order ? streamFaults(follower, order).map((what) => `I7 ${follower.orderId}: ${what}`) : [];
  });
}

function streamFaults({ events, ended }: Follower, order: StoredOrder): string[] {
  const found: string[] = [];
  let last: number | undefined;
  for (const { event, id, status, type, connection } of events) {
    if (id === undefined) continue;
    const stored = eventAt(order, id);
    if (stored?.to !== status || (type !== undefined && stored?.type !== type))
      found.push(`received ${id} ${type ?? event} ${status}, stored is ${stored?.type} ${stored?.to}`);
    if (last !== undefined && id !== last + 1)
      found.push(`received ${id} after ${last} on connection ${connection}`);
    last = id;
  }
  if (ended === undefined && isFinal(order.status)) found.push("its stream did not end");
  if (ended !== undefined && last !== order.version)
    found.push(`its stream ended after ${last} of ${order.version}`);
  return found;
}

/** I9. Open orders hold a slot of their customer below the limit, and are listed at their restaurant and address, within its
 * limit. Ended orders hold no slot. */
export function boundedOrders({ orders, listed }: Snapshot): string[] {
  const open = orders.filter(({ status }) => !isFinal(status));
  const listsOf = (orderId: string) =>
    listed.flatMap((list) => (list.open.some((one) => one.orderId === orderId) ? list._id : []));
  return [
    ...orders.flatMap(({ _id, status, customerSlot: slot = -1 }) =>
      (isFinal(status) ? slot < 0 : slot >= 0 && slot < PER_CUSTOMER)
        ? []
        : [`I9 ${_id}: is ${status} and holds the slot ${slot}`],
    ),
    ...open.flatMap(({ _id, restaurantId }) => {
      const lists = listsOf(_id);
      const isListed = lists.includes(restaurantId) && lists.some((list) => list.startsWith("address:"));
      return isListed ? [] : [`I9 ${_id}: is open, and listed at ${lists.join(" and ") || "nothing"}`];
    }),
    ...[...groupBy(open, ({ addressKey }) => addressKey)].flatMap(([address, there]) =>
      there.length > PER_ADDRESS ? [`I9 ${address}: has ${there.length} open orders`] : [],
    ),
  ];
}
