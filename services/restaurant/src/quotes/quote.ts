// The current price of an order. Reads MongoDB, never the cache, so that no price is stale and no dish sold out.
import type { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { type AppError, unprocessable } from "@food/shared/values/errors";
import { type CategoryTimes, categoryTimes, unavailability } from "../dishes/availability.ts";
import type { DishDocument, DishStore } from "../dishes/store.ts";
import { deliversTo, metersTo } from "../restaurants/delivery-range.ts";
import { isOpenAt, nextOpening } from "../restaurants/opening-hours.ts";
import { noSuchRestaurant, type RestaurantDocument, type RestaurantStore } from "../restaurants/store.ts";

export interface QuoteDeps {
  restaurants: RestaurantStore;
  dishes: DishStore;
}

function closed({ acceptingOrders, openingHours }: RestaurantDocument, now: Date): AppError | undefined {
  if (!acceptingOrders)
    return unprocessable("RESTAURANT_CLOSED", "The restaurant takes no orders at the moment.");
  if (isOpenAt(openingHours, now)) return undefined;
  const opens = nextOpening(openingHours, now);
  const when = opens ? ` It opens at ${opens.toISOString()}.` : "";
  return unprocessable("RESTAURANT_CLOSED", `The restaurant is closed now.${when}`);
}

function outOfRange(restaurant: RestaurantDocument, { dropoff }: QuoteRequest): AppError | undefined {
  if (deliversTo(restaurant, dropoff)) return undefined;
  return unprocessable(
    "OUT_OF_RANGE",
    `The address is ${metersTo(restaurant, dropoff)} m away; the restaurant delivers within ${restaurant.deliveryRadiusMeters} m.`,
  );
}

/** Why a dish cannot be ordered now. */
function whyUnavailable(dish: DishDocument, times: CategoryTimes, now: Date): string | undefined {
  const unavailable = unavailability(dish, times, now);
  if (!unavailable) return undefined;
  const why = unavailable.because === "sold_out" ? "Sold out" : "Not served at this time";
  return unavailable.from ? `${why}, available from ${unavailable.from.toISOString()}` : why;
}

function unorderable(
  { items }: QuoteRequest,
  menu: Map<string, DishDocument>,
  times: CategoryTimes,
  now: Date,
): AppError | undefined {
  const details = (why: (dish: DishDocument | undefined) => string | undefined) =>
    items.flatMap(({ dishId }, i) => {
      const detail = why(menu.get(dishId));
      return detail === undefined ? [] : [{ pointer: `/items/${i}/dishId`, detail }];
    });
  const missing = details((dish) => (dish ? undefined : "Not on this menu"));
  if (missing.length > 0)
    return unprocessable("DISH_NOT_FOUND", "Not everything is on this restaurant's menu.", {
      details: missing,
    });
  const unavailable = details((dish) => dish && whyUnavailable(dish, times, now));
  if (unavailable.length > 0)
    return unprocessable("DISH_UNAVAILABLE", "Not everything is to be had at the moment.", {
      details: unavailable,
    });
  return undefined;
}

/** Throws 404 for an unknown restaurant, and 422 when it is closed, too far away, or a dish is not available. */
export async function quote(
  { restaurants, dishes }: QuoteDeps,
  request: QuoteRequest,
  now: Date,
): Promise<Quote> {
  const dishIds = [...new Set(request.items.map(({ dishId }) => dishId))];
  const [restaurant, ordered] = await Promise.all([
    restaurants.find(request.restaurantId),
    dishes.these(request.restaurantId, dishIds),
  ]);
  if (!restaurant) throw noSuchRestaurant();
  const menu = new Map(ordered.map((dish) => [dish._id, dish]));
  const refusal =
    closed(restaurant, now) ??
    unorderable(request, menu, categoryTimes(restaurant), now) ??
    outOfRange(restaurant, request);
  if (refusal) throw refusal;
  return {
    restaurantId: restaurant._id,
    restaurantName: restaurant.name,
    address: restaurant.address,
    currency: restaurant.currency,
    deliveryFeeCents: restaurant.deliveryFeeCents,
    prepMinutes: restaurant.prepMinutes,
    items: ordered.map(({ _id, name, priceCents }) => ({ dishId: _id, name, unitPriceCents: priceCents })),
  };
}
