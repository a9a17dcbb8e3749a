// Makes the tours better as long as a single change does so.
import type { Trip } from "./measure.ts";
import { costOf } from "./schedule.ts";
import { bestSlotOfAll, setTrips, type Tours, without } from "./tours.ts";

/** In milliseconds: less is no improvement. */
const LEAST_GAIN = 1;

/** Every order that fits somewhere is given to somebody: those ready first choose first. */
export function* insertAll<Place>(tours: Tours<Place>): Generator<void> {
  const { orders, waiting } = tours.problem;
  const ready = (order: number) => orders[order]?.readyAt ?? 0;
  const sequence = Array.from({ length: waiting }, (_, order) => order).toSorted(
    (a, b) => ready(a) - ready(b) || a - b,
  );
  for (const order of sequence) {
    if (tours.courierOf[order] !== -1) continue;
    const slot = bestSlotOfAll(tours, order);
    if (slot) setTrips(tours, slot.courier, slot.trips);
    yield;
  }
}

/** Moves single orders to where they cost less. Returns whether any was moved. */
export function* moveOrders<Place>(tours: Tours<Place>): Generator<void, boolean> {
  let moved = false;
  for (let order = 0; order < tours.problem.waiting; order++) {
    const from = tours.courierOf[order] ?? -1;
    if (from < 0) continue;
    const [trips, cost] = [tours.trips[from] ?? [], tours.costs[from] ?? 0];
    setTrips(tours, from, without(trips, order));
    const saved = cost - (tours.costs[from] ?? 0);
    const slot = bestSlotOfAll(tours, order);
    if (slot && slot.extra < saved - LEAST_GAIN) {
      setTrips(tours, slot.courier, slot.trips);
      moved = true;
    } else setTrips(tours, from, trips);
    yield;
  }
  return moved;
}

/** How many of a courier's trips stay in any case. */
const fixedTrips = (trips: readonly Trip[]) => (trips[0] && trips[0].fixed > 0 ? 1 : 0);

/** Exchanges the ends of two couriers' tours. */
export function* swapTails<Place>(tours: Tours<Place>): Generator<void, boolean> {
  const { problem } = tours;
  let swapped = false;
  const allowed = (courier: number, trips: readonly Trip[]) =>
    trips.every(
      ({ orders }) =>
        orders.length <= (problem.couriers[courier]?.capacity ?? 0) &&
        orders.every((order) => order >= problem.waiting || problem.mayHave(courier, order)),
    );
  function tryPair(a: number, b: number) {
    const [ownA, ownB] = [tours.trips[a] ?? [], tours.trips[b] ?? []];
    const before = (tours.costs[a] ?? 0) + (tours.costs[b] ?? 0);
    for (let i = fixedTrips(ownA); i <= ownA.length; i++)
      for (let j = fixedTrips(ownB); j <= ownB.length; j++) {
        if (i === ownA.length && j === ownB.length) continue;
        const newA = [...ownA.slice(0, i), ...ownB.slice(j)];
        const newB = [...ownB.slice(0, j), ...ownA.slice(i)];
        if (!allowed(a, newA) || !allowed(b, newB)) continue;
        const costA = costOf(problem, a, newA);
        if (costA >= before) continue;
        if (costA + costOf(problem, b, newB) < before - LEAST_GAIN) {
          setTrips(tours, a, newA);
          setTrips(tours, b, newB);
          return true;
        }
      }
    return false;
  }
  for (let a = 0; a < tours.trips.length; a++) {
    for (let b = a + 1; b < tours.trips.length; b++) {
      if ((tours.trips[a]?.length ?? 0) + (tours.trips[b]?.length ?? 0) === 0) continue;
      if (tryPair(a, b)) swapped = true;
    }
    yield;
  }
  return swapped;
}
