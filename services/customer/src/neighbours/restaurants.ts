import type { BrowseQuery } from "@food/shared/contracts/restaurant";
import type { ServiceClient } from "@food/shared/service-client";
import { withQuery } from "@food/shared/service-client";

export const searchRestaurants = (restaurants: ServiceClient, query: BrowseQuery) =>
  restaurants.forward({ method: "GET", path: withQuery("/v1/restaurants", query) });

export const restaurantOf = (restaurants: ServiceClient, restaurantId: string) =>
  restaurants.forward({ method: "GET", path: `/v1/restaurants/${restaurantId}` });

export const menuOf = (restaurants: ServiceClient, restaurantId: string, ifNoneMatch: string | undefined) =>
  restaurants.forward({
    method: "GET",
    path: `/v1/restaurants/${restaurantId}/menu`,
    ...(ifNoneMatch !== undefined && { headers: { "if-none-match": ifNoneMatch } }),
  });
