// Makes the routes better as long as a single change does so.
import type { Trip } from "./measure.ts";
import { bestSlotOfAll, type Routes, setTrips, without } from "./routes.ts";
import { costOf } from "./schedule.ts";

/** In milliseconds: less is no improvement. */
const LEAST_GAIN = 1;

/** Every order that fits somewhere is given to somebody: those ready first choose first. */
export function* insertAll<Place>(routes: Routes<Place>): Generator<void> {
  const { orders, waiting } = routes.problem;
  const ready = (order: number) => orders[order]?.readyAt ?? 0;
  const sequence = Array.from({ length: waiting }, (_, order) => order).toSorted(
    (a, b) => ready(a) - ready(b) || a - b,
  );
  for (const order of sequence) {
    if (routes.courierOf[order] !== -1) continue;
    const slot = bestSlotOfAll(routes, order);
    if (slot) setTrips(routes, slot.courier, slot.trips);
    yield;
  }
}

/** Moves single orders to where they cost less. Returns whether any was moved. */
export function* moveOrders<Place>(routes: Routes<Place>): Generator<void, boolean> {
  let moved = false;
  for (let order = 0; order < routes.problem.waiting; order++) {
    const from = routes.courierOf[order] ?? -1;
    if (from < 0) continue;
    const [trips, cost] = [routes.trips[from] ?? [], routes.costs[from] ?? 0];
    setTrips(routes, from, without(trips, order));
    const saved = cost - (routes.costs[from] ?? 0);
    const slot = bestSlotOfAll(routes, order);
    if (slot && slot.extra < saved - LEAST_GAIN) {
      setTrips(routes, slot.courier, slot.trips);
      moved = true;
    } else setTrips(routes, from, trips);
    yield;
  }
  return moved;
}

/** How many of a courier's trips stay in any case. */
const fixedTrips = (trips: readonly Trip[]) => (trips[0] && trips[0].fixed > 0 ? 1 : 0);

/** Exchanges the ends of two couriers' routes. */
export function* swapTails<Place>(routes: Routes<Place>): Generator<void, boolean> {
  const { problem } = routes;
  let swapped = false;
  const allowed = (courier: number, trips: readonly Trip[]) =>
    trips.every(
      ({ orders }) =>
        orders.length <= (problem.couriers[courier]?.capacity ?? 0) &&
        orders.every((order) => order >= problem.waiting || problem.mayHave(courier, order)),
    );
  function tryPair(a: number, b: number) {
    const [ownA, ownB] = [routes.trips[a] ?? [], routes.trips[b] ?? []];
    const before = (routes.costs[a] ?? 0) + (routes.costs[b] ?? 0);
    for (let i = fixedTrips(ownA); i <= ownA.length; i++)
      for (let j = fixedTrips(ownB); j <= ownB.length; j++) {
        if (i === ownA.length && j === ownB.length) continue;
        const newA = [...ownA.slice(0, i), ...ownB.slice(j)];
        const newB = [...ownB.slice(0, j), ...ownA.slice(i)];
        if (!allowed(a, newA) || !allowed(b, newB)) continue;
        const costA = costOf(problem, a, newA);
        if (costA >= before) continue;
        if (costA + costOf(problem, b, newB) < before - LEAST_GAIN) {
          setTrips(routes, a, newA);
          setTrips(routes, b, newB);
          return true;
        }
      }
    return false;
  }
  for (let a = 0; a < routes.trips.length; a++) {
    for (let b = a + 1; b < routes.trips.length; b++) {
      if ((routes.trips[a]?.length ?? 0) + (routes.trips[b]?.length ?? 0) === 0) continue;
      if (tryPair(a, b)) swapped = true;
    }
    yield;
  }
  return swapped;
}
