// Adds a cart up. Pure. Every amount is an integer of the currency's minor unit. A tax is computed and rounded once for
// each rate, from the sum of all that has this rate, and options have the rate of their dish.
import type { ItemOption, OrderItem } from "@food/shared/contracts/order-lines";
import { type PriceComponent, type TaxTerms, totalOf } from "@food/shared/contracts/price";

export interface CartLine {
  item: OrderItem;
  /** Of the dish without options. */
  dishPriceCents: number;
  taxBasisPoints?: number;
}

export interface Cart {
  lines: CartLine[];
  deliveryFeeCents: number;
  surchargeCents?: number;
  tax: TaxTerms;
  tipCents?: number;
}

export interface CartPrice {
  components: PriceComponent[];
  subtotalCents: number;
  deliveryFeeCents: number;
  totalCents: number;
}

/** Half a unit and more is rounded up. Exact below 2^53: a cart is at most 50 lines of 99 dishes at 100 000 000. */
function dividedBy(divisor: number, dividend: number): number {
  const rest = dividend % divisor;
  return (dividend - rest) / divisor + (2 * rest >= divisor ? 1 : 0);
}

/** The tax in an amount that contains it, or on one that does not. */
export const taxOf = (amountCents: number, rateBasisPoints: number, included: boolean): number =>
  dividedBy(included ? 10_000 + rateBasisPoints : 10_000, amountCents * rateBasisPoints);

const ofOptions = (line: number, options: readonly ItemOption[], times: number): PriceComponent[] =>
  options.flatMap(({ optionId, quantity: each, priceCents: unitCents, options: inner = [] }) => {
    const quantity = times * each;
    const own = { quantity, unitCents, amountCents: quantity * unitCents };
    return [{ kind: "option", line, optionId, ...own }, ...ofOptions(line, inner, quantity)];
  });

function ofLine({ item, dishPriceCents }: CartLine, line: number): PriceComponent[] {
  const { quantity, options = [] } = item;
  const own = { quantity, unitCents: dishPriceCents, amountCents: quantity * dishPriceCents };
  return [{ kind: "dish", line, ...own }, ...ofOptions(line, options, quantity)];
}

function taxesOn(
  amounts: readonly (readonly [rate: number | undefined, cents: number])[],
  included: boolean,
) {
  const sums = new Map<number, number>();
  for (const [rate, cents] of amounts) if (rate !== undefined) sums.set(rate, (sums.get(rate) ?? 0) + cents);
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([rateBasisPoints, sum]): PriceComponent => {
      const amountCents = taxOf(sum, rateBasisPoints, included);
      const netCents = included ? sum - amountCents : sum;
      return { kind: "tax", rateBasisPoints, netCents, included, amountCents };
    });
}

const sumOf = ({ item }: CartLine) => item.quantity * item.unitPriceCents;

export const subtotalOf = (lines: readonly CartLine[]): number =>
  lines.reduce((sum, line) => sum + sumOf(line), 0);

/** The components in the order of the cart: lines with their options, fees, taxes by rate, tip. */
export function priceCart(cart: Cart): CartPrice {
  const { lines, deliveryFeeCents, surchargeCents = 0, tax, tipCents = 0 } = cart;
  const taxes = taxesOn(
    [
      ...lines.map((line) => [line.taxBasisPoints, sumOf(line)] as const),
      [tax.feeBasisPoints, deliveryFeeCents + surchargeCents],
    ],
    tax.pricesIncludeTax,
  );
  const components: PriceComponent[] = [
    ...lines.flatMap(ofLine),
    { kind: "delivery_fee", amountCents: deliveryFeeCents },
    ...(surchargeCents > 0 ? [{ kind: "small_order_surcharge" as const, amountCents: surchargeCents }] : []),
    ...taxes,
    ...(tipCents > 0 ? [{ kind: "tip" as const, amountCents: tipCents }] : []),
  ];
  return { components, subtotalCents: subtotalOf(lines), deliveryFeeCents, totalCents: totalOf(components) };
}
