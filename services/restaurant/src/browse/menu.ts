// Sorts the menu as its restaurant orders it, then by name in natural order: `Äpfel` next to `Apfel`, 2 before 10.
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Menu, MenuDish, OpeningHours } from "@food/shared/contracts/restaurant";
import { canChoose, type Groups, groupsOf, groupsOffered } from "../option-groups/option-group.ts";

/** A fixed language, so that all replicas sort alike in any environment. */
const byName = new Intl.Collator("en", { numeric: true }).compare;
/** Breaks ties, so that the order is stable. */
const exactly = (a: string, b: string) => byName(a, b) || (a < b ? -1 : Number(a > b));
const LAST = 10_000;

const byPlace = (a: MenuDish, b: MenuDish) =>
  (a.sortOrder ?? LAST) - (b.sortOrder ?? LAST) || exactly(a.name, b.name) || (a.dishId < b.dishId ? -1 : 1);

const shownGroup = (group: OptionGroup, groups: Groups): OptionGroup => ({
  ...group,
  options: group.options.map((option) => ({ ...option, available: canChoose(option, groups) })),
});

export function menuOf(
  restaurant: Pick<Menu, "restaurantId" | "restaurantName" | "currency" | "currencyExponent">,
  dishes: MenuDish[],
  categoryOrder: string[] = [],
  times: Map<string, OpeningHours> = new Map(),
  allGroups: OptionGroup[] = [],
): Menu {
  const places = new Map(categoryOrder.map((name, place) => [name, place]));
  const placeOf = (name: string) => places.get(name) ?? LAST;
  const intervalsOf = (name: string) => {
    const hours = times.get(name);
    return hours && { intervals: hours.intervals };
  };
  const categories = [...Map.groupBy(dishes, ({ category }) => category)]
    .sort(([a], [b]) => placeOf(a) - placeOf(b) || exactly(a, b))
    .map(([name, inside]) => ({ name, ...intervalsOf(name), dishes: inside.toSorted(byPlace) }));
  const groups = groupsOf(allGroups);
  const optionGroups = groupsOffered(dishes, groups).map((group) => shownGroup(group, groups));
  return { ...restaurant, categories, ...(optionGroups.length > 0 && { optionGroups }) };
}
