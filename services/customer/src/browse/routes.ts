import { BrowseQuery, DeliveryQuery, SearchPage, SearchQuery } from "@food/shared/contracts/browse";
import { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import { RestaurantId } from "@food/shared/contracts/ids";
import { Menu, Restaurant, RestaurantPage } from "@food/shared/contracts/restaurant";
import { Problem } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import { IfNoneMatch } from "@food/shared/values/etag";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { restaurantsOf } from "../clients/restaurants.ts";

const detail = (summary: string) => ({ tags: ["browse"], summary });
const RestaurantParams = Type.Object({ restaurantId: RestaurantId });

export function browseRoutes({ restaurants }: { restaurants: ServiceClient }) {
  const { search, searchMenus, restaurant, menu, delivery } = restaurantsOf(restaurants);
  return new Elysia({ name: "browse" })
    .get("/v1/restaurants", ({ query, headers }) => search(query, headers["if-none-match"]), {
      query: BrowseQuery,
      headers: IfNoneMatch,
      response: { 200: RestaurantPage, 304: Type.Void(), 400: Problem, 422: Problem, 503: Problem },
      detail: detail("Find restaurants"),
    })
    .get("/v1/search", ({ query }) => searchMenus(query), {
      query: SearchQuery,
      response: { 200: SearchPage, 400: Problem, 422: Problem, 503: Problem },
      detail: detail("Find dishes and restaurants as people type"),
    })
    .get(
      "/v1/restaurants/:restaurantId",
      ({ params, headers }) => restaurant(params.restaurantId, headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Restaurant, 304: Type.Void(), 404: Problem, 422: Problem, 503: Problem },
        detail: detail("One restaurant"),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/menu",
      ({ params, headers }) => menu(params.restaurantId, headers["if-none-match"]),
      {
        params: RestaurantParams,
        headers: IfNoneMatch,
        response: { 200: Menu, 304: Type.Void(), 404: Problem, 422: Problem, 503: Problem },
        detail: detail("Its menu"),
      },
    )
    .get(
      "/v1/restaurants/:restaurantId/delivery",
      ({ params, query }) => delivery(params.restaurantId, query),
      {
        params: RestaurantParams,
        query: DeliveryQuery,
        response: { 200: DeliveryOffer, 404: Problem, 422: Problem, 503: Problem },
        detail: detail("Whether it delivers to an address, at what fee and minimum"),
      },
    );
}
