// A courier's shift: on duty at the place where it begins, one delivery after the other, off duty at its end.
// Travel, service times and the last pickup follow the rules of the instances (Reyes et al. 2018, section 2).
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Page } from "@food/shared/values/page";
import { alongTheWay, type Spot, travelMinutes } from "../day/plane.ts";
import type { ApiCall } from "./api.ts";
import { beginWork, type CourierRecord, endWork, type OrderRecord } from "./book.ts";
import { Session } from "./session.ts";
import { accountOf, type Company, jittered, type Stage } from "./stage.ts";

/** What a courier needs to know of a delivery. */
interface Delivery {
  deliveryId: string;
  orderId: string;
  status: DeliveryStatus;
  pickup: { name: string };
  /** The food stands ready. */
  ready: boolean;
}

export interface Courier {
  session: Session;
  courierId: string;
  record: CourierRecord;
  spot: Spot;
  reportedAt: number;
  /** Since when there is an assignment for an order that nobody is known to have placed. */
  puzzledAt?: number;
}

/** The people a courier meets. */
export interface Encounters {
  /** Undefined for a restaurant of somebody else. */
  restaurantSpot: (restaurantName: string) => Spot | undefined;
  /** At the door. */
  askPin: (record: OrderRecord) => Promise<string | undefined>;
  /** The customer has the food. */
  handedOver: (record: OrderRecord) => Promise<void>;
}

export async function registerCourier(company: Company, record: CourierRecord): Promise<Courier> {
  const { id, spot } = record.courier;
  const account = accountOf(company, "delivery", id);
  const profile = { name: `Courier ${id}`, phone: "+49 30 7654321", vehicle: "bicycle" };
  const session = await Session.register(company.api, account, "/v1/couriers", profile);
  const path = "/v1/couriers/me";
  const { courierId } = await session.require<{ courierId: string }>({ method: "GET", path });
  return { session, courierId, record, spot, reportedAt: 0 };
}

async function setAvailable({ session }: Courier, available: boolean): Promise<boolean> {
  const path = "/v1/couriers/me/availability";
  return (await session.send({ method: "PUT", path, body: { available } })).ok;
}

async function reportLocation({ plane }: Stage, courier: Courier) {
  courier.reportedAt = performance.now();
  const body = { location: plane.toLocation(courier.spot) };
  await courier.session.send({ method: "PUT", path: "/v1/couriers/me/location", body });
}

async function findDelivery(
  { session }: Courier,
  status: "assigned" | "picked_up",
): Promise<Delivery | undefined> {
  const path = `/v1/deliveries?status=${status}`;
  const answer = await session.send<Page<Delivery>>({ method: "GET", path });
  return answer.ok ? answer.body.items[0] : undefined;
}

async function look({ session }: Courier, { deliveryId }: Delivery): Promise<Delivery | undefined> {
  const answer = await session.send<Delivery>({ method: "GET", path: `/v1/deliveries/${deliveryId}` });
  return answer.ok ? answer.body : undefined;
}

async function decline({ session, record }: Courier, { deliveryId }: Delivery) {
  const path = `/v1/deliveries/${deliveryId}/decline`;
  const answer = await session.send({ method: "POST", path, expected: [409] });
  if (answer.ok) record.declined++;
}

/** Goes there in a straight line, reporting where it is. False when `goesOn` ended it on the way. */
async function travel(
  stage: Stage,
  courier: Courier,
  to: Spot,
  goesOn?: () => Promise<boolean>,
): Promise<boolean> {
  const { clock, pace, instance } = stage;
  const from = courier.spot;
  const startMinute = clock.now();
  const minutes = travelMinutes(from, to, instance.metersPerMinute);
  const arrivalMinute = startMinute + minutes;
  while (clock.now() < arrivalMinute) {
    // The arrival is to be the next report: of two within a second the platform drops one.
    const reportMinute = clock.now() + clock.minutesIn(pace.locationMs * (1 + Math.random() / 4));
    const isLastPart = reportMinute + clock.minutesIn(pace.locationMs) > arrivalMinute;
    await clock.until(isLastPart ? arrivalMinute : reportMinute);
    const share = Math.min(1, (clock.now() - startMinute) / minutes);
    courier.spot = alongTheWay(from, to, share);
    if (share < 1) await reportLocation(stage, courier);
    if (share < 1 && goesOn && !(await goesOn())) return false;
  }
  courier.spot = to;
  await reportLocation(stage, courier);
  return true;
}

/** The earliest minute in which this courier can take the food. */
function earliestPickup(
  { clock, instance }: Stage,
  { spot }: Courier,
  restaurant: Spot,
  readyMinute: number,
) {
  const { metersPerMinute, pickupServiceMinutes } = instance;
  const thereMinute = clock.now() + travelMinutes(spot, restaurant, metersPerMinute);
  return Math.max(thereMinute + pickupServiceMinutes / 2, readyMinute);
}

const INSIST_TRIES = 5;

/** Repeats a move that failed for no reason of its own. */
async function insist({ clock, pace }: Stage, { session }: Courier, call: Pick<ApiCall, "path" | "body">) {
  for (let tries = 1; ; tries++) {
    const answer = await session.send({ method: "POST", expected: [409], ...call });
    if (answer.ok || tries === INSIST_TRIES || (answer.status >= 400 && answer.status < 500)) return answer;
    await clock.sleep(jittered(pace.pollMs));
  }
}

