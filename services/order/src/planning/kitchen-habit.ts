// How late a kitchen usually is against its promise: quantiles of what it reported, in which what is older counts less.

/** The differences between reported and promised ready, the newest last. */
export interface KitchenHabit {
  lateMs: readonly number[];
}

export const NO_HABIT: KitchenHabit = { lateMs: [] };

const REMEMBERED_MAX = 40;
/** What an order counts after the next one. */
const DECAY = 0.95;
/** A kitchen without history is on time: as if it had been so for this many orders. */
const PRIOR_ORDERS = 2;

export const learn = ({ lateMs }: KitchenHabit, orderLateMs: number): KitchenHabit => ({
  lateMs: [...lateMs, orderLateMs].slice(-REMEMBERED_MAX),
});

/** By how much the kitchen is late in this share of its orders at most; negative when it is early. */
export function lateness({ lateMs }: KitchenHabit, share: number): number {
  const weighted = lateMs.map((value, i) => ({ value, weight: DECAY ** (lateMs.length - 1 - i) }));
  weighted.push({ value: 0, weight: PRIOR_ORDERS });
  weighted.sort((a, b) => a.value - b.value);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  let before: { value: number; middle: number } | undefined;
  for (const { value, weight } of weighted) {
    const middle = (passed + weight / 2) / total;
    if (middle >= share) {
      if (!before) return value;
      return before.value + ((share - before.middle) / (middle - before.middle)) * (value - before.value);
    }
    before = { value, middle };
    passed += weight;
  }
  return before?.value ?? 0;
}
