// When which region has a round: at once when something happens there, a moment later when much happens, again when
// something was held until then, and now and then in any case, since news may have been missed.
// Where orders already wait for couriers, a new one changes nothing unless a courier near it is free: that is asked
// first, so that a flood of orders without couriers costs one small question each, and not a plan each.
import { FreeCourier } from "@food/shared/contracts/delivery";
import { PICKUPS_MAX } from "@food/shared/contracts/trip";
import { outsideRequests } from "@food/shared/observe/request-scope";
import { startTicker } from "@food/shared/process/ticker";
import type { Location } from "@food/shared/values/geo";
import { Value } from "@sinclair/typebox/value";
import type { OrderHead } from "../orders/order.ts";
import { isRegionNear } from "./region.ts";
import { NO_MEMORY, playRound, type RegionMemory, type RoundDeps } from "./round.ts";

export interface Rounds {
  /** An order that waits for a courier was placed or has changed. */
  wake: (order: OrderHead) => void;
  /** A courier has become free. */
  courierFree: (courier: FreeCourier) => void;
  /** Looks at everything that waits, since news may have been missed. */
  lookAround: () => void;
  stop: () => Promise<void>;
}

interface Wanted {
  at: number;
  /** Only if the region is due by then. */
  ifDue: boolean;
  /** Again, should another process be at the region: it may have begun before this came about. */
  insists: boolean;
  /** The orders, with their pickups, for whom alone it is wanted: once they have a courier it is not. */
  pickups?: Map<string, Location> | undefined;
}

interface Turn {
  running?: Promise<void> | undefined;
  wanted?: Wanted | undefined;
  timer?: ReturnType<typeof setTimeout> | undefined;
  /** What happens until then is left to one round. */
  notBefore: number;
  /** When the orders that wait are planned again, whatever happens. */
  dueAt: number;
  memory: RegionMemory;
}

/** Regions that a process plans for at once. */
const AT_ONCE = 8;
/** Between the end of a round and the next one of its region: as long as it took if that was long, so that planning never takes
 * all. */
const PAUSE_MS = { least: 10, most: 1_000, busy: 150 };
const LONG_MS = 100;

/** Undefined for what is no news of ours: nothing that comes through Redis may do harm. */
export function freeCourierIn(message: string): FreeCourier | undefined {
  try {
    const news: unknown = JSON.parse(message);
    return Value.Check(FreeCourier, news) ? news : undefined;
  } catch {
    return undefined;
  }
}

type Want = Partial<Omit<Wanted, "at">> & { inMs?: number };

/** One round for two reasons. What is only wanted if it is due adds nothing to an earlier one. */
function bothOf(one: Wanted, other: Wanted): Wanted {
  if (other.ifDue && one.at <= other.at) return one;
  const pickups = one.pickups && other.pickups && new Map([...one.pickups, ...other.pickups]);
  return {
    at: Math.min(one.at, other.at),
    ifDue: one.ifDue && other.ifDue,
    insists: one.insists || other.insists,
    pickups,
  };
}

/** What is left to be wanted when these orders have got a courier. */
function wantedWithout({ wanted }: Turn, assigned: string[]): Wanted | undefined {
  if (!wanted?.pickups) return wanted;
  for (const orderId of assigned) wanted.pickups.delete(orderId);
  return wanted.pickups.size > 0 ? wanted : undefined;
}

const jittered = (ms: number) => ms * (0.8 + 0.4 * Math.random());

