import { Quote, type QuoteRequest } from "@food/shared/contracts/restaurant";
import type { ReleaseStock } from "@food/shared/contracts/stock";
import type { DisabledWebhook } from "@food/shared/contracts/webhooks";
import { discard } from "@food/shared/http/response-body";
import type { ServiceClient } from "@food/shared/http/service-client";

/** A quote takes stock once for each order, so the client may retry it. */
export const quoteFrom = (restaurants: ServiceClient) => (request: QuoteRequest) =>
  restaurants.ask(Quote, { method: "POST", path: "/internal/quotes", body: request, repeatable: true });

/** Gives back what an order has taken of limited dishes. Throws unless the restaurant service accepts it, or
 * has no such restaurant. */
export const releaseStockAt =
  (restaurants: ServiceClient) =>
  async (restaurantId: string, orderId: string): Promise<void> => {
    const body: ReleaseStock = { restaurantId };
    const path = `/internal/stock/${orderId}/release`;
    const response = await restaurants.send({ method: "PUT", path, body, repeatable: true });
    await discard(response);
    // A deleted restaurant has no stock.
    if (!response.ok && response.status !== 404)
      throw new Error(`The restaurant service answered ${response.status} to the release of stock`);
  };

/** Has the restaurant's owners mailed. A repetition mails them again. Throws unless the restaurant service accepts it. */
export const tellOwnersAt =
  (restaurants: ServiceClient) =>
  async (restaurantId: string, webhookId: string, body: DisabledWebhook): Promise<void> => {
    const path = `/internal/restaurants/${restaurantId}/disabled-webhooks/${webhookId}`;
    const response = await restaurants.send({ method: "PUT", path, body });
    await discard(response);
    if (!response.ok)
      throw new Error(`The restaurant service answered ${response.status} to a disabled webhook`);
  };
