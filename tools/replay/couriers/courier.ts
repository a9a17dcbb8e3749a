// What every courier can do, whatever it is for: be on duty or not, be somewhere and go somewhere else, hear news.
import { alongTheWay, type Spot, travelMinutes } from "../../day/plane.ts";
import type { ApiCall } from "../api.ts";
import type { CourierRecord } from "../book.ts";
import { Session } from "../session.ts";
import { accountOf, type Company, jittered, type Stage } from "../stage.ts";
import { type Bell, makeBell } from "./bell.ts";

export interface Courier {
  session: Session;
  courierId: string;
  record: CourierRecord;
  spot: Spot;
  reportedAt: number;
  /** Rung when something has changed for this courier. */
  bell: Bell;
  /** The courier's news are coming in: who hears them need not ask. */
  hears: boolean;
  /** Since when there is an assignment for an order that nobody is known to have placed. */
  puzzledAt?: number;
}

/** With room for three orders, as in the simulator. */
const VEHICLE = "scooter";

export async function registerCourier(company: Company, record: CourierRecord): Promise<Courier> {
  const { id, spot } = record.courier;
  const account = accountOf(company, "delivery", id);
  const profile = { name: `Courier ${id}`, phone: "+49 30 7654321", vehicle: VEHICLE };
  const session = await Session.register(company.api, account, "/v1/couriers", profile);
  const path = "/v1/couriers/me";
  const { courierId } = await session.require<{ courierId: string }>({ method: "GET", path });
  return { session, courierId, record, spot, reportedAt: 0, bell: makeBell(), hears: false };
}

export async function setAvailable({ session }: Courier, available: boolean): Promise<boolean> {
  const path = "/v1/couriers/me/availability";
  return (await session.send({ method: "PUT", path, body: { available } })).ok;
}

export async function reportLocation({ plane }: Pick<Stage, "plane">, courier: Courier) {
  courier.reportedAt = performance.now();
  const body = { location: plane.toLocation(courier.spot) };
  await courier.session.send({ method: "PUT", path: "/v1/couriers/me/location", body });
}

/** Goes there in a straight line, reporting where it is. False when `goesOn` ended it on the way. */
export async function travel(
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
  // Nobody at the restaurant or door waits for this to arrive.
  void reportLocation(stage, courier);
  return true;
}

const AGAIN_AFTER_MS = 1000;

/** Listens for the courier's news until `signal` says that it is enough. */
export async function hearNews({ clock }: Stage, courier: Courier, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await courier.session.listen({ path: "/v1/deliveries/events", signal }, () => {
      courier.hears = true;
      courier.bell.ring();
    });
    courier.hears = false;
    if (!signal.aborted) await clock.sleep(jittered(AGAIN_AFTER_MS));
  }
}

const INSIST_TRIES = 5;
/** What has ended, is not ready, or is somebody else's by now. */
const MOVED_ON = [404, 409];

/** Makes a move, and repeats it when it fails for no reason of its own. */
export async function insist<T>(
  { clock, pace }: Stage,
  { session }: Courier,
  call: Pick<ApiCall, "path" | "body">,
) {
  for (let tries = 1; ; tries++) {
    const answer = await session.send<T>({ method: "POST", expected: MOVED_ON, ...call });
    if (answer.ok || tries === INSIST_TRIES || (answer.status >= 400 && answer.status < 500)) return answer;
    await clock.sleep(jittered(pace.pollMs));
  }
}
