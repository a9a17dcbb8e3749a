import { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { privateDetailOf } from "@food/shared/http/detail";
import { problems } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { type QuoteDeps, quote } from "./quote.ts";

export const quoteRoutes = (deps: QuoteDeps) =>
  new Elysia({ name: "quotes" }).post(
    "/internal/quotes",
    async ({ body, status }) => status(200, await quote(deps, body, new Date())),
    {
      body: QuoteRequest,
      response: {
        200: Quote,
        404: problems("RESTAURANT_NOT_FOUND"),
        409: problems("ORDER_ENDED", "QUOTE_CHANGED", "QUOTE_EXPIRED", "RESTAURANT_BUSY"),
        422: problems(
          "BELOW_MINIMUM_ORDER",
          "DISH_NOT_FOUND",
          "DISH_UNAVAILABLE",
          "OPTIONS_INVALID",
          "OUT_OF_RANGE",
          "RESTAURANT_CLOSED",
          "TIP_TOO_LARGE",
        ),
      },
      detail: privateDetailOf("internal")("The current price of an order"),
    },
  );
