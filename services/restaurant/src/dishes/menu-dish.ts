import type { MenuDish } from "@food/shared/contracts/restaurant";
import { type Moment, unavailability } from "./availability.ts";
import { type DishDocument, dishFields } from "./store.ts";

/** The dish as customers see it at that time. */
export function menuDish(dish: DishDocument, moment: Moment): MenuDish {
  const unavailable = unavailability(dish, moment);
  if (!unavailable) return dishFields(dish);
  const { because: unavailableBecause, from } = unavailable;
  const availableFrom = from?.toISOString();
  return {
    ...dishFields(dish),
    available: false,
    unavailableBecause,
    ...(availableFrom && { availableFrom }),
  };
}
