// What a dish offers to choose from, and the rules for a restaurant's groups. Groups nest one level: an option may offer
// groups whose options offer none.
import type { OfferedGroup, Option, OptionGroup } from "@food/shared/contracts/option-groups";

export type Groups = ReadonlyMap<string, OptionGroup>;

/** A group with the bounds that hold where it is offered. */
export interface Offer {
  group: OptionGroup;
  min: number;
  max: number;
}

export interface Fault {
  pointer: string;
  detail: string;
}

export const groupsOf = (groups: readonly OptionGroup[] = []): Groups =>
  new Map(groups.map((group) => [group.optionGroupId, group]));

/** A group that is gone is not offered. A group may get bounds later that do not fit those of its offers: then the minimum
 * counts. */
export const offersOf = (offered: readonly OfferedGroup[] = [], groups: Groups): Offer[] =>
  offered.flatMap(({ optionGroupId, minSelections, maxSelections }) => {
    const group = groups.get(optionGroupId);
    if (!group) return [];
    const min = minSelections ?? group.minSelections;
    return [{ group, min, max: Math.max(min, maxSelections ?? group.maxSelections) }];
  });

/** Whether what is not sold out is enough for every minimum. */
export const canMeetAll = (offered: readonly OfferedGroup[] | undefined, groups: Groups): boolean =>
  offersOf(offered, groups).every(({ group, min }) => selectable(group, groups) >= min);

export const canChoose = (option: Option, groups: Groups): boolean =>
  option.available && canMeetAll(option.optionGroups, groups);

/** The dish as it can be ordered: not available when a minimum cannot be met. */
export const withOptions = <D extends { available: boolean; optionGroups?: OfferedGroup[] }>(
  dish: D,
  groups: Groups,
): D => (dish.available && !canMeetAll(dish.optionGroups, groups) ? { ...dish, available: false } : dish);

const selectable = ({ options }: OptionGroup, groups: Groups) =>
  options.reduce((sum, option) => sum + (canChoose(option, groups) ? option.maxQuantity : 0), 0);

/** Offers of unknown groups, repeated groups, and bounds that no choice can meet. */
export function faultsInOffers(offered: readonly OfferedGroup[] = [], groups: Groups, at: string): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  offered.forEach(({ optionGroupId, minSelections, maxSelections }, i) => {
    const group = groups.get(optionGroupId);
    const pointer = `${at}/${i}`;
    if (!group) faults.push({ pointer: `${pointer}/optionGroupId`, detail: "One of your own option groups" });
    else if (seen.has(optionGroupId))
      faults.push({ pointer: `${pointer}/optionGroupId`, detail: "Each group at most once" });
    else faults.push(...faultsInBounds(group, minSelections, maxSelections, pointer));
    seen.add(optionGroupId);
  });
  return faults;
}

function faultsInBounds(
  { options, ...group }: OptionGroup,
  min = group.minSelections,
  max = group.maxSelections,
  pointer = "",
): Fault[] {
  const most = options.reduce((sum, { maxQuantity }) => sum + maxQuantity, 0);
  const allowed = Math.min(max, most);
  if (min <= allowed) return [];
  const why = max <= most ? "the maximum of this group" : "all that its options allow";
  return [{ pointer: `${pointer}/minSelections`, detail: `At most ${allowed}, ${why}` }];
}

/** What is wrong with a new or changed group among all groups, itself included. */
export function faultsInGroup(group: OptionGroup, groups: Groups): Fault[] {
  const own = group.optionGroupId;
  const isInside = [...groups.values()].some(
    (other) => other.optionGroupId !== own && offeredBy(other).includes(own),
  );
  const faults = faultsInBounds(group);
  group.options.forEach(({ optionGroups = [] }, i) => {
    const at = `/options/${i}/optionGroups`;
    faults.push(...faultsInOffers(optionGroups, groups, at));
    if (optionGroups.length > 0 && isInside)
      faults.push({ pointer: at, detail: "None: this group is inside another, and groups nest one level" });
    optionGroups.forEach(({ optionGroupId }, j) => {
      const pointer = `${at}/${j}/optionGroupId`;
      const inner = groups.get(optionGroupId);
      if (optionGroupId === own) faults.push({ pointer, detail: "Another group: no group is inside itself" });
      else if (inner && offeredBy(inner).length > 0)
        faults.push({ pointer, detail: "A group whose options offer no groups: groups nest one level" });
    });
  });
  return faults;
}

/** The groups that the options of a group offer. */
const offeredBy = ({ options }: OptionGroup): string[] =>
  options.flatMap(({ optionGroups = [] }) => optionGroups.map(({ optionGroupId }) => optionGroupId));

/** The groups that these dishes offer, and those inside them, each once. */
export function groupsOffered(dishes: { optionGroups?: OfferedGroup[] }[], groups: Groups): OptionGroup[] {
  const outer = new Set(
    dishes.flatMap(({ optionGroups }) => offersOf(optionGroups, groups)).map(({ group }) => group),
  );
  const inner = [...outer].flatMap(offeredBy).flatMap((id) => groups.get(id) ?? []);
  return [...new Set([...outer, ...inner])];
}
