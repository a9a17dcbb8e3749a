import type { BrowseQuery } from "@food/shared/contracts/restaurant";
import type { ServiceClient } from "@food/shared/service-client";
import { withQuery } from "@food/shared/service-client";

export const searchRestaurants = (restaurants: ServiceClient, query: BrowseQuery) =>
  restaurants.forward({ method: "GET", path: withQuery("/v1/restaurants", query) });

const conditional = (ifNoneMatch: string | undefined) =>
  ifNoneMatch === undefined ? {} : { headers: { "if-none-match": ifNoneMatch } };

export const restaurantOf = (
  restaurants: ServiceClient,
  restaurantId: string,
  ifNoneMatch: string | undefined,
) =>
  restaurants.forward({
    method: "GET",
    path: `/v1/restaurants/${restaurantId}`,
    ...conditional(ifNoneMatch),
  });

export const menuOf = (restaurants: ServiceClient, restaurantId: string, ifNoneMatch: string | undefined) =>
  restaurants.forward({
    method: "GET",
    path: `/v1/restaurants/${restaurantId}/menu`,
    ...conditional(ifNoneMatch),
  });
