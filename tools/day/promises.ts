// What kitchens promise. The day's ready times are what happens; a promise is off by the kitchen's habit and by the
// order's own luck, half of the variance each.
import type { Instance, InstanceOrder } from "./instance.ts";

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

export interface Promises {
  /** The minute that the kitchen promises for this order; never before it is placed. */
  promisedMinute: (order: InstanceOrder) => number;
  /** By how many minutes each kitchen was late before this day, by restaurant. */
  earlierLateMinutes: Map<string, number[]>;
}

export interface NoiseOptions {
  noiseSd: number;
  seed: number;
  /** How many orders each kitchen had before this day. */
  history: number;
}

export function promisesFor(
  { restaurants, orders }: Instance,
  { noiseSd, seed, history }: NoiseOptions,
): Promises {
  const random = randomFrom(seed);
  const share = noiseSd * Math.SQRT1_2;
  const habits = new Map(restaurants.map(({ id }) => [id, share * normal(random)]));
  const lateMinutes = (restaurant: string) => (habits.get(restaurant) ?? 0) + share * normal(random);
  const promised = new Map(
    orders.map(({ id, restaurant, placementMinute, readyMinute }) => [
      id,
      Math.max(placementMinute + 1, Math.round(readyMinute - lateMinutes(restaurant))),
    ]),
  );
  const earlier = restaurants.map(({ id }): [string, number[]] => [
    id,
    Array.from({ length: noiseSd > 0 ? history : 0 }, () => lateMinutes(id)),
  ]);
  return {
    promisedMinute: ({ id, readyMinute }) => (noiseSd > 0 ? promised.get(id) : undefined) ?? readyMinute,
    earlierLateMinutes: new Map(earlier),
  };
}
