// One round of one region, under its lease: read who waits, search couriers, plan, carry the plan out, and say when to look
// again. Two rounds over the same orders waste work and double nothing: the delivery service decides by its unique indexes,
// the order by its version.
import type { Log } from "@food/shared/observe/log";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import type { OrderHead } from "../orders/order.ts";
import { planInSteps } from "../planning/plan.ts";
import type { Plan } from "../planning/problem.ts";
import { inSlices } from "../planning/steps.ts";
import { type CommitDeps, commit } from "./commit.ts";
import { type GatherDeps, type Gathered, gather } from "./gather.ts";
import type { DispatchMetrics } from "./metrics.ts";
import type { RegionStore } from "./store.ts";
import { ROUND_EVERY_MS } from "./terms.ts";

export interface RoundDeps extends GatherDeps, CommitDeps {
  regions: RegionStore;
  locks: Locks;
  log: Log;
  metrics: DispatchMetrics;
}

/** What a process remembers of a region from round to round. */
export interface RegionMemory {
  /** Some orders had to wait in the last round. */
  isScarce: boolean;
  /** Where the next round begins, when too many wait for one. */
  from?: Date | undefined;
  /** Rounds in a row of which something was refused. */
  refusals: number;
}

export const NO_MEMORY: RegionMemory = { isScarce: false, refusals: 0 };

export interface RoundResult {
  /** Milliseconds until the region is due; undefined when no order waits. */
  againInMs: number | undefined;
  /** The orders that were given to somebody. */
  assigned: string[];
  memory: RegionMemory;
}

/** Longer than the calls of a round may take together. */
const LEASE_MS = 6_000;
/** Of those that wait the oldest are planned first. */
const ORDERS_MAX = 300;
/** The event loop has other work. */
const SLICE_MS = 5;
const PAUSE_MS = { least: 50, refused: 100, failed: 2_000 };

const KEPT_MS = 60_000;

/** A few milliseconds at a time. */
function planFor({ planned, now }: Gathered): Promise<Plan> {
  const { orders, couriers, terms } = planned;
  return inSlices(planInSteps(orders, couriers, now, terms), {
    sliceMs: SLICE_MS,
    elapsedMs: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

function nextLook(plan: Plan, refusals: number, isPartial: boolean): number | undefined {
  if (isPartial) return PAUSE_MS.least;
  const looks = plan.hold.map(({ lookAgainAt }) => lookAgainAt - Date.now());
  if (refusals > 0) looks.push(PAUSE_MS.refused * 2 ** Math.min(refusals, 10));
  if (looks.length === 0) return undefined;
  return Math.min(ROUND_EVERY_MS, Math.max(PAUSE_MS.least, Math.min(...looks)));
}

/** An order that is held for a courier who is free is not given up meanwhile. */
async function keepLooking({ orders }: RoundDeps, { hold }: Plan, waiting: OrderHead[]) {
  const soon = Date.now() + KEPT_MS;
  const assignBy = new Map(waiting.map((order) => [order._id, order.assignBy.getTime()]));
  const kept = hold.flatMap(({ orderId, why }) =>
    why === "not_yet" && (assignBy.get(orderId) ?? Infinity) < soon ? orderId : [],
  );
  if (kept.length > 0) await orders.keepLooking(kept, new Date(soon + KEPT_MS));
}

/** The next page when this one could not be helped; from the beginning again when something has changed. */
function nextFrom(waiting: OrderHead[], assigned: number): Date | undefined {
  return waiting.length === ORDERS_MAX && assigned === 0 ? waiting.at(-1)?.placedAt : undefined;
}

async function planAndCommit(
  deps: RoundDeps,
  region: string,
  memory: RegionMemory,
  until: Date,
): Promise<RoundResult> {
  const waiting = await deps.orders.awaitingIn(region, memory.from, ORDERS_MAX);
  if (waiting.length === 0)
    return {
      againInMs: memory.from && PAUSE_MS.least,
      assigned: [],
      memory: { isScarce: false, refusals: 0 },
    };
  const gathered = await gather(deps, waiting, memory.isScarce);
  const plan = await planFor(gathered);
  const mayGoOn = () => Date.now() < until.getTime();
  const done = await commit(deps, plan.assign, waiting, gathered.couriers, mayGoOn);
  await keepLooking(deps, plan, waiting);
  deps.metrics.roundPlayed(region, gathered.free, done);
  const refusals = done.refused > 0 || !mayGoOn() ? memory.refusals + 1 : 0;
  return {
    assigned: done.assigned,
    againInMs: nextLook(plan, refusals, waiting.length === ORDERS_MAX),
    memory: { isScarce: plan.hold.length > 0, from: nextFrom(waiting, done.assigned.length), refusals },
  };
}

/** Under the lease, which is given back with the time at which the region is due again. */
async function playLeased(
  deps: RoundDeps,
  region: string,
  memory: RegionMemory,
  until: Date,
): Promise<RoundResult> {
  let result: RoundResult = { againInMs: PAUSE_MS.failed, assigned: [], memory };
  const took = deps.metrics.startRound();
  try {
    result = await planAndCommit(deps, region, memory, until);
  } catch (err) {
    deps.log.warn({ err, region }, "A round has failed and will be made again");
  }
  took();
  const dueAt = result.againInMs === undefined ? undefined : new Date(Date.now() + result.againInMs);
  await deps.regions.release(region, until, dueAt);
  return result;
}

/** Undefined when somebody else is at this region or, if that is asked, it is not due. */
export async function playRound(
  deps: RoundDeps,
  region: string,
  memory: RegionMemory,
  ifDue: boolean,
): Promise<RoundResult | undefined> {
  const played = await deps.locks.withLock(`region:${region}`, LEASE_MS, async () => {
    const now = new Date();
    const until = new Date(now.getTime() + LEASE_MS);
    const isOurs = await deps.regions.lease(region, now, until, ifDue);
    return isOurs ? playLeased(deps, region, memory, until) : undefined;
  });
  return played === BUSY ? undefined : played;
}
