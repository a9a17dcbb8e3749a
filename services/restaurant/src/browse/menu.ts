// Sorts the menu as its restaurant orders it, then by name in natural order: `Äpfel` next to `Apfel`, 2 before 10.
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Dish, Menu } from "@food/shared/contracts/restaurant";
import {
  canChoose,
  canMeetAll,
  type Groups,
  groupsOf,
  groupsOffered,
} from "../option-groups/option-group.ts";

/** A fixed language, so that all replicas sort alike in any environment. */
const byName = new Intl.Collator("en", { numeric: true }).compare;
/** Breaks ties, so that the order is stable. */
const exactly = (a: string, b: string) => byName(a, b) || (a < b ? -1 : Number(a > b));
const LAST = 10_000;

const byPlace = (a: Dish, b: Dish) =>
  (a.sortOrder ?? LAST) - (b.sortOrder ?? LAST) || exactly(a.name, b.name) || (a.dishId < b.dishId ? -1 : 1);

/** As a customer sees it: not available when a required choice is sold out. */
const shown = (dish: Dish, groups: Groups): Dish =>
  dish.available && !canMeetAll(dish.optionGroups, groups) ? { ...dish, available: false } : dish;

const shownGroup = (group: OptionGroup, groups: Groups): OptionGroup => ({
  ...group,
  options: group.options.map((option) => ({ ...option, available: canChoose(option, groups) })),
});

export function menuOf(
  restaurant: { restaurantId: string; restaurantName: string; currency: string },
  dishes: Dish[],
  categoryOrder: string[] = [],
  allGroups: OptionGroup[] = [],
): Menu {
  const places = new Map(categoryOrder.map((name, place) => [name, place]));
  const placeOf = (name: string) => places.get(name) ?? LAST;
  const groups = groupsOf(allGroups);
  const categories = [...Map.groupBy(dishes, ({ category }) => category)]
    .sort(([a], [b]) => placeOf(a) - placeOf(b) || exactly(a, b))
    .map(([name, inside]) => ({ name, dishes: inside.toSorted(byPlace).map((dish) => shown(dish, groups)) }));
  const optionGroups = groupsOffered(dishes, groups).map((group) => shownGroup(group, groups));
  return { ...restaurant, categories, ...(optionGroups.length > 0 && { optionGroups }) };
}
