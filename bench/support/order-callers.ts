// The services around the order service, replaced by this process, and their calls.
import type { Order } from "@food/shared/contracts/order";
import type { Quote } from "@food/shared/contracts/restaurant";
import { downstream } from "./order-replica.ts";

/** Few, because the database may be an emulator with one core. */
const AT_ONCE = 4;
const TRIES = 20;

/** The restaurant service answers every quote with this one; no courier is on duty. */
export async function orderCallers(quote: Quote) {
  const internal: Record<string, unknown> = {
    "/internal/token-ends": { items: [], more: false },
    "/internal/quotes": quote,
    "/internal/couriers/free": { items: [] },
  };
  /** `other` is the answer to internal requests that are not in the table. */
  const answering = (issuer: string, other: object = {}) =>
    downstream(issuer, (path) => internal[path] ?? (path.startsWith("/internal/") ? other : undefined));
  const customer = await answering("customer");
  const restaurant = await answering("restaurant");
  const delivery = await answering("delivery", { couriers: [], reachMeters: 5_000, hasMore: false });
  const service = (issuer: { sign: typeof customer.sign }, subject: string) =>
    issuer.sign({ subject, role: "service", audience: ["order"], ttlSeconds: 3_600 });
  return {
    // All orders of a benchmark go to one address.
    environment: {
      OPEN_ORDERS_PER_ADDRESS: "1000000",
      CUSTOMER_URL: customer.url,
      RESTAURANT_URL: restaurant.url,
      DELIVERY_URL: delivery.url,
    },
    tokens: {
      customer: await service(customer, "customer"),
      restaurant: await service(restaurant, "restaurant"),
    },
    tokenOf: (customerId: string) =>
      customer.sign({
        ...{ subject: customerId, role: "customer", audience: ["order"], ttlSeconds: 3_600 },
      }),
    stop() {
      for (const { stop } of [customer, restaurant, delivery]) stop();
    },
  };
}

type Answer = Pick<Order, "orderId" | "status" | "totalCents">;

/** With a body it is a POST. Repeats what a busy machine does not answer in time; throws for another status. */
export async function send(
  url: string,
  token: string,
  expected: number,
  body?: unknown,
  triesLeft = TRIES,
): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.status === expected) return (await response.json()) as Answer;
  const text = await response.text();
  if (response.status !== 503 || triesLeft === 0)
    throw new Error(`${url} answered ${response.status}: ${text}`);
  await Bun.sleep(100);
  return send(url, token, expected, body, triesLeft - 1);
}

/** Works on some at a time. The results are in the sequence of the items. */
export async function inTurns<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [i, item] of queue) results[i] = await work(item);
    }),
  );
  return results;
}
