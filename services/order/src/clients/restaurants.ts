import { Quote, type QuoteRequest } from "@food/shared/contracts/restaurant";
import type { ServiceClient } from "@food/shared/http/service-client";

/** A quote changes nothing, so the client may retry it. */
export const quoteFrom = (restaurants: ServiceClient) => (request: QuoteRequest) =>
  restaurants.ask(Quote, { method: "POST", path: "/internal/quotes", body: request, repeatable: true });