export function startRounds(deps: RoundDeps & { everyMs: number }): Rounds {
  const { orders, regions, deliveries, log, everyMs } = deps;
  const turns = new Map<string, Turn>();
  let running = 0;
  let stopped = false;

  function want(region: string, { inMs = 0, ifDue = false, insists = false, pickups }: Want = {}) {
    if (stopped) return;
    const turn = turns.get(region) ?? { notBefore: 0, dueAt: 0, memory: NO_MEMORY };
    turns.set(region, turn);
    const at = Math.max(performance.now() + inMs, turn.notBefore);
    const { wanted } = turn;
    const added = { at, ifDue, insists, pickups };
    turn.wanted = wanted ? bothOf(wanted, added) : added;
    if (!turn.running && turn.wanted !== wanted) arm(region, turn);
  }

  function arm(region: string, turn: Turn) {
    clearTimeout(turn.timer);
    if (!turn.wanted || stopped) return;
    const inMs = turn.wanted.at - performance.now();
    const beginTurn = () => begin(region, turn);
    if (inMs > 0) turn.timer = setTimeout(outsideRequests(beginTurn), inMs);
    else outsideRequests(beginTurn)();
  }

  function begin(region: string, turn: Turn) {
    if (stopped || turn.running || !turn.wanted) return;
    if (running >= AT_ONCE) {
      const later = () => begin(region, turn);
      turn.timer = setTimeout(outsideRequests(later), PAUSE_MS.least);
      return;
    }
    const { wanted } = turn;
    turn.wanted = undefined;
    running++;
    turn.running = play(region, turn, wanted).finally(() => {
      running--;
      turn.running = undefined;
      if (turn.wanted) arm(region, turn);
      else turns.delete(region);
    });
  }

  /** Whether a courier is free for one of the orders for whom alone a round is wanted. Of too many it is not asked. */
  async function isAnyoneFree(pickups: Location[]): Promise<boolean> {
    if (pickups.length > PICKUPS_MAX) return true;
    return (await deliveries.searchCouriers({ pickups, includeBusy: false })).couriers.length > 0;
  }

  async function play(region: string, turn: Turn, { ifDue, insists, pickups }: Wanted) {
    const began = performance.now();
    try {
      const mayWait = pickups && turn.memory.isScarce && began < turn.dueAt;
      if (mayWait && !(await isAnyoneFree([...pickups.values()]))) {
        rest(turn, performance.now() - began);
        want(region, { inMs: turn.dueAt - performance.now(), ifDue: true });
        return;
      }
      const played = await playRound(deps, region, turn.memory, ifDue);
      if (played) turn.memory = played.memory;
      turn.wanted = wantedWithout(turn, played?.assigned ?? []);
      rest(turn, performance.now() - began);
      if (played?.againInMs !== undefined) {
        turn.dueAt = performance.now() + played.againInMs;
        want(region, { inMs: played.againInMs, ifDue: true });
      }
      if (!played && insists) want(region, { inMs: jittered(PAUSE_MS.busy), insists });
    } catch (err) {
      log.warn({ err, region }, "No round could be made");
      rest(turn, performance.now() - began);
      want(region, { inMs: jittered(everyMs), ifDue: true });
    }
  }

  function rest(turn: Turn, tookMs: number) {
    const pauseMs = tookMs < LONG_MS ? PAUSE_MS.least : Math.min(PAUSE_MS.most, tookMs);
    turn.notBefore = performance.now() + pauseMs;
    if (turn.wanted) turn.wanted.at = Math.max(turn.wanted.at, turn.notBefore);
  }

  function wakeNear(courier: FreeCourier, waiting: Iterable<string>) {
    for (const region of waiting)
      if (isRegionNear(region, courier.location, courier.reachMeters)) want(region);
  }

  const looking = startTicker("regions that wait", everyMs, log, async () => {
    const waiting = await orders.regionsAwaiting();
    if (waiting.length === 0) return;
    for (const region of await regions.dueAmong(waiting, new Date())) want(region, { ifDue: true });
    for (const courier of await deliveries.freeCouriers()) wakeNear(courier, waiting);
  });

  return {
    wake: ({ _id, region, restaurantAddress }) =>
      want(region, { pickups: new Map([[_id, restaurantAddress.location]]), insists: true }),
    // Where others have held orders back, they hear of it, too.
    courierFree: (courier) => wakeNear(courier, [...turns.keys()]),
    lookAround: looking.wake,
    async stop() {
      stopped = true;
      for (const { timer } of turns.values()) clearTimeout(timer);
      await Promise.all([looking.stop(), ...[...turns.values()].map(({ running }) => running)]);
    },
  };
}
