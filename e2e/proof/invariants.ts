// What must be true whatever has happened to the processes, the databases and the network: checked from what the
// databases hold and from what the clients saw. The life of an order is written down here once more, on purpose: a
// checker that asks the code under test what is right finds nothing.
import type { Follower, History, Placement, Sighting } from "./history.ts";
import { deliveriesIn, type Snapshot, type StoredEvent, type StoredOrder } from "./snapshot.ts";
import { oneTripACourier, sharedTrips } from "./trip-invariants.ts";

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
  'orders: {"customerId":1,"idempotencyKey":1} "all"',
  'orders: {"customerId":1,"customerSlot":1} {"customerSlot":{"$exists":true}}',
  'orders: {"addressKey":1,"addressSlot":1} {"addressSlot":{"$exists":true}}',
  'trips: {"deliveries.deliveryId":1} "all"',
  'trips: {"liveOrderIds":1} {"live":true}',
  'trips: {"courierId":1} {"live":true}',
];
/** How many orders may be open at once in a proof. */
export const PER_CUSTOMER = 5;
export const PER_ADDRESS = 20;
/** What a courier does, as the order's history has it. */
const DEEDS: Record<string, string> = {
  pickup: "picked_up",
  deliver: "delivered",
  fail: "failed",
  decline: "courier_released",
};

export const isFinal = (status: string): boolean => PATHS[status]?.length === 0;

