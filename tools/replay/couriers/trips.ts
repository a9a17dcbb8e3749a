// One trip of a courier: to the restaurant, then with all its food from door to door. Orders join and leave it before the
// pickup. Travel, service times and the last pickup follow the rules of the instances (Reyes et al. 2018, section 2).
import { type Spot, travelMinutes } from "../../day/plane.ts";
import { beginWork, endWork, type OrderRecord } from "../book.ts";
import type { Stage } from "../stage.ts";
import { type Courier, insist, travel } from "./courier.ts";

/** The fields of a stop that a courier needs. */
interface Stop {
  action: "pickup" | "drop_off";
  /** The restaurant's name. */
  name?: string;
  orderIds: string[];
  deliveryIds: string[];
  /** All its food is ready. */
  ready: boolean;
}

/** The remaining stops, in sequence. */
interface Trip {
  tripId: string;
  stops: Stop[];
}

/** The courier's links to restaurants and customers. */
export interface Encounters {
  /** Undefined for a restaurant outside this replay. */
  restaurantSpot: (restaurantName: string) => Spot | undefined;
  /** Asks the customer for the PIN. */
  askPin: (record: OrderRecord) => Promise<string | undefined>;
  /** Called after the hand-over. */
  handedOver: (record: OrderRecord) => Promise<void>;
}

interface Task {
  stage: Stage;
  courier: Courier;
  met: Encounters;
  trip: Trip;
  restaurant: Spot;
  /** All orders that were ever on the trip. */
  records: Set<OrderRecord>;
}

const UNKNOWN_ORDERS_MS_MAX = 30_000;
const UNKNOWN_ORDERS_PAUSE_MS = 20;

const pickupOf = ({ stops }: Trip) => stops.find(({ action }) => action === "pickup");
const dropOffsOf = ({ stops }: Trip) => stops.filter(({ action }) => action === "drop_off");
const ordersOf = ({ stops }: Trip) => [...new Set(stops.flatMap(({ orderIds }) => orderIds))];

/** The stops of orders that the courier has picked up. */
function carriedOf(trip: Trip): Stop[] {
  const waiting = new Set(pickupOf(trip)?.deliveryIds);
  return dropOffsOf(trip).filter(({ deliveryIds }) => !deliveryIds.some((id) => waiting.has(id)));
}

/** Undefined without a trip, or when the call fails. */
async function currentTrip({ session }: Courier): Promise<Trip | undefined> {
  const call = { method: "GET", path: "/v1/couriers/me/trip", expected: [404] } as const;
  const answer = await session.send<Trip>(call);
  return answer.ok ? answer.body : undefined;
}

/** Records the orders that have joined, left or been picked up. */
function note({ stage, courier, records }: Task, trip: Trip | undefined, minute = stage.clock.now()) {
  const { book } = stage;
  const { id } = courier.record.courier;
  const waiting = new Set(trip && pickupOf(trip)?.orderIds);
  const left = new Set(trip && ordersOf(trip));
  for (const orderId of left) {
    const record = book.find(orderId);
    if (!record) continue;
    records.add(record);
    if (record.courier !== id) record.assignedMinute = minute;
    record.courier = id;
    if (waiting.has(orderId) || record.pickedUpMinute !== undefined) continue;
    record.pickedUpMinute = minute;
    if (trip) record.trip = trip.tripId;
  }
  for (const record of records) {
    const isGone = record.orderId !== undefined && !left.has(record.orderId);
    if (!isGone || record.pickedUpMinute !== undefined) continue;
    records.delete(record);
    if (record.courier !== id) continue;
    delete record.courier;
    delete record.assignedMinute;
  }
}

/** Reads and records the trip; undefined when it has ended. */
async function look(task: Task): Promise<Trip | undefined> {
  const trip = await currentTrip(task.courier);
  const same = trip?.tripId === task.trip.tripId ? trip : undefined;
  note(task, same);
  if (same) task.trip = same;
  return same;
}

async function decline({ stage, courier, trip }: Task, deliveryIds: readonly string[]) {
  const isAll = deliveryIds.length === ordersOf(trip).length;
  const paths = isAll
    ? [`/v1/trips/${trip.tripId}/decline`]
    : deliveryIds.map((id) => `/v1/deliveries/${id}/decline`);
  for (const path of paths) {
    const answer = await insist(stage, courier, { path });
    if (answer.ok) courier.record.declined += isAll ? deliveryIds.length : 1;
  }
}

/** Declines what cannot be picked up before the end of the shift. Returns what is left to pick up. */
async function declineLate(
  task: Task,
  trip: Trip | undefined,
  thereMinute: number,
): Promise<Stop | undefined> {
  const pickup = trip && pickupOf(trip);
  if (!pickup) return undefined;
  const { book } = task.stage;
  const { offMinute } = task.courier.record.courier;
  const late = pickup.deliveryIds.filter((_, i) => {
    const readyMinute = book.find(pickup.orderIds[i] ?? "")?.order.readyMinute ?? 0;
    return Math.max(thereMinute, readyMinute) > offMinute;
  });
  if (late.length === 0) return pickup;
  await decline(task, late);
  const left = await look(task);
  return left && pickupOf(left);
}

/** The earliest minute of the courier's pickup. */
function pickupMinuteOf({ stage, courier, restaurant }: Task) {
  const { metersPerMinute, pickupServiceMinutes } = stage.instance;
  const travel = travelMinutes(courier.spot, restaurant, metersPerMinute);
  return stage.clock.now() + travel + pickupServiceMinutes / 2;
}

