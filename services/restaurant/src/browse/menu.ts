// The menu in the order that its restaurant gives it, else as people sort names: `Äpfel` beside `Apfel`, 2 before 10. Pure.
import type { Dish, Menu } from "@food/shared/contracts/restaurant";

/** The language is named, so that all replicas sort alike, whatever their environment says. */
const byName = new Intl.Collator("en", { numeric: true }).compare;
/** Names that people sort alike still have one order. */
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
