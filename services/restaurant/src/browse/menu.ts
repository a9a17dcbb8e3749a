// Sorts the menu as its restaurant orders it, then by name in natural order: `Äpfel` next to `Apfel`, 2 before 10.
import type { Dish, Menu } from "@food/shared/contracts/restaurant";

/** A fixed language, so that all replicas sort alike in any environment. */
const byName = new Intl.Collator("en", { numeric: true }).compare;
/** Breaks ties, so that the order is stable. */
const exactly = (a: string, b: string) => byName(a, b) || (a < b ? -1 : Number(a > b));
const LAST = 10_000;

const byPlace = (a: Dish, b: Dish) =>
  (a.sortOrder ?? LAST) - (b.sortOrder ?? LAST) || exactly(a.name, b.name) || (a.dishId < b.dishId ? -1 : 1);

export function menuOf(
  restaurant: { restaurantId: string; restaurantName: string; currency: string },
  dishes: Dish[],
  categoryOrder: string[] = [],
): Menu {
  const places = new Map(categoryOrder.map((name, place) => [name, place]));
  const placeOf = (name: string) => places.get(name) ?? LAST;
  const categories = [...Map.groupBy(dishes, ({ category }) => category)]
    .sort(([a], [b]) => placeOf(a) - placeOf(b) || exactly(a, b))
    .map(([name, inside]) => ({ name, dishes: inside.toSorted(byPlace) }));
  return { ...restaurant, categories };
}
