// A courier's shift: on duty at the start position, one trip after the other, off duty at the end.
import type { Page } from "@food/shared/values/page";
import { jittered, type Stage } from "../stage.ts";
import { type Courier, followEvents, reportLocation, setAvailable } from "./courier.ts";
import { type Encounters, makeTrip } from "./trips.ts";

const HEARS_EVERY_MS = 5000;

async function takeWork(stage: Stage, courier: Courier, met: Encounters) {
  const { clock, pace } = stage;
  while (clock.now() < courier.record.courier.offMinute) {
    if (await makeTrip(stage, courier, met)) continue;
    if (performance.now() - courier.reportedAt > pace.idleLocationMs) await reportLocation(stage, courier);
    await courier.bell.wait(clock, jittered(courier.isListening ? HEARS_EVERY_MS : pace.pollMs));
  }
}

/** Works one shift. Throws Stopped when the clock is stopped before its end. */
export async function workShift(stage: Stage, courier: Courier, met: Encounters): Promise<void> {
  const { clock } = stage;
  const { record } = courier;
  const { onMinute, offMinute } = record.courier;
  await clock.until(onMinute);
  const shiftEnded = new AbortController();
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
    // Handles a trip that was assigned at the last moment.
    while (await makeTrip(stage, courier, met));
    record.offMinute = clock.now();
  };
  await Promise.all([
    work().finally(() => shiftEnded.abort()),
    followEvents(stage, courier, shiftEnded.signal),
  ]);
}

/** Ends a shift early. Picked-up orders fail. */
export async function sendHome(courier: Courier): Promise<void> {
  const { session } = courier;
  await setAvailable(courier, false);
  const path = "/v1/deliveries?status=picked_up";
  const carried = await session.send<Page<{ deliveryId: string }>>({ method: "GET", path });
  const body = { reason: "customer_unavailable" };
  for (const { deliveryId } of carried.ok ? carried.body.items : [])
    await session.send({ method: "POST", path: `/v1/deliveries/${deliveryId}/fail`, body });
}
