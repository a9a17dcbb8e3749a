// The restaurant service's public responses, passed through byte for byte. Concurrent readers of the same path share a
// call, and no response is older than its request.
import type { BrowseQuery, DeliveryQuery, SearchQuery } from "@food/shared/contracts/browse";
import { CartQuote } from "@food/shared/contracts/price";
import type { QuoteRequest } from "@food/shared/contracts/restaurant";
import type { ServiceClient } from "@food/shared/http/service-client";
import { withQuery } from "@food/shared/http/service-client";
import { freshFlights } from "@food/shared/process/single-flight";
import { Type } from "@sinclair/typebox";

const QuotedCart = Type.Object({ cart: CartQuote });

/** A quote changes nothing, so the client may retry it. */
export async function quoteOf(client: ServiceClient, body: QuoteRequest): Promise<CartQuote> {
  const call = { method: "POST", path: "/internal/quotes", body, repeatable: true } as const;
  return (await client.ask(QuotedCart, call)).cart;
}

export interface Restaurants {
  search: (query: BrowseQuery, ifNoneMatch: string | undefined) => Promise<Response>;
  searchMenus: (query: SearchQuery) => Promise<Response>;
  restaurant: (restaurantId: string, ifNoneMatch: string | undefined) => Promise<Response>;
  menu: (restaurantId: string, ifNoneMatch: string | undefined) => Promise<Response>;
  delivery: (restaurantId: string, query: DeliveryQuery) => Promise<Response>;
}

export function restaurantsOf(client: ServiceClient): Restaurants {
  const shared = freshFlights<{ status: number; headers: Headers; bytes: ArrayBuffer }>();

  async function read(path: string, ifNoneMatch?: string): Promise<Response> {
    const headers = ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch };
    const answer = await shared(`${path} ${ifNoneMatch}`, async () => {
      const response = await client.forward({ method: "GET", path, headers });
      return { status: response.status, headers: response.headers, bytes: await response.arrayBuffer() };
    });
    const body = answer.status === 304 ? null : answer.bytes;
    return new Response(body, { status: answer.status, headers: answer.headers });
  }

  return {
    search: (query, ifNoneMatch) => read(withQuery("/v1/restaurants", query), ifNoneMatch),
    searchMenus: (query) => read(withQuery("/v1/search", query)),
    restaurant: (restaurantId, ifNoneMatch) => read(`/v1/restaurants/${restaurantId}`, ifNoneMatch),
    menu: (restaurantId, ifNoneMatch) => read(`/v1/restaurants/${restaurantId}/menu`, ifNoneMatch),
    delivery: (restaurantId, query) => read(withQuery(`/v1/restaurants/${restaurantId}/delivery`, query)),
  };
}
