// A courier's shift: on duty at the place where it begins, one trip after the other, off duty at its end.
import type { Page } from "@food/shared/values/page";
import { jittered, type Stage } from "../stage.ts";
import { type Courier, hearNews, reportLocation, setAvailable } from "./courier.ts";
import { type Encounters, makeTrip } from "./trips.ts";

const HEARS_EVERY_MS = 5000;

async function takeWork(stage: Stage, courier: Courier, met: Encounters) {
  const { clock, pace } = stage;
  while (clock.now() < courier.record.courier.offMinute) {
    if (await makeTrip(stage, courier, met)) continue;
    if (performance.now() - courier.reportedAt > pace.idleLocationMs) await reportLocation(stage, courier);
    await courier.bell.wait(clock, jittered(courier.hears ? HEARS_EVERY_MS : pace.pollMs));
  }
}

/** One shift. Throws Stopped when the play ends before it. */
export async function workShift(stage: Stage, courier: Courier, met: Encounters): Promise<void> {
  const { clock } = stage;
  const { record } = courier;
  const { onMinute, offMinute } = record.courier;
  await clock.until(onMinute);
  const isEnough = new AbortController();
  const work = async () => {
    await reportLocation(stage, courier);
    await setAvailable(courier, true);
    record.onMinute = clock.now();
    const leave = async () => {
      await clock.until(offMinute);
      return setAvailable(courier, false);
    };
    const [hasLeft] = await Promise.all([leave(), takeWork(stage, courier, met)]);
    if (!hasLeft) await setAvailable(courier, false);
    // What was given away in the last moment goes back.
    while (await makeTrip(stage, courier, met));
    record.offMinute = clock.now();
  };
  await Promise.all([work().finally(() => isEnough.abort()), hearNews(stage, courier, isEnough.signal)]);
}

/** Sends a courier home in the middle of a shift; food that is on its way does not arrive. */
export async function sendHome(courier: Courier): Promise<void> {
  const { session } = courier;
  await setAvailable(courier, false);
  const path = "/v1/deliveries?status=picked_up";
  const carried = await session.send<Page<{ deliveryId: string }>>({ method: "GET", path });
  const body = { reason: "customer_unavailable" };
  for (const { deliveryId } of carried.ok ? carried.body.items : [])
    await session.send({ method: "POST", path: `/v1/deliveries/${deliveryId}/fail`, body });
}
