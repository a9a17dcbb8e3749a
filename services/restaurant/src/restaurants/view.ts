// A restaurant as its owner and as customers see it.
import type { Restaurant } from "@food/shared/contracts/restaurant";
import { hasZones } from "../zones/zones.ts";
import { businessDay, isOpenAt, nextClosing, nextOpening } from "./opening-hours.ts";
import type { OwnRestaurant } from "./schema.ts";
import type { Found, RestaurantDocument } from "./store.ts";

/** Whether it takes orders at that time, with the next opening or closing. */
function openness({ acceptingOrders, openingHours }: RestaurantDocument, now: Date) {
  if (!acceptingOrders) return { openNow: false };
  const openNow = isOpenAt(openingHours, now);
  const opensAt = nextOpening(openingHours, now)?.toISOString();
  const closesAt = nextClosing(openingHours, now)?.toISOString();
  return { openNow, ...(opensAt && { opensAt }), ...(closesAt && { closesAt }) };
}

/** The business day by its own clock; without opening hours in UTC. */
export const businessDayOf = ({ openingHours }: Pick<RestaurantDocument, "openingHours">, now: Date) =>
  businessDay(openingHours?.timeZone ?? "UTC", now);

export const publicView = (restaurant: Found, now: Date): Restaurant => ({
  restaurantId: restaurant._id,
  name: restaurant.name,
  cuisines: restaurant.cuisines,
  phone: restaurant.phone,
  address: restaurant.address,
  currency: restaurant.currency,
  deliveryRadiusMeters: restaurant.deliveryRadiusMeters,
  deliveryFeeCents: restaurant.deliveryFeeCents,
  prepMinutes: restaurant.prepMinutes,
  ...(restaurant.openingHours && { openingHours: restaurant.openingHours }),
  ...(restaurant.categoryOrder && { categoryOrder: restaurant.categoryOrder }),
  ...(restaurant.categoryHours?.length && { categoryHours: restaurant.categoryHours }),
  ...(hasZones(restaurant) && { deliversByZone: true }),
  ...(restaurant.tax && { tax: restaurant.tax }),
  acceptingOrders: restaurant.acceptingOrders,
  ...openness(restaurant, now),
  ...(restaurant.distanceMeters !== undefined && { distanceMeters: Math.round(restaurant.distanceMeters) }),
});

export const ownView = (restaurant: RestaurantDocument, now: Date): OwnRestaurant => ({
  ...publicView(restaurant, now),
  ...(restaurant.deliveryZones && { deliveryZones: restaurant.deliveryZones }),
  email: restaurant.email,
  createdAt: restaurant.createdAt.toISOString(),
  secondFactorRequired: restaurant.team?.secondFactorRequired ?? false,
});
