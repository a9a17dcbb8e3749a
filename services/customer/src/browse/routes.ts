import {
  BROWSE_RULES,
  BrowseQuery,
  DeliveryQuery,
  SearchPage,
  SearchQuery,
} from "@food/shared/contracts/browse";
import { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import { RestaurantId } from "@food/shared/contracts/ids";
import { Menu, Restaurant, RestaurantPage } from "@food/shared/contracts/restaurant";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import { IfNoneMatch } from "@food/shared/values/etag";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { restaurantsOf } from "../clients/restaurants.ts";

const detail = detailOf("browse");
const missing = { 404: problems("RESTAURANT_NOT_FOUND") };
const refusals = { 503: problems("DEPENDENCY_UNAVAILABLE") };
const RestaurantParams = Type.Object({ restaurantId: RestaurantId });

export function browseRoutes({ restaurants }: { restaurants: ServiceClient }) {
  const { search, searchMenus, restaurant, menu, delivery } = restaurantsOf(restaurants);
  return new Elysia({ name: "browse" })
    .get("/v1/restaurants", ({ query, headers }) => search(query, headers["if-none-match"]), {
      query: BrowseQuery,
      headers: IfNoneMatch,
      response: {
        200: RestaurantPage,
        304: Type.Void(),
        400: problems("MALFORMED_CURSOR"),
        422: Problem,
        ...refusals,
      },
      detail: detail("Find restaurants", BROWSE_RULES.restaurants),
    })
    .get("/v1/search", ({ query }) => searchMenus(query), {
      query: SearchQuery,
      response: { 200: SearchPage, 400: problems("MALFORMED_CURSOR"), 422: Problem, ...refusals },
      detail: detail("Find dishes and restaurants as people type", BROWSE_RULES.search),
    })
    .get(
      "/v1/restaurants/:restaurantId",
      ({ params, headers }) => restaurant(params.restaurantId, headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Restaurant, 304: Type.Void(), ...missing, 422: Problem, ...refusals },
        detail: detail("One restaurant", BROWSE_RULES.restaurant),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/menu",
      ({ params, headers }) => menu(params.restaurantId, headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Menu, 304: Type.Void(), ...missing, 422: Problem, ...refusals },
        detail: detail("Its menu", BROWSE_RULES.menu),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/delivery",
      ({ params, query }) => delivery(params.restaurantId, query),
      {
        params: RestaurantParams,
        query: DeliveryQuery,
        response: { 200: DeliveryOffer, ...missing, 422: Problem, ...refusals },
        detail: detail("Whether it delivers to an address, at what fee and minimum", BROWSE_RULES.delivery),
      },
    );
}
