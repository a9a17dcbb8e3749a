// When food will really be ready: a kitchen's promise, moved by how late this kitchen usually is. What is kept of a kitchen
// are its latest differences between reported and promised ready; older ones count less. A kitchen with a short history is
// taken for one like the others.

/** Differences between reported and promised ready, the newest last; of one kitchen or of all. */
export interface KitchenHabit {
  lateMs: readonly number[];
}

export const NO_HABIT: KitchenHabit = { lateMs: [] };

export const REMEMBERED_MAX = 60;
/** What an order counts after the next one has been reported. */
const DECAY = 0.97;
/** The other kitchens count like this many orders of one's own. */
const PRIOR_ORDERS = 1;
const PRIOR_SHARES = [0.1, 0.3, 0.5, 0.7, 0.9];

export const learn = ({ lateMs }: KitchenHabit, orderLateMs: number): KitchenHabit => ({
  lateMs: [...lateMs, orderLateMs].slice(-REMEMBERED_MAX),
});

interface Weighted {
  value: number;
  weight: number;
}

/** Interpolates between the middles of the weights. */
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

/** The kitchen's lateness with that of all kitchens behind it, the earliest first. */
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
