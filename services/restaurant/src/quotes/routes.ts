import { serviceOnly } from "@food/shared/auth/authenticated";
import type { VerifyToken } from "@food/shared/auth/tokens";
import { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { Problem } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { type QuoteDeps, quote } from "./quote.ts";

export const quoteRoutes = (deps: QuoteDeps & { verifyToken: VerifyToken }) =>
  new Elysia({ name: "quotes" })
    .use(serviceOnly(deps.verifyToken))
    .post("/internal/quotes", async ({ body, status }) => status(200, await quote(deps, body, new Date())), {
      body: QuoteRequest,
      response: { 200: Quote, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem },
      detail: {
        tags: ["internal"],
        summary: "The current price of an order",
        security: [{ service: [] }],
      },
    });
