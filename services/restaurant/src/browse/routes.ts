// The public routes. Responses are the cached bytes, or 304 when the client has them.

import { BROWSE_RULES, BrowseQuery, DeliveryQuery } from "@food/shared/contracts/browse";
import { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import { Menu, Restaurant, RestaurantPage } from "@food/shared/contracts/restaurant";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { IfNoneMatch, isFresh } from "@food/shared/values/etag";
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

/** Throws 404 when there are no bytes. */
function answerWith(cached: CachedBytes | undefined, ifNoneMatch: string | undefined): Response {
  if (!cached) throw noSuchRestaurant();
  const headers = { etag: cached.etag, "cache-control": "public, no-cache" };
  if (isFresh(ifNoneMatch, cached.etag)) return new Response(null, { status: 304, headers });
  return new Response(cached.bytes, { headers: { ...headers, "content-type": "application/json" } });
}

export const browseRoutes = ({ storefront, popularity }: BrowseDeps) =>
  new Elysia({ name: "browse" })
    .get(
      "/v1/restaurants",
      async ({ query, headers }) => answerWith(await storefront.search(query), headers["if-none-match"]),
      {
        query: BrowseQuery,
        headers: IfNoneMatch,
        response: { 200: RestaurantPage, 304: Type.Void(), 400: problems("MALFORMED_CURSOR"), 422: Problem },
        detail: detail("Find restaurants", BROWSE_RULES.restaurants),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId",
      async ({ params, headers }) =>
        answerWith(await storefront.restaurant(params.restaurantId), headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Restaurant, 304: Type.Void(), ...missing, 422: Problem },
        detail: detail("One restaurant", BROWSE_RULES.restaurant),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/menu",
      async ({ params: { restaurantId }, headers }) => {
        const answer = answerWith(await storefront.menu(restaurantId), headers["if-none-match"]);
        popularity.count(restaurantId);
        return answer;
      },
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
