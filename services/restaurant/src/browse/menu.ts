import type { Dish, Menu } from "@food/shared/contracts/restaurant";

/** Groups dishes by category, in the order in which they come. Pure. */
export function menuOf(
  restaurant: { restaurantId: string; restaurantName: string; currency: string },
  dishes: Dish[],
): Menu {
  const categories = new Map<string, Dish[]>();
  for (const dish of dishes) {
    const known = categories.get(dish.category);
    if (known) known.push(dish);
    else categories.set(dish.category, [dish]);
  }
  return { ...restaurant, categories: [...categories].map(([name, inside]) => ({ name, dishes: inside })) };
}
