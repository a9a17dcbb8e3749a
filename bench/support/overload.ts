// A platform under three times its capacity. Capacity and overload are measured in one run, as ratios.
import { newCustomer, openRestaurant } from "../../e2e/actors.ts";
import type { Platform } from "../../e2e/platform.ts";
import { type Flood, flood } from "./open-loop.ts";
import { cpuMs } from "./process-figures.ts";
import { quantile } from "./report.ts";

export interface Overload {
  /** Orders placed a second by a closed loop. */
  peak: number;
  /** Orders placed a second under three times the peak, over the peak. */
  goodput: number;
  /** Orders placed for each placement and quote that the services behind the first were asked for, over the same at the
   * peak: independent of the machine. Refusals must not reach these services. */
  goodputForCalls: number;
  /** The same for each CPU second of these services: of short waves it varies by a quarter. */
  goodputForCpu: number;
  /** CPU of the customer service for each answer, refusals included, over that for each order at the peak. */
  answerForCpu: number;
  offered: number;
  refused: number;
  refusedP99Ms: number;
  placedP50Ms: number;
  /** Answers other than 201 and 503, and requests without an answer. */
  others: Record<number, number>;
  /** From the end of the overload to the last failure. */
  recoveredAfterSeconds: number;
  /** The largest memory of the customer service under overload, over that at the peak. */
  memoryGrowth: number;
}

const TIMES = 3;
/** Enough that no customer has an unusual number of open orders. */
const CUSTOMERS = 50;
const AFTER_SECONDS = 10;
/** The least that `goodputForCalls` may be, and the most that `answerForCpu` may be. */
export const GOODPUT_MIN = 0.8;
export const ANSWER_MAX = 1;
/** Of waves that came out wrong because something else used the machine: a fault of the platform is there each time. */
const TRIES_MAX = 4;
/** Longer than the recovery may take. */
export const RECOVERY_MAX_SECONDS = TRIES_MAX * AFTER_SECONDS;
const CALLS = /^http_request_duration_seconds_count.*route="\/internal\/(orders|quotes)"/;
const PLACED = 201;
const REFUSED = 503;

/** Plays until it comes out right, at most TRIES_MAX times. */
async function again<T>(play: (tries: number) => Promise<T>, isRight: (played: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries++) {
    const played = await play(tries);
    if (isRight(played) || tries === TRIES_MAX) return played;
  }
}

export async function overload(platform: Platform, seconds: number): Promise<Overload> {
  const restaurant = await openRestaurant(platform);
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => newCustomer(platform)));
  const requests = customers.map(({ token, addressId }) => ({
    token,
    body: { restaurantId: restaurant.id, addressId, items: [{ dishId: restaurant.dishIds[0], quantity: 1 }] },
  }));
  const crowd = (what: Pick<Flood, "rate" | "atOnce" | "seconds">) =>
    flood({ url: `${platform.urls.customer}/v1/orders`, requests, ...what });
  await crowd({ atOnce: 16, seconds: 1 });
  const door = platform.first.customer;
  const cpuBehind = () =>
    platform.all.reduce((sum, { pid }) => sum + (pid() === door.pid() ? 0 : cpuMs(pid())), 0);
  const callsBehind = async () => {
    const metrics = [platform.first.order, platform.first.restaurant].map(async ({ url }) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text.split("\n").filter((line) => CALLS.test(line));
    });
    return (await Promise.all(metrics)).flat().reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };
  const allOthers: Record<number, number> = {};
  const measured = async (what: Parameters<typeof crowd>[0]) => {
    const [calls, atDoor, behind] = [await callsBehind(), cpuMs(door.pid()), cpuBehind()];
    const { statuses, ...rest } = await crowd(what);
    const { [PLACED]: placed = 0, [REFUSED]: refused = 0, ...others } = statuses;
    for (const [status, count] of Object.entries(others))
      allOthers[Number(status)] = (allOthers[Number(status)] ?? 0) + count;
    return {
      ...{ ...rest, placed, refused },
      doorMs: (cpuMs(door.pid()) - atDoor) / (placed + refused),
      behindMs: (cpuBehind() - behind) / placed,
      callsBehind: ((await callsBehind()) - calls) / placed,
    };
  };
  let [before, largest] = [0, 0];
  const watch = setInterval(async () => {
    largest = Math.max(largest, await door.residentBytes());
  }, 100);
  const waves = async () => {
    const most = await measured({ atOnce: 32, seconds });
    largest = before = await door.residentBytes();
    const flooded = await measured({ rate: TIMES * most.goodPerSecond, seconds });
    const goodputForCalls = most.callsBehind / flooded.callsBehind;
    return { most, flooded, goodputForCalls, answerForCpu: flooded.doorMs / most.doorMs };
  };
  // Three times a peak that was measured while something else needed the machine may be no overload.
  const { most, flooded, goodputForCalls, answerForCpu } = await again(
    waves,
    (played) =>
      played.flooded.refused > played.flooded.placed / 2 &&
      played.goodputForCalls >= GOODPUT_MIN &&
      played.answerForCpu <= ANSWER_MAX,
  );
  const peak = most.goodPerSecond;
  const recover = async (tries: number) => ({
    ...(await crowd({ rate: peak / 2, seconds: AFTER_SECONDS })),
    tries,
  });
  const recovery = await again(recover, ({ lastFailureAt }) => lastFailureAt < AFTER_SECONDS - 1);
  clearInterval(watch);

  return {
    peak,
    goodput: flooded.goodPerSecond / peak,
    goodputForCalls,
    goodputForCpu: most.behindMs / flooded.behindMs,
    answerForCpu,
    offered: flooded.sent,
    refused: flooded.refused,
    refusedP99Ms: quantile(flooded.tookMs[REFUSED] ?? [0], 0.99),
    placedP50Ms: quantile(flooded.tookMs[PLACED] ?? [0], 0.5),
    others: allOthers,
    recoveredAfterSeconds: recovery.lastFailureAt + (recovery.tries - 1) * AFTER_SECONDS,
    memoryGrowth: largest / before,
  };
}