/** Waits for the food and takes it. False when the delivery was released, or the shift ended before. */
async function pickUp(stage: Stage, courier: Courier, delivery: Delivery): Promise<boolean> {
  const { clock, pace } = stage;
  for (;;) {
    const now = await look(courier, delivery);
    if (now && now.status !== "assigned") return now.status === "picked_up";
    if (now?.ready) {
      const answer = await insist(stage, courier, { path: `/v1/deliveries/${delivery.deliveryId}/pickup` });
      if (answer.ok) return true;
    }
    if (clock.now() > courier.record.courier.offMinute) {
      await decline(courier, delivery);
      return false;
    }
    await clock.sleep(jittered(pace.pollMs));
  }
}

const LOOKS_ON_THE_WAY_EVERY_MS = 3000;

async function fetchFood(stage: Stage, courier: Courier, delivery: Delivery, record: OrderRecord, at: Spot) {
  const { clock, instance } = stage;
  let lookedAt = performance.now();
  const isStillMine = async () => {
    if (performance.now() - lookedAt < LOOKS_ON_THE_WAY_EVERY_MS) return true;
    lookedAt = performance.now();
    const now = await look(courier, delivery);
    return now === undefined || now.status === "assigned";
  };
  const isThere = await travel(stage, courier, at, isStillMine);
  if (isThere) await clock.until(clock.now() + instance.pickupServiceMinutes / 2);
  if (!isThere || !(await pickUp(stage, courier, delivery))) {
    if (record.courier === courier.record.courier.id) {
      delete record.courier;
      delete record.assignedMinute;
    }
    return false;
  }
  record.pickedUpMinute = clock.now();
  await clock.until(clock.now() + instance.pickupServiceMinutes / 2);
  return true;
}

async function bringFood(
  stage: Stage,
  courier: Courier,
  { deliveryId }: Delivery,
  record: OrderRecord,
  met: Encounters,
) {
  const { clock, instance } = stage;
  await travel(stage, courier, record.order.spot);
  await clock.until(clock.now() + instance.dropoffServiceMinutes / 2);
  const pin = await met.askPin(record);
  const answer = await insist(stage, courier, {
    path: `/v1/deliveries/${deliveryId}/deliver`,
    body: { pin },
  });
  if (answer.ok) record.deliveredMinute = clock.now();
  await met.handedOver(record);
  await clock.until(clock.now() + instance.dropoffServiceMinutes / 2);
}

const PUZZLED_MS_MAX = 30_000;

/** One delivery from the moment the courier hears of it. */
async function carry(stage: Stage, courier: Courier, delivery: Delivery, met: Encounters): Promise<void> {
  const { clock, book, pace } = stage;
  const restaurant = met.restaurantSpot(delivery.pickup.name);
  if (!restaurant) return decline(courier, delivery);
  const record = book.find(delivery.orderId);
  if (!record) {
    // The courier may hear of an order before its customer has the answer to placing it.
    courier.puzzledAt ??= performance.now();
    if (performance.now() - courier.puzzledAt < PUZZLED_MS_MAX) return clock.sleep(pace.pollMs / 4);
    delete courier.puzzledAt;
    return decline(courier, delivery);
  }
  delete courier.puzzledAt;

  const { id, offMinute } = courier.record.courier;
  if (earliestPickup(stage, courier, restaurant, record.order.readyMinute) > offMinute)
    return decline(courier, delivery);
  beginWork(courier.record, clock.now());
  record.courier = id;
  record.assignedMinute = clock.now();
  if (await fetchFood(stage, courier, delivery, record, restaurant))
    await bringFood(stage, courier, delivery, record, met);
  endWork(courier.record, clock.now());
}

async function takeWork(stage: Stage, courier: Courier, met: Encounters) {
  const { clock, pace } = stage;
  while (clock.now() < courier.record.courier.offMinute) {
    const delivery = await findDelivery(courier, "assigned");
    if (delivery) await carry(stage, courier, delivery, met);
    else if (performance.now() - courier.reportedAt > pace.idleLocationMs)
      await reportLocation(stage, courier);
    // Who has just become free is likely to be offered the next one.
    await clock.sleep(jittered(delivery ? pace.pollMs / 4 : pace.pollMs));
  }
}

/** One shift. Throws Stopped when the play ends before it. */
export async function workShift(stage: Stage, courier: Courier, met: Encounters): Promise<void> {
  const { clock } = stage;
  const { record } = courier;
  const { onMinute, offMinute } = record.courier;
  await clock.until(onMinute);
  await reportLocation(stage, courier);
  await setAvailable(courier, true);
  record.onMinute = clock.now();
  const leave = async () => {
    await clock.until(offMinute);
    return setAvailable(courier, false);
  };
  const [hasLeft] = await Promise.all([leave(), takeWork(stage, courier, met)]);
  if (!hasLeft) await setAvailable(courier, false);
  const late = await findDelivery(courier, "assigned");
  if (late) await decline(courier, late);
  record.offMinute = clock.now();
}

/** Sends a courier home in the middle of a shift; food that is on its way does not arrive. */
export async function sendHome(courier: Courier): Promise<void> {
  await setAvailable(courier, false);
  const carried = await findDelivery(courier, "picked_up");
  if (!carried) return;
  const body = { reason: "customer_unavailable" };
  await courier.session.send({ method: "POST", path: `/v1/deliveries/${carried.deliveryId}/fail`, body });
}
