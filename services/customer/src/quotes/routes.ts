import { withCaller } from "@food/shared/auth/guard";
import { CartQuote } from "@food/shared/contracts/price";
import { detailOf } from "@food/shared/http/detail";
import { problems } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import { unprocessable } from "@food/shared/values/errors";
import { Elysia } from "elysia";
import type { AddressStore } from "../addresses/store.ts";
import { quoteOf } from "../clients/restaurants.ts";
import { Cart } from "../orders/schema.ts";

export interface QuoteRouteDeps {
  restaurants: ServiceClient;
  addresses: AddressStore;
}

export const quoteRoutes = ({ restaurants, addresses }: QuoteRouteDeps) =>
  new Elysia({ name: "quotes" }).use(withCaller()).post(
    "/v1/quotes",
    async ({ caller, body: { addressId, ...cart }, status }) => {
      const { address } = await addresses.findDoor(caller.id, addressId);
      if (!address)
        throw unprocessable("ADDRESS_NOT_FOUND", "You have no such address.", {
          details: [{ pointer: "/addressId", detail: "Not one of your addresses" }],
        });
      return status(200, await quoteOf(restaurants, { ...cart, dropoff: address.location }));
    },
    {
      body: Cart,
      response: {
        200: CartQuote,
        404: problems("RESTAURANT_NOT_FOUND"),
        422: problems(
          "ADDRESS_NOT_FOUND",
          "DISH_NOT_FOUND",
          "DISH_UNAVAILABLE",
          "OPTIONS_INVALID",
          "RESTAURANT_CLOSED",
          "BELOW_MINIMUM_ORDER",
          "OUT_OF_RANGE",
          "TIP_TOO_LARGE",
        ),
        503: problems("DEPENDENCY_UNAVAILABLE"),
      },
      detail: detailOf("orders")(
        "The exact price of a cart",
        "Stores nothing. Placing the cart within five minutes with the `quoteId` costs exactly this. A 422 names everything that is wrong with the cart.",
      ),
    },
  );
