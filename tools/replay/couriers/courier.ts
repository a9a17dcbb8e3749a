// The basic actions of a courier: change duty, report the position, travel, and follow the event stream.
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
  /** Rung when the courier's trip may have changed. */
  bell: Bell;
  /** The event stream is connected, so the courier need not poll. */
  isListening: boolean;
  /** Since when the courier has a trip with an unknown order. */
  unknownOrdersSince?: number;
}

/** It carries three orders, as in the simulator. */
const VEHICLE = "scooter";

export async function registerCourier(company: Company, record: CourierRecord): Promise<Courier> {
  const { id, spot } = record.courier;
  const account = accountOf(company, "delivery", id);
  const profile = { name: `Courier ${id}`, phone: "+49 30 7654321", vehicle: VEHICLE };
  const session = await Session.register(company.api, account, "/v1/couriers", profile);
  const path = "/v1/couriers/me";
  const { courierId } = await session.require<{ courierId: string }>({ method: "GET", path });
  return { session, courierId, record, spot, reportedAt: 0, bell: makeBell(), isListening: false };
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

/** Travels in a straight line and reports positions. Returns false when `goesOn` stopped it on the way. */
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
    // Leaves time for the report at the arrival: the platform drops the second of two reports within a second.
    const reportMinute = clock.now() + clock.minutesIn(pace.locationMs * (1 + Math.random() / 4));
    const isLastPart = reportMinute + clock.minutesIn(pace.locationMs) > arrivalMinute;
    await clock.until(isLastPart ? arrivalMinute : reportMinute);
    const share = Math.min(1, (clock.now() - startMinute) / minutes);
    courier.spot = alongTheWay(from, to, share);
    if (share < 1) await reportLocation(stage, courier);
    if (share < 1 && goesOn && !(await goesOn())) return false;
  }
  courier.spot = to;
  // Not awaited: nothing depends on this report.
  void reportLocation(stage, courier);
  return true;
}

const AGAIN_AFTER_MS = 1000;

/** Follows the courier's event stream until `signal` aborts. */
export async function followEvents({ clock }: Stage, courier: Courier, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await courier.session.listen({ path: "/v1/deliveries/events", signal }, () => {
      courier.isListening = true;
      courier.bell.ring();
    });
    courier.isListening = false;
    if (!signal.aborted) await clock.sleep(jittered(AGAIN_AFTER_MS));
  }
}

const INSIST_TRIES = 5;
/** The delivery has ended, is not ready, or has another courier. */
const REFUSALS = [404, 409];

/** Makes a move, and retries it while the failure is temporary. */
export async function insist<T>(
  { clock, pace }: Stage,
  { session }: Courier,
  call: Pick<ApiCall, "path" | "body">,
) {
  for (let tries = 1; ; tries++) {
    const answer = await session.send<T>({ method: "POST", expected: REFUSALS, ...call });
    if (answer.ok || tries === INSIST_TRIES || (answer.status >= 400 && answer.status < 500)) return answer;
    await clock.sleep(jittered(pace.pollMs));
  }
}