/** Each a sentence that begins with the invariant's name; none when all is well. */
export function violations(snapshot: Snapshot, history: History): string[] {
  return [
    ...oneCourierAnOrder(snapshot),
    ...oneTripACourier(snapshot),
    ...sharedTrips(snapshot),
    ...nothingLost(snapshot, history),
    ...noGhosts(snapshot, history),
    ...legalHistories(snapshot),
    ...nothingStuck(snapshot),
    ...trueStreams(snapshot, history),
    ...rightMoney(snapshot, history),
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
export function oneCourierAnOrder({ orders, trips, uniqueIndexes }: Snapshot): string[] {
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

const pictureOf = ({ events }: StoredOrder, version: number): StoredEvent | undefined => events[version - 1];

/** I3. Whatever a client was told to have happened has happened. */
export function nothingLost(
  { orders, trips }: Snapshot,
  { placements, sightings, deeds }: History,
): string[] {
  const deliveries = deliveriesIn(trips);
  const byId = new Map(orders.map((order) => [order._id, order]));
  const found: string[] = [];
  for (const { orderId = "", outcome } of placements)
    if (outcome === "ok" && !byId.has(orderId)) found.push(`I3 ${orderId}: placed and not there`);
  for (const { orderId, version, status, by } of sightings) {
    const order = byId.get(orderId);
    const stored = order && pictureOf(order, version);
    if (stored?.to !== status)
      found.push(`I3 ${orderId}: ${by} saw version ${version} as ${status}, stored is ${stored?.to}`);
  }
  for (const { orderId, deliveryId, courierId, action } of deeds) {
    const type = DEEDS[action];
    const isIt = (event: StoredEvent) =>
      event.type === type && event.actor.id === courierId && (event.deliveryId ?? deliveryId) === deliveryId;
    if (!byId.get(orderId)?.events.some(isIt))
      found.push(`I3 ${orderId}: ${courierId} was told that their ${action} is done, and nothing says so`);
    const again = deliveries.find(
      (one) => one.orderId === orderId && one.courierId === courierId && one.deliveryId !== deliveryId,
    );
    if (action === "decline" && again)
      found.push(`I3 ${orderId}: ${courierId} has declined it and was given it again`);
  }
  return found;
}

/** I4. Every order was asked for, and once under each key; what was refused has left nothing behind. */
export function noGhosts({ orders }: Snapshot, { placements }: History): string[] {
  const keyOf = ({ customerId, key }: Placement) => `${customerId} ${key}`;
  const asked = groupBy(placements, keyOf);
  const found: string[] = [];
  for (const [key, same] of groupBy(orders, (order) => `${order.customerId} ${order.idempotencyKey}`)) {
    const ids = same.map(({ _id }) => _id).join(", ");
    if (same.length > 1) found.push(`I4 one key has placed ${ids}`);
    const tries = asked.get(key);
    if (!tries) found.push(`I4 nobody has asked for ${ids}`);
    else if (tries.every(({ outcome }) => outcome === "refused"))
      found.push(`I4 ${ids} is there and was refused with ${tries[0]?.status}`);
  }
  for (const [key, tries] of asked) {
    const answered = new Set(tries.filter(({ outcome }) => outcome === "ok").map(({ orderId }) => orderId));
    if (answered.size > 1) found.push(`I4 ${key} was answered with ${[...answered].join(" and ")}`);
  }
  return found;
}

/** What happens to its courier or its trip leaves the order where it stands. */
const isStill = (type: string) => type.startsWith("courier_") || type === "trip_changed";

/** I5. Every order's history is a path of the state machine, without a gap in its versions. */
export function legalHistories({ orders }: Snapshot): string[] {
  const found: string[] = [];
  for (const { _id, events, status, version } of orders) {
    const say = (what: string) => found.push(`I5 ${_id}: ${what}`);
    let at: string | null = null;
    events.forEach((event, i) => {
      if (event.sequence !== i + 1) say(`event ${i + 1} has the sequence ${event.sequence}`);
      if (event.from !== at) say(`goes on from ${event.from}, and was ${at}`);
      const legal = at === null ? ["pending"] : isStill(event.type) ? [at] : PATHS[at];
      if (event.to !== at && !legal?.includes(event.to)) say(`goes from ${at} to ${event.to}`);
      at = event.to;
    });
    if (at !== status || events.length !== version)
      say(`is ${status} in version ${version}, and its history says ${at} in ${events.length}`);
  }
  return found;
}

const isPending = ({ outbox, outboxDueAt }: StoredOrder) => outbox.length > 0 || outboxDueAt !== undefined;

/** Whether a delivery that is under way has been told how its order stands. */
const knows = ({ status, ready }: { status: string; ready: boolean }, orderStatus: string) =>
  orderStatus === "ready" ? ready : orderStatus !== "out_for_delivery" || status === "picked_up";

/** I6. Once all is well again and everybody has done their part, everything has come to its end. */
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
        // Before the order knows that it has a courier there is nobody to tell.
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

/** I7. A follower is told what happened: all of it from the first picture on, in order, each once, to the end. */
export function trueStreams({ orders }: Snapshot, { followers }: History): string[] {
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
    const stored = pictureOf(order, id);
    if (stored?.to !== status || (type !== undefined && stored?.type !== type))
      found.push(`was told ${id} ${type ?? event} ${status}, stored is ${stored?.type} ${stored?.to}`);
    if (last !== undefined && id !== last + 1)
      found.push(`was told ${id} after ${last} on connection ${connection}`);
    last = id;
  }
  if (ended === undefined && isFinal(order.status)) found.push("never heard the end");
  if (ended !== undefined && last !== order.version)
    found.push(`heard the end after ${last} of ${order.version}`);
  return found;
}

/** I8. Nobody pays anything else than what the menu said while they ordered, for what was asked for. */
export function rightMoney({ orders }: Snapshot, { placements, sightings, prices }: History): string[] {
  const byId = new Map(orders.map((order) => [order._id, order]));
  const asked = groupBy(placements, ({ customerId, key }) => `${customerId} ${key}`);
  const pricesOf = groupBy(prices, ({ dishId }) => dishId);
  const wrongPrices = ({ items }: StoredOrder, tries: Placement[]) => {
    const from = Math.min(...tries.map((one) => one.from));
    const until = Math.max(...tries.map((one) => one.until));
    return items.filter(
      ({ dishId, unitPriceCents }) =>
        !pricesOf
          .get(dishId)
          ?.some((price) => price.cents === unitPriceCents && price.from <= until && price.until >= from),
    );
  };
  const ofLines = (lines: { dishId: string; quantity: number }[]) =>
    lines.map(({ dishId, quantity }) => `${quantity} ${dishId}`).join(", ");
  const seenOtherwise = ({ orderId, totalCents }: Sighting) => {
    const stored = byId.get(orderId)?.totalCents;
    return totalCents !== undefined && stored !== undefined && totalCents !== stored
      ? [`I8 ${orderId}: shown at ${totalCents}, stored at ${stored}`]
      : [];
  };
  return [
    ...sightings.flatMap(seenOtherwise),
    ...orders.flatMap((order) => {
      const tries = asked.get(`${order.customerId} ${order.idempotencyKey}`) ?? [];
      const [placement] = tries;
      const sum = order.items.reduce((cents, item) => cents + item.quantity * item.unitPriceCents, 0);
      return [
        ...(sum !== order.subtotalCents || sum + order.deliveryFeeCents !== order.totalCents
          ? [`I8 ${order._id}: ${order.totalCents} is not the sum of its parts`]
          : []),
        ...(placement ? wrongPrices(order, tries) : []).map(
          ({ dishId, unitPriceCents }) =>
            `I8 ${order._id}: ${dishId} at ${unitPriceCents}, which it did not cost then`,
        ),
        ...(placement && ofLines(placement.lines) !== ofLines(order.items)
          ? [`I8 ${order._id}: has ${ofLines(order.items)}, asked was ${ofLines(placement.lines)}`]
          : []),
      ];
    }),
  ];
}

/** I9. Open orders hold slots of their customer and their address below the bounds; orders that have ended hold none. */
export function boundedOrders({ orders }: Snapshot): string[] {
  return orders.flatMap(({ _id, status, customerSlot: one = -1, addressSlot: other = -1 }) => {
    const holds = one >= 0 && one < PER_CUSTOMER && other >= 0 && other < PER_ADDRESS;
    const isRight = isFinal(status) ? one < 0 && other < 0 : holds;
    return isRight ? [] : [`I9 ${_id}: is ${status} and holds the slots ${one} and ${other}`];
  });
}
