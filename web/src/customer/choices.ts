// What a customer has chosen with a dish: quantities by option, and for an option with groups of its own the same again.
import type { ChosenOption, OfferedGroup, OptionGroup } from "../api/bodies.ts";

export interface Chosen {
  quantity: number;
  inner: Record<string, number>;
}
export type Choices = Record<string, Chosen>;

/** A group with the bounds that count for this dish. */
export function offeredGroups(
  offered: readonly OfferedGroup[] = [],
  groups: readonly OptionGroup[] = [],
): OptionGroup[] {
  return offered.flatMap(({ optionGroupId, ...bounds }) => {
    const group = groups.find((one) => one.optionGroupId === optionGroupId);
    return group ? [{ ...group, ...bounds }] : [];
  });
}

/** The first available option of each group that needs exactly one. */
export function firstChoices(groups: readonly OptionGroup[]): Choices {
  const first = groups
    .filter(({ minSelections, maxSelections }) => minSelections === 1 && maxSelections === 1)
    .flatMap(({ options }) => options.find(({ available }) => available) ?? []);
  return Object.fromEntries(first.map(({ optionId }) => [optionId, { quantity: 1, inner: {} }]));
}

const innerOf = (inner: Record<string, number>) =>
  Object.entries(inner)
    .filter(([, quantity]) => quantity > 0)
    .map(([optionId, quantity]) => ({ optionId, ...(quantity > 1 && { quantity }) }));

export function toOptions(choices: Choices): ChosenOption[] {
  return Object.entries(choices)
    .filter(([, { quantity }]) => quantity > 0)
    .map(([optionId, { quantity, inner }]) => {
      const options = innerOf(inner);
      return { optionId, ...(quantity > 1 && { quantity }), ...(options.length > 0 && { options }) };
    });
}

/** Such as `Large, 2 × Cheese`. */
export function inWords(options: readonly ChosenOption[], groups: readonly OptionGroup[]): string {
  const all = groups.flatMap((group) => group.options);
  const name = ({ optionId, quantity = 1 }: { optionId: string; quantity?: number }) => {
    const text = all.find((option) => option.optionId === optionId)?.name ?? "";
    return quantity > 1 ? `${quantity} × ${text}` : text;
  };
  return options.flatMap((option) => [name(option), ...(option.options ?? []).map(name)]).join(", ");
}

/** The price of one dish with these options. */
export function priceOf(
  priceCents: number,
  options: readonly ChosenOption[],
  groups: readonly OptionGroup[],
): number {
  const prices = new Map(
    groups.flatMap((group) => group.options).map((option) => [option.optionId, option.priceCents]),
  );
  const sum = (chosen: readonly ChosenOption[]): number =>
    chosen.reduce(
      (total, { optionId, quantity = 1, options: inner = [] }) =>
        total + quantity * ((prices.get(optionId) ?? 0) + sum(inner)),
      0,
    );
  return priceCents + sum(options);
}
