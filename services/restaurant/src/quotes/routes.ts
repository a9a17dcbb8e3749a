import { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { Problem } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { type QuoteDeps, quote } from "./quote.ts";

export const quoteRoutes = (deps: QuoteDeps) =>
  new Elysia({ name: "quotes" }).post(
    "/internal/quotes",
    async ({ body, status }) => status(200, await quote(deps, body, new Date())),
    {
      body: QuoteRequest,
      response: { 200: Quote, 404: Problem, 409: Problem, 422: Problem },
      detail: {
        tags: ["internal"],
        summary: "The current price of an order",
      },
    },
  );
