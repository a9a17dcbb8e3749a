// Generates the ready times that kitchens promise. The day's ready times stay as they are. The error of a promise is the
// kitchen's habit plus a random part for each order; each has half of the variance.
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
  /** The promised minute of an order; never before its placement. */
  promisedMinute: (order: InstanceOrder) => number;
  /** By restaurant: the lateness of its earlier orders, in minutes. */
  earlierLateMinutes: Map<string, number[]>;
}

export interface NoiseOptions {
  noiseSd: number;
  seed: number;
  /** The number of earlier orders of each kitchen. */
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
