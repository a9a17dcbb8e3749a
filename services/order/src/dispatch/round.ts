// One round of one region, under its lease: read the waiting orders, search couriers, plan, assign, and say when the region
// is due again. Two rounds over the same orders only waste work: the unique indexes of the delivery service and the version
// of the order prevent double assignments.
import type { RepeatedFailures } from "@food/shared/observe/repeated-failures";
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
  outages: RepeatedFailures;
  metrics: DispatchMetrics;
}

/** What a process keeps about a region between its rounds. */
export interface RegionMemory {
  /** The last round held orders. */
  isScarce: boolean;
  /** The next round starts with orders placed at this time, when more orders wait than one round takes. */
  from?: Date | undefined;
  /** The number of consecutive rounds with refusals. */
  refusals: number;
}

export const NO_MEMORY: RegionMemory = { isScarce: false, refusals: 0 };

export interface RoundResult {
  /** Milliseconds until the region is due; undefined when no order waits. */
  againInMs: number | undefined;
  /** Ids of the orders that got a courier. */
  assigned: string[];
  memory: RegionMemory;
}

/** Longer than a round takes, unless its calls time out. A round that outlives it commits nothing more. */
const LEASE_MS = 6_000;
/** The most waiting orders in one round, oldest first. */
const ORDERS_MAX = 300;
/** Planning pauses this often, so that the event loop can serve requests. */
const SLICE_MS = 5;
const PAUSE_MS = { least: 50, refused: 100, failed: 2_000 };

const KEPT_MS = 60_000;

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

/** Extends `assignBy` of orders that are held for an idle courier, so that they do not expire while held. */
async function keepLooking({ orders }: RoundDeps, { hold }: Plan, waiting: OrderHead[]) {
  const soon = Date.now() + KEPT_MS;
  const assignBy = new Map(waiting.map((order) => [order._id, order.assignBy.getTime()]));
  const kept = hold.flatMap(({ orderId, why }) =>
    why === "not_yet" && (assignBy.get(orderId) ?? Infinity) < soon ? orderId : [],
  );
  if (kept.length > 0) await orders.keepLooking(kept, new Date(soon + KEPT_MS));
}

/** The next page, if this page was full and got no courier; otherwise undefined, for the first page. */
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

/** Plays the round, then releases the lease and stores when the region is due again. */
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
    deps.outages.failed("round", { err, region }, "Dispatch round failed; will retry");
  }
  took();
  const dueAt = result.againInMs === undefined ? undefined : new Date(Date.now() + result.againInMs);
  await deps.regions.release(region, until, dueAt);
  return result;
}

/** Plays a round if this process gets the lock and the lease of the region. Returns undefined when another process holds
 * them or, with `ifDue`, when the region is not due. */
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
