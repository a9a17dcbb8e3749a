// The public routes. Responses are the cached bytes, or 304 when the client has them.

import { BROWSE_RULES, BrowseQuery, DeliveryQuery } from "@food/shared/contracts/browse";
import { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import { RestaurantId } from "@food/shared/contracts/ids";
import { Menu, Restaurant, RestaurantPage } from "@food/shared/contracts/restaurant";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { cachedResponse, type DirectRead } from "@food/shared/service/direct-reads";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { IfNoneMatch } from "@food/shared/values/etag";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { noSuchRestaurant } from "../restaurants/store.ts";
import type { Popularity } from "./popularity.ts";
import { RestaurantParams } from "./schema.ts";
import type { Storefront } from "./storefront.ts";

export interface BrowseDeps {
  storefront: Storefront;
  popularity: Popularity;
}

const missing = { 404: problems("RESTAURANT_NOT_FOUND") };
const detail = detailOf("browse");

function existing(cached: CachedBytes | undefined): CachedBytes {
  if (!cached) throw noSuchRestaurant();
  return cached;
}

const RESTAURANT = "/v1/restaurants/:restaurantId";
const MENU = "/v1/restaurants/:restaurantId/menu";

const readsOf = ({ storefront, popularity }: BrowseDeps) => ({
  restaurant: async (restaurantId: string) => existing(await storefront.restaurant(restaurantId)),
  async menu(restaurantId: string) {
    const cached = existing(await storefront.menu(restaurantId));
    popularity.count(restaurantId);
    return cached;
  },
});

/** The reads that people make most. */
export function directBrowseReads(deps: BrowseDeps): DirectRead[] {
  const { restaurant, menu } = readsOf(deps);
  return [
    { route: MENU, id: RestaurantId, read: menu },
    { route: RESTAURANT, id: RestaurantId, read: restaurant },
  ];
}

export function browseRoutes(deps: BrowseDeps) {
  const { storefront } = deps;
  const { restaurant, menu } = readsOf(deps);
  return new Elysia({ name: "browse" })
    .get(
      "/v1/restaurants",
      async ({ query, headers }) =>
        cachedResponse(existing(await storefront.search(query)), headers["if-none-match"]),
      {
        query: BrowseQuery,
        headers: IfNoneMatch,
        response: { 200: RestaurantPage, 304: Type.Void(), 400: problems("MALFORMED_CURSOR"), 422: Problem },
        detail: detail("Find restaurants", BROWSE_RULES.restaurants),
      },
    )
    .get(
      RESTAURANT,
      async ({ params, headers }) =>
        cachedResponse(await restaurant(params.restaurantId), headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Restaurant, 304: Type.Void(), ...missing, 422: Problem },
        detail: detail("One restaurant", BROWSE_RULES.restaurant),
      },
    )
    .get(
      MENU,
      async ({ params, headers }) =>
        cachedResponse(await menu(params.restaurantId), headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Menu, 304: Type.Void(), ...missing, 422: Problem },
        detail: detail("The menu by category; sold-out dishes are not available", BROWSE_RULES.menu),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/delivery",
      async ({ params: { restaurantId }, query, status }) => {
        const offer = await storefront.delivery(restaurantId, query);
        if (!offer) throw noSuchRestaurant();
        return status(200, offer);
      },
      {
        params: RestaurantParams,
        query: DeliveryQuery,
        response: { 200: DeliveryOffer, ...missing, 422: Problem },
        detail: detail("Whether it delivers to an address, at what fee and minimum", BROWSE_RULES.delivery),
      },
    );
}
