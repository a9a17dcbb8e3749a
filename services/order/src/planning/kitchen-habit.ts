// Predicts when food will be ready: the kitchen's promise, corrected by the kitchen's usual lateness. The lateness of each
// kitchen's latest orders is kept; older orders count less. All kitchens together are the prior for each kitchen.

/** Reported minus promised ready time of past orders, newest last; for one kitchen or for all. */
export interface KitchenHabit {
  lateMs: readonly number[];
}

export const NO_HABIT: KitchenHabit = { lateMs: [] };

export const REMEMBERED_MAX = 60;
/** The weight of an order relative to the next newer one. */
const DECAY = 0.97;
/** The prior counts like this many orders of the kitchen. */
const PRIOR_ORDERS = 1;
const PRIOR_SHARES = [0.1, 0.3, 0.5, 0.7, 0.9];

export const learn = ({ lateMs }: KitchenHabit, orderLateMs: number): KitchenHabit => ({
  lateMs: [...lateMs, orderLateMs].slice(-REMEMBERED_MAX),
});

interface Weighted {
  value: number;
  weight: number;
}

/** Weighted quantile. Interpolates between the midpoints of the weights. */
function quantile(sorted: readonly Weighted[], share: number): number {
  const wanted = share * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  let before: { value: number; middle: number } | undefined;
  for (const { value, weight } of sorted) {
    const middle = passed + weight / 2;
    if (middle >= wanted) {
      if (!before) return value;
      return before.value + ((wanted - before.middle) / (middle - before.middle)) * (value - before.value);
    }
    before = { value, middle };
    passed += weight;
  }
  return before?.value ?? 0;
}

const weightedByAge = ({ lateMs }: KitchenHabit): Weighted[] =>
  lateMs.map((value, i) => ({ value, weight: DECAY ** (lateMs.length - 1 - i) }));

const sorted = (weighted: Weighted[]) => weighted.toSorted((a, b) => a.value - b.value);

/** The expected lateness of a kitchen, with all kitchens as the prior; sorted, earliest first. */
export function expectationOf(own: KitchenHabit, all: KitchenHabit): readonly Weighted[] {
  const others = sorted(weightedByAge(all));
  const prior = PRIOR_SHARES.map((share) => ({
    value: quantile(others, share),
    weight: PRIOR_ORDERS / PRIOR_SHARES.length,
  }));
  return sorted([...weightedByAge(own), ...prior]);
}

/** The time by which the food will be ready with this probability, given that it is not ready yet. */
export function readyBy(
  expectation: readonly Weighted[],
  { promisedAt, now, share }: { promisedAt: number; now: number; share: number },
): number {
  const possible = expectation.filter(({ value }) => promisedAt + value > now);
  return possible.length === 0 ? now : promisedAt + quantile(possible, share);
}
