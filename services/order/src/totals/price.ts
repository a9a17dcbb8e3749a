// What an order's total adds up from, and its tip. Pure.
import type { OrderItem } from "@food/shared/contracts/order-lines";
import { type PriceComponent, totalOf } from "@food/shared/contracts/price";

interface Priced {
  items: OrderItem[];
  deliveryFeeCents: number;
  /** Absent in an order of an older release. */
  components?: PriceComponent[];
}

export interface Tipped {
  tipCents: number;
  components: PriceComponent[];
  totalCents: number;
}

/** Of an order at the prices of an older restaurant service, which knows no options, taxes and tips. */
export const plainComponents = (items: readonly OrderItem[], deliveryFeeCents: number): PriceComponent[] => [
  ...items.map(({ quantity, unitPriceCents: unitCents }, line): PriceComponent => {
    return { kind: "dish", line, quantity, unitCents, amountCents: quantity * unitCents };
  }),
  { kind: "delivery_fee", amountCents: deliveryFeeCents },
];

export const componentsOf = ({ components, items, deliveryFeeCents }: Priced): PriceComponent[] =>
  components ?? plainComponents(items, deliveryFeeCents);

/** The fields of the order with another tip. */
export function tipped(order: Priced, tipCents: number): Tipped {
  const others = componentsOf(order).filter(({ kind }) => kind !== "tip");
  const components = tipCents > 0 ? [...others, { kind: "tip" as const, amountCents: tipCents }] : others;
  return { tipCents, components, totalCents: totalOf(components) };
}
