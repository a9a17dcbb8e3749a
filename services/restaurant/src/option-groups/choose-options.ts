// Checks and prices the options that a line chooses. Reports everything that is wrong at once, each with what would be
// right.
import type { OfferedGroup, Option } from "@food/shared/contracts/option-groups";
import type { ChosenOption, ItemOption } from "@food/shared/contracts/order-lines";
import { canChoose, type Fault, type Groups, type Offer, offersOf } from "./option-group.ts";

export interface Choice {
  options: ItemOption[];
  /** Of all options for one of the dish. */
  priceCents: number;
  faults: OptionFault[];
}

export interface OptionFault extends Fault {
  /** The group whose rule is broken, if it is one group's. */
  about?: string;
}

const NAMES_MAX = 10;
const listed = (names: string[]) =>
  names.length > NAMES_MAX ? `${names.slice(0, NAMES_MAX).join(", ")} …` : names.join(", ");

const bounds = ({ min, max }: Offer) => (min === max ? `exactly ${min}` : `${min} to ${max}`);

function faultOf(option: Option, quantity: number, { group }: Offer, groups: Groups, pointer: string) {
  const about = group.optionGroupId;
  if (!canChoose(option, groups)) {
    const others = group.options.filter((other) => canChoose(other, groups)).map(({ name }) => name);
    const instead = others.length > 0 ? `Choose from ${listed(others)}` : "Leave it out";
    return { pointer: `${pointer}/optionId`, detail: `${option.name} is sold out. ${instead}`, about };
  }
  return quantity > option.maxQuantity
    ? { pointer: `${pointer}/quantity`, detail: `At most ${option.maxQuantity} of ${option.name}`, about }
    : undefined;
}

/** `at` is the pointer to the chosen options. */
export function chooseOptions(
  chosen: readonly ChosenOption[] = [],
  offered: readonly OfferedGroup[] | undefined,
  groups: Groups,
  at: string,
): Choice {
  const offers = offersOf(offered, groups);
  const counts = new Map<Offer, number>();
  const perOption = new Map<string, number>();
  const choice: Choice = { options: [], priceCents: 0, faults: [] };
  chosen.forEach(({ optionId, quantity = 1, options: inner }, i) => {
    const pointer = `${at}/${i}`;
    const offer = offers.find(({ group }) => group.options.some((one) => one.optionId === optionId));
    const option = offer?.group.options.find((one) => one.optionId === optionId);
    if (!offer || !option) {
      const names = offers.map(({ group }) => group.name);
      const right = names.length > 0 ? `An option of ${listed(names)}` : "No options: none are offered here";
      choice.faults.push({ pointer: `${pointer}/optionId`, detail: right });
      return;
    }
    counts.set(offer, (counts.get(offer) ?? 0) + quantity);
    const total = (perOption.get(optionId) ?? 0) + quantity;
    perOption.set(optionId, total);
    const fault = faultOf(option, total, offer, groups, pointer);
    if (fault) choice.faults.push(fault);
    // Of an option that is sold out, nothing else matters.
    if (fault && !fault.pointer.endsWith("/quantity")) return;
    const nested = chooseOptions(inner, option.optionGroups, groups, `${pointer}/options`);
    choice.faults.push(...nested.faults);
    choice.priceCents += quantity * (option.priceCents + nested.priceCents);
    choice.options.push({
      ...{ optionId, optionGroupId: offer.group.optionGroupId, groupName: offer.group.name },
      ...{ name: option.name, quantity, priceCents: option.priceCents },
      ...(nested.options.length > 0 && { options: nested.options }),
    });
  });
  for (const offer of offers) {
    const count = counts.get(offer) ?? 0;
    if (count >= offer.min && count <= offer.max) continue;
    const { name, optionGroupId } = offer.group;
    choice.faults.push({
      pointer: at,
      detail: `Choose ${bounds(offer)} of ${name}, not ${count}`,
      about: optionGroupId,
    });
  }
  return choice;
}
