// Random menus and carts for the tests of totals, and the total that a customer expects from the menu: computed once more
// here, with other arithmetic.
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { ChosenOption, OrderLine } from "@food/shared/contracts/order-lines";
import type { TaxTerms } from "@food/shared/contracts/price";
import type { Random } from "./proof/random.ts";

export const CURRENCIES = { EUR: 2, JPY: 0, KWD: 3 } as const;

export interface RandomDish {
  dishId: string;
  priceCents: number;
  taxBasisPoints?: number;
  optionGroups?: { optionGroupId: string }[];
}

export interface RandomMenu {
  currency: keyof typeof CURRENCIES;
  deliveryFeeCents: number;
  tax: TaxTerms;
  groups: OptionGroup[];
  dishes: RandomDish[];
}

/** Ids that count up: `ogp_…`, `opt_…`, `dsh_…`. */
function counting() {
  let count = 0;
  return (prefix: string) => `${prefix}_${String(count++).padStart(26, "0")}`;
}

const RATES = [0, 350, 700, 1_000, 1_900, 2_700, 10_000];
const aPrice = (random: Random) =>
  random.pick([0, 1, random.int(1, 99), random.int(1, 3_000), random.int(1, 90_000)]);

export function randomMenu(random: Random): RandomMenu {
  const newId = counting();
  const aGroup = (inner: OptionGroup[]): OptionGroup => ({
    ...{
      optionGroupId: newId("ogp"),
      name: "Group",
      minSelections: random.int(0, 1),
      maxSelections: random.int(1, 4),
    },
    options: Array.from({ length: random.int(1, 4) }, () => ({
      ...{ optionId: newId("opt"), name: "Option", priceCents: aPrice(random), available: true },
      maxQuantity: random.int(1, 3),
      ...(inner.length > 0 &&
        random.chance(0.5) && { optionGroups: [{ optionGroupId: random.pick(inner).optionGroupId }] }),
    })),
  });
  const inner = [aGroup([]), aGroup([])];
  const outer = Array.from({ length: random.int(0, 3) }, () => aGroup(inner));
  return {
    currency: random.pick(Object.keys(CURRENCIES) as (keyof typeof CURRENCIES)[]),
    deliveryFeeCents: aPrice(random),
    tax: {
      pricesIncludeTax: random.chance(0.5),
      ...(random.chance(0.7) && { feeBasisPoints: random.pick(RATES) }),
    },
    groups: [...inner, ...outer],
    dishes: Array.from({ length: random.int(1, 4) }, () => ({
      ...{ dishId: newId("dsh"), priceCents: aPrice(random) },
      ...(random.chance(0.8) && { taxBasisPoints: random.pick(RATES) }),
      optionGroups: outer.filter(() => random.chance(0.6)).map(({ optionGroupId }) => ({ optionGroupId })),
    })),
  };
}

function randomChoice(
  random: Random,
  menu: RandomMenu,
  offered: { optionGroupId: string }[] = [],
): ChosenOption[] {
  return offered.flatMap(({ optionGroupId }) => {
    const group = menu.groups.find((one) => one.optionGroupId === optionGroupId);
    if (!group) return [];
    let left = random.int(group.minSelections, group.maxSelections);
    return group.options.flatMap(({ optionId, maxQuantity, optionGroups }): ChosenOption[] => {
      const quantity = Math.min(left, maxQuantity);
      left -= quantity;
      const options = randomChoice(random, menu, optionGroups);
      return quantity > 0 ? [{ optionId, quantity, ...(options.length > 0 && { options }) }] : [];
    });
  });
}

/** Lines that the menu allows, some of one dish with other options. */
export const randomLines = (random: Random, menu: RandomMenu): OrderLine[] =>
  Array.from({ length: random.int(1, 6) }, () => {
    const { dishId, optionGroups } = random.pick(menu.dishes);
    const options = randomChoice(random, menu, optionGroups).reverse();
    const quantity = random.chance(0.1) ? 99 : random.int(1, 5);
    return { dishId, quantity, ...(options.length > 0 && { options }) };
  });

/** Half a unit and more is rounded up. */
const rounded = (dividend: bigint, divisor: bigint) => (2n * dividend + divisor) / (2n * divisor);

/** What the customer owes by the menu, without a tip: the subtotal and the total. */
export function expectedOf({ groups, dishes, deliveryFeeCents, tax }: RandomMenu, lines: OrderLine[]) {
  const prices = new Map(
    groups.flatMap(({ options }) => options).map((one) => [one.optionId, one.priceCents]),
  );
  const costOf = (options: ChosenOption[] = []): bigint =>
    options.reduce(
      (sum, { optionId, quantity = 1, options: inner }) =>
        sum + BigInt(quantity) * (BigInt(prices.get(optionId) ?? 0) + costOf(inner)),
      0n,
    );
  const amounts = lines.map(({ dishId, quantity, options }) => {
    const dish = dishes.find((one) => one.dishId === dishId);
    return {
      rate: dish?.taxBasisPoints,
      cents: BigInt(quantity) * (BigInt(dish?.priceCents ?? 0) + costOf(options)),
    };
  });
  const subtotal = amounts.reduce((sum, { cents }) => sum + cents, 0n);
  const fee = { rate: tax.feeBasisPoints, cents: BigInt(deliveryFeeCents) };
  const byRate = Map.groupBy([...amounts, fee], ({ rate }) => rate);
  const added = tax.pricesIncludeTax
    ? 0n
    : [...byRate].reduce((sum, [rate = 0, parts]) => {
        const net = parts.reduce((all, { cents }) => all + cents, 0n);
        return sum + rounded(net * BigInt(rate), 10_000n);
      }, 0n);
  return { subtotalCents: Number(subtotal), totalCents: Number(subtotal + BigInt(deliveryFeeCents) + added) };
}