/** Picks up all orders of the trip. Returns false when not all are ready, or none is left. */
async function takeAll(task: Task): Promise<boolean> {
  const { stage, courier, trip } = task;
  const minute = stage.clock.now();
  const answer = await insist<Trip>(stage, courier, { path: `/v1/trips/${trip.tripId}/pickup` });
  if (!answer.ok) return false;
  note(task, answer.body, minute);
  task.trip = answer.body;
  return true;
}

/** At the end of the shift: picks up each ready order, and declines the others. */
async function takeWhatIsReady(task: Task, pickup: Stop) {
  const { stage, courier, trip } = task;
  const ready = dropOffsOf(trip).flatMap((stop) => (stop.ready ? stop.deliveryIds : []));
  for (const id of pickup.deliveryIds)
    if (ready.includes(id)) await insist(stage, courier, { path: `/v1/deliveries/${id}/pickup` });
  const left = await look(task);
  await decline(task, (left && pickupOf(left)?.deliveryIds) ?? []);
}

const ASK_EVERY_MS = 3000;

/** Travels to the restaurant and picks up the orders when all are ready. Returns false when none is left to deliver. */
async function fetchFood(task: Task): Promise<boolean> {
  const { stage, courier, restaurant } = task;
  const { clock, pace, instance } = stage;
  let askedAt = performance.now();
  const goesOn = async () => {
    if (!courier.bell.hasRung() && performance.now() - askedAt < ASK_EVERY_MS) return true;
    askedAt = performance.now();
    return (await declineLate(task, await look(task), pickupMinuteOf(task))) !== undefined;
  };
  if (!(await travel(stage, courier, restaurant, goesOn))) return false;
  await Promise.all([
    insist(stage, courier, { path: `/v1/trips/${task.trip.tripId}/arrive` }),
    clock.until(clock.now() + instance.pickupServiceMinutes / 2),
  ]);
  while (!(await takeAll(task))) {
    const pickup = await declineLate(task, await look(task), Number.NEGATIVE_INFINITY);
    if (!pickup) break;
    if (clock.now() > courier.record.courier.offMinute) await takeWhatIsReady(task, pickup);
    else await courier.bell.wait(clock, courier.isListening ? ASK_EVERY_MS : pace.pollMs);
  }
  const pickups = [...task.records].flatMap(({ pickedUpMinute }) => pickedUpMinute ?? []);
  if (pickups.length === 0) return false;
  await clock.until(Math.max(...pickups) + instance.pickupServiceMinutes / 2);
  return true;
}

async function bringTo(task: Task, { orderIds, deliveryIds }: Stop) {
  const { stage, courier, met } = task;
  const { clock, book, instance } = stage;
  const record = book.find(orderIds[0] ?? "");
  if (!record) return clock.sleep(UNKNOWN_ORDERS_PAUSE_MS);
  await travel(stage, courier, record.order.spot);
  const waited = clock.until(clock.now() + instance.dropoffServiceMinutes / 2);
  const [pin] = await Promise.all([met.askPin(record), waited]);
  const leaves = clock.until(clock.now() + instance.dropoffServiceMinutes / 2);
  const path = `/v1/deliveries/${deliveryIds[0]}/deliver`;
  const handOver = async () => {
    // Set before the answer: the day may end as soon as the customer sees the delivery.
    record.deliveredMinute = clock.now();
    const answer = await insist(stage, courier, { path, body: { pin } });
    if (!answer.ok) delete record.deliveredMinute;
    await met.handedOver(record);
  };
  await Promise.all([handOver(), leaves]);
}

async function bringFood(task: Task) {
  for (let trip: Trip | undefined = task.trip; trip; trip = await look(task)) {
    const [next] = carriedOf(trip);
    if (!next) return;
    await bringTo(task, next);
  }
}

/** Waits while the trip has orders whose placement this replay does not know yet. Returns whether the caller must look again;
 * false after UNKNOWN_ORDERS_MS_MAX. */
async function awaitUnknownOrders({ stage, courier, trip }: Omit<Task, "restaurant">): Promise<boolean> {
  if (ordersOf(trip).every((orderId) => stage.book.find(orderId))) {
    delete courier.unknownOrdersSince;
    return false;
  }
  courier.unknownOrdersSince ??= performance.now();
  if (performance.now() - courier.unknownOrdersSince > UNKNOWN_ORDERS_MS_MAX) return false;
  await stage.clock.sleep(UNKNOWN_ORDERS_PAUSE_MS);
  return true;
}

/** Makes the courier's current trip. Returns false when there is none. */
export async function makeTrip(stage: Stage, courier: Courier, met: Encounters): Promise<boolean> {
  const trip = await currentTrip(courier);
  if (!trip) return false;
  const begun = { stage, courier, met, trip, records: new Set<OrderRecord>() };
  if (await awaitUnknownOrders(begun)) return true;
  const restaurant = met.restaurantSpot(pickupOf(trip)?.name ?? "");
  const isForeign = courier.unknownOrdersSince !== undefined;
  delete courier.unknownOrdersSince;
  const task = { ...begun, restaurant: restaurant ?? courier.spot };
  if (!restaurant || isForeign) {
    await decline(task, pickupOf(trip)?.deliveryIds ?? []);
    return true;
  }
  note(task, trip);
  if (!(await declineLate(task, trip, pickupMinuteOf(task)))) return true;
  beginWork(courier.record, stage.clock.now());
  if (await fetchFood(task)) await bringFood(task);
  endWork(courier.record, stage.clock.now());
  return true;
}
