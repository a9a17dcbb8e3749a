// Local search: changes the tours as long as a single change makes them cheaper.
import type { Trip } from "./measure.ts";
import { costOf } from "./schedule.ts";
import { bestSlotOfAll, setTrips, type Tours, unserved, without } from "./tours.ts";

/** The smallest gain that counts as an improvement, in milliseconds. */
const LEAST_GAIN = 1;

/** Inserts each unserved order where it costs least, in the sequence of ready times. An order without a slot stays unserved. */
export function* insertAll<Place>(tours: Tours<Place>): Generator<void> {
  const { orders } = tours.problem;
  const ready = (order: number) => orders[order]?.readyAt ?? 0;
  for (const order of unserved(tours).toSorted((a, b) => ready(a) - ready(b) || a - b)) {
    const slot = bestSlotOfAll(tours, order);
    if (slot) setTrips(tours, slot.courier, slot.trips);
    yield;
  }
}

/** By order and by courier: the number of changes at the last try. Without a change since then, another try gains nothing. */
interface Tried {
  orders: Int32Array;
  couriers: Int32Array;
}

/** Moves single orders to cheaper slots. Returns whether any order was moved. */
function* moveOrders<Place>(tours: Tours<Place>, tried: Tried): Generator<void, boolean> {
  let moved = false;
  for (let order = 0; order < tours.problem.waiting; order++) {
    const from = tours.courierOf[order] ?? -1;
    if (from < 0) continue;
    const since = tried.orders[order] ?? -1;
    const isChanged = (courier: number) => (tours.changedAt[courier] ?? 0) > since;
    if (!isChanged(from) && !tours.candidates[order]?.some(isChanged)) continue;
    const [trips, cost, changedAt] = [
      tours.trips[from] ?? [],
      tours.costs[from] ?? 0,
      tours.changedAt[from] ?? 0,
    ];
    setTrips(tours, from, without(trips, order));
    const saved = cost - (tours.costs[from] ?? 0);
    const slot = bestSlotOfAll(tours, order);
    if (slot && slot.extra < saved - LEAST_GAIN) {
      setTrips(tours, slot.courier, slot.trips);
      moved = true;
    } else {
      tours.trips[from] = trips;
      tours.costs[from] = cost;
      tours.changedAt[from] = changedAt;
    }
    tried.orders[order] = tours.changes;
    yield;
  }
  return moved;
}

/** The number of trips that the courier must keep: 1 with an open trip, otherwise 0. */
const fixedTrips = (trips: readonly Trip[]) => (trips[0] && trips[0].fixed > 0 ? 1 : 0);

function mayMake<Place>({ problem }: Tours<Place>, courier: number, trips: readonly Trip[]): boolean {
  const capacity = problem.couriers[courier]?.capacity ?? 0;
  return trips.every(
    ({ orders, fixed }) =>
      orders.length <= Math.max(capacity, fixed) &&
      orders.every((order) => order >= problem.waiting || problem.mayHave(courier, order)),
  );
}

/** Swaps the ends of two couriers' tours if that is cheaper. Returns whether it did. */
function swapBetween<Place>(tours: Tours<Place>, a: number, b: number): boolean {
  const { problem } = tours;
  const [ownA, ownB] = [tours.trips[a] ?? [], tours.trips[b] ?? []];
  const before = (tours.costs[a] ?? 0) + (tours.costs[b] ?? 0) - LEAST_GAIN;
  for (let i = fixedTrips(ownA); i <= ownA.length; i++)
    for (let j = fixedTrips(ownB); j <= ownB.length; j++) {
      if (i === ownA.length && j === ownB.length) continue;
      const newA = [...ownA.slice(0, i), ...ownB.slice(j)];
      const costA = costOf(problem, a, newA);
      if (costA >= before) continue;
      const newB = [...ownB.slice(0, j), ...ownA.slice(i)];
      if (costA + costOf(problem, b, newB) >= before) continue;
      if (!mayMake(tours, a, newA) || !mayMake(tours, b, newB)) continue;
      setTrips(tours, a, newA);
      setTrips(tours, b, newB);
      return true;
    }
  return false;
}

function* swapTails<Place>(tours: Tours<Place>, tried: Tried): Generator<void, boolean> {
  const { waiting } = tours.problem;
  let swapped = false;
  for (let a = 0; a < tours.trips.length; a++) {
    const since = tried.couriers[a] ?? -1;
    const partners = new Set<number>();
    for (const { orders } of tours.trips[a] ?? [])
      for (const courier of tours.candidates[orders.find((order) => order < waiting) ?? -1] ?? [])
        partners.add(courier);
    partners.delete(a);
    for (const b of partners) {
      if (Math.max(tours.changedAt[a] ?? 0, tours.changedAt[b] ?? 0) <= since) continue;
      if (swapBetween(tours, a, b)) swapped = true;
    }
    tried.couriers[a] = tours.changes;
    yield;
  }
  return swapped;
}

const PASSES_MAX = 6;

/** Repeats both searches until neither finds a gain, at most PASSES_MAX times. */
export function* improve<Place>(tours: Tours<Place>): Generator<void> {
  const tried: Tried = {
    orders: new Int32Array(tours.problem.waiting).fill(-1),
    couriers: new Int32Array(tours.trips.length).fill(-1),
  };
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const swapped = yield* swapTails(tours, tried);
    const moved = yield* moveOrders(tours, tried);
    if (!swapped && !moved) return;
  }
}
