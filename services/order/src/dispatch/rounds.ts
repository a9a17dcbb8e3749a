// The scheduler of rounds. A region gets a round at once when something happens in it, and again when a held order is due.
// Events during a round, or shortly after it, share the next round. Every region with waiting orders is also checked
// regularly, because events may be missed.
// In a region where orders are held, a placement first asks for free couriers near its restaurant. Without any, it waits
// for the next due round. So a flood of orders without couriers costs one small search each, not a plan each.
import { FreeCourier } from "@food/shared/contracts/delivery";
import { PICKUPS_MAX } from "@food/shared/contracts/trip";
import type { Log } from "@food/shared/observe/log";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import { outsideRequests } from "@food/shared/observe/request-scope";
import { inSpan } from "@food/shared/observe/spans";
import type { TraceHeaders } from "@food/shared/observe/trace-context";
import { startTicker } from "@food/shared/process/ticker";
import type { Location } from "@food/shared/values/geo";
import { Value } from "@sinclair/typebox/value";
import type { OrderHead } from "../orders/order.ts";
import { isRegionNear } from "./region.ts";
import { NO_MEMORY, playRound, type RegionMemory, type RoundDeps } from "./round.ts";

export interface Rounds {
  /** A waiting order was placed or has changed. */
  wake: (order: OrderHead) => void;
  /** A courier has become free. */
  courierFree: (courier: FreeCourier) => void;
  /** Checks all regions with waiting orders, because events may have been missed. */
  lookAround: () => void;
  stop: () => Promise<void>;
}

interface Wanted {
  at: number;
  /** Play the round only if the region is due by then. */
  ifDue: boolean;
  /** Try again while another process holds the region: its round may have started before this event. */
  insists: boolean;
  /** The pickups by order id, if only these orders want the round. It is dropped once all of them have a courier. */
  pickups?: Map<string, Location> | undefined;
  /** The first order that wants the round. Other events have no trace. */
  cause?: TraceHeaders | undefined;
}

interface Turn {
  running?: Promise<void> | undefined;
  wanted?: Wanted | undefined;
  timer?: ReturnType<typeof setTimeout> | undefined;
  /** The earliest start of the next round. Events until then share it. */
  notBefore: number;
  /** When the held orders are planned again at the latest. */
  dueAt: number;
  memory: RegionMemory;
}

/** The most regions that one process plans at the same time. */
const AT_ONCE = 8;
/** The pause between two rounds of a region. After a long round it is as long as the round, so that planning does not use
 * all CPU time. */
const PAUSE_MS = { least: 10, most: 1_000, busy: 150 };
const LONG_MS = 100;

/** Parses the message of a free courier. Returns undefined for an invalid one, because messages from Redis are not trusted. */
export function freeCourierIn(message: string): FreeCourier | undefined {
  try {
    const courier: unknown = JSON.parse(message);
    return Value.Check(FreeCourier, courier) ? courier : undefined;
  } catch {
    return undefined;
  }
}

type Want = Partial<Omit<Wanted, "at">> & { inMs?: number };

/** Merges two wanted rounds into one, at the earlier time. A round for an event replaces one that is only wanted if due: `dueAt`
 * of the turn keeps the time of the due round. */
function bothOf(one: Wanted, other: Wanted): Wanted {
  const at = Math.min(one.at, other.at);
  if (one.ifDue !== other.ifDue) return { ...(one.ifDue ? other : one), at };
  const pickups = one.pickups && other.pickups && new Map([...one.pickups, ...other.pickups]);
  const cause = one.cause ?? other.cause;
  return { at, ifDue: one.ifDue, insists: one.insists || other.insists, pickups, cause };
}

/** The wanted round that remains once these orders have a courier. */
function wantedWithout({ wanted }: Turn, assigned: string[]): Wanted | undefined {
  if (!wanted?.pickups) return wanted;
  for (const orderId of assigned) wanted.pickups.delete(orderId);
  return wanted.pickups.size > 0 ? wanted : undefined;
}

const jittered = (ms: number) => ms * (0.8 + 0.4 * Math.random());

export function startRounds(given: Omit<RoundDeps, "outages"> & { log: Log; everyMs: number }): Rounds {
  const { orders, regions, deliveries, log, everyMs } = given;
  const outages = repeatedFailures(log);
  const deps: RoundDeps = { ...given, outages };
  const turns = new Map<string, Turn>();
  let running = 0;
  let stopped = false;

  function want(region: string, { inMs = 0, ifDue = false, insists = false, pickups, cause }: Want = {}) {
    if (stopped) return;
    const turn = turns.get(region) ?? { notBefore: 0, dueAt: 0, memory: NO_MEMORY };
    turns.set(region, turn);
    const at = Math.max(performance.now() + inMs, turn.notBefore);
    const { wanted } = turn;
    const added = { at, ifDue, insists, pickups, cause };
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
    turn.running = inSpan("dispatch round", wanted.cause, () => play(region, turn, wanted)).finally(() => {
      running--;
      turn.running = undefined;
      if (turn.wanted) arm(region, turn);
      else turns.delete(region);
    });
  }

  /** Whether a free courier is within reach of one of the pickups. Returns true without a search for more than PICKUPS_MAX. */
  async function hasFreeCourier(pickups: Location[]): Promise<boolean> {
    if (pickups.length > PICKUPS_MAX) return true;
    return (await deliveries.searchCouriers({ pickups, includeBusy: false })).couriers.length > 0;
  }

  async function play(region: string, turn: Turn, { ifDue, insists, pickups }: Wanted) {
    const began = performance.now();
    try {
      const mayWait = pickups && turn.memory.isScarce && began < turn.dueAt;
      if (mayWait && !(await hasFreeCourier([...pickups.values()]))) {
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
      outages.failed("turn", { err, region }, "Dispatch round could not be played; will retry");
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

  const regionTicker = startTicker("regions with waiting orders", everyMs, log, async () => {
    const waiting = await orders.regionsAwaiting();
    if (waiting.length === 0) return;
    for (const region of await regions.dueAmong(waiting, new Date())) want(region, { ifDue: true });
    for (const courier of await deliveries.freeCouriers()) wakeNear(courier, waiting);
  });

  return {
    wake: ({ _id, region, restaurantAddress, trace: cause }) =>
      want(region, { pickups: new Map([[_id, restaurantAddress.location]]), insists: true, cause }),
    // Each replica gets the event and wakes the regions that it knows.
    courierFree: (courier) => wakeNear(courier, [...turns.keys()]),
    lookAround: regionTicker.wake,
    async stop() {
      stopped = true;
      for (const { timer } of turns.values()) clearTimeout(timer);
      await Promise.all([regionTicker.stop(), ...[...turns.values()].map(({ running }) => running)]);
    },
  };
}
