// What kitchens promise. The day's ready times are what happens; a promise is off by the kitchen's habit and by the
// order's own luck, half of the variance each.
import type { Instance, InstanceOrder } from "../day/instance.ts";

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal with mean 0 and standard deviation 1 (Box and Muller). */
const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The minute that the kitchen promises for each order; never before it is placed. */
export function promisedMinutes(
  { restaurants, orders }: Instance,
  { noiseSd, seed }: { noiseSd: number; seed: number },
): (order: InstanceOrder) => number {
  const random = randomFrom(seed);
  const share = noiseSd * Math.SQRT1_2;
  const habits = new Map(restaurants.map(({ id }) => [id, share * normal(random)]));
  const promises = new Map(
    orders.map(({ id, restaurant, placementMinute, readyMinute }) => {
      const late = (habits.get(restaurant) ?? 0) + share * normal(random);
      return [id, Math.max(placementMinute + 1, Math.round(readyMinute - late))];
    }),
  );
  return (order) => (noiseSd === 0 ? order.readyMinute : (promises.get(order.id) ?? order.readyMinute));
}
