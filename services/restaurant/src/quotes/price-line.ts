// The price of one line: the dish with the options chosen for it. Pure.
import type { OrderLine } from "@food/shared/contracts/order-lines";
import { Cents } from "@food/shared/values/fields";
import type { DishDocument } from "../dishes/store.ts";
import { chooseOptions, type OptionFault } from "../option-groups/choose-options.ts";
import type { Groups } from "../option-groups/option-group.ts";
import type { CartLine } from "./price-cart.ts";

export interface PricedLine extends CartLine {
  faults: OptionFault[];
}

/** `at` is the pointer to the line. The faults say what would be right. */
export function priceLine(line: OrderLine, dish: DishDocument, groups: Groups, at: string): PricedLine {
  const { options, priceCents, faults } = chooseOptions(
    line.options,
    dish.optionGroups,
    groups,
    `${at}/options`,
  );
  const unitPriceCents = dish.priceCents + priceCents;
  const most = Cents.maximum ?? 0;
  if (unitPriceCents > most)
    faults.push({
      pointer: `${at}/options`,
      detail: `A dish with options that cost at most ${most} together`,
    });
  const item = {
    ...{ dishId: line.dishId, name: dish.name, quantity: line.quantity, unitPriceCents },
    ...(options.length > 0 && { options }),
  };
  const { priceCents: dishPriceCents, taxBasisPoints } = dish;
  return { item, dishPriceCents, ...(taxBasisPoints !== undefined && { taxBasisPoints }), faults };
}
