// A platform under three times its capacity. Capacity and overload are measured in one run, as ratios.
import { newCustomer, openRestaurant } from "../../e2e/actors.ts";
import type { Platform } from "../../e2e/platform.ts";
import { type Flood, flood, type Wave } from "./open-loop.ts";
import { cpuMs } from "./process-figures.ts";
import { quantile } from "./report.ts";

export interface Overload {
  /** Orders placed a second by a closed loop. */
  peak: number;
  /** Orders placed a second under three times the peak, over the peak. */
  goodput: number;
  /** Orders placed for each CPU second of the services behind the first, over the same at the peak: independent of other
   * load on the machine. Refusals must not reach these services. */
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
/** Longer than the recovery may take. */
export const AFTER_SECONDS = 10;
const PLACED = 201;
const REFUSED = 503;

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
  const measured = async (wave: Promise<Wave>) => {
    const [atDoor, behind] = [cpuMs(door.pid()), cpuBehind()];
    const { statuses, ...rest } = await wave;
    const { [PLACED]: placed = 0, [REFUSED]: refused = 0 } = statuses;
    return {
      ...{ ...rest, statuses },
      doorMs: (cpuMs(door.pid()) - atDoor) / (placed + refused),
      behindMs: (cpuBehind() - behind) / placed,
    };
  };
  const most = await measured(crowd({ atOnce: 32, seconds }));
  const peak = most.goodPerSecond;
  const before = await door.residentBytes();
  let largest = before;
  const watch = setInterval(async () => {
    largest = Math.max(largest, await door.residentBytes());
  }, 100);
  const flooded = await measured(crowd({ rate: TIMES * peak, seconds }));
  const after = await crowd({ rate: peak / 2, seconds: AFTER_SECONDS });
  clearInterval(watch);

  const { [PLACED]: _, [REFUSED]: refused = 0, ...rest } = flooded.statuses;
  return {
    peak,
    goodput: flooded.goodPerSecond / peak,
    goodputForCpu: most.behindMs / flooded.behindMs,
    answerForCpu: flooded.doorMs / most.doorMs,
    offered: flooded.sent,
    refused,
    refusedP99Ms: quantile(flooded.tookMs[REFUSED] ?? [0], 0.99),
    placedP50Ms: quantile(flooded.tookMs[PLACED] ?? [0], 0.5),
    others: rest,
    recoveredAfterSeconds: after.lastFailureAt,
    memoryGrowth: largest / before,
  };
}
