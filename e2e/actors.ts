// Clients of the three actors. Each calls its own service with its own token.
import type { Order } from "@food/shared/contracts/order";
import type { Menu } from "@food/shared/contracts/restaurant";
import { type Answer, call, eventually } from "@food/shared/testing/tools";
import type { Location } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import type { Platform } from "./platform.ts";

/** The public URLs of a platform. */
export type Where = Pick<Platform, "urls">;

export const PASSWORD = "correct horse battery";
const CITY = { city: "Berlin", postalCode: "10115", country: "DE" };

export interface Actor {
  id: string;
  email: string;
  token: string;
  /** Sends a request as this actor. */
  send: <T = Record<string, unknown>>(
    route: `${string} /${string}`,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<T>>;
}

/** Throws with the body unless the answer has this status. */
export function expectStatus<T>(answer: Answer<T>, status: number): T {
  if (answer.status !== status)
    throw new Error(`Expected ${status}, not ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Retries while the service answers 503, as every client should: after its Retry-After, and not all at the same time. */
export async function retryOn503<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  return eventually(async () => {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    const retryAfterMs = Number(answer.headers.get("retry-after")) * 1_000;
    await Bun.sleep(retryAfterMs * (1 + Math.random()));
    return undefined;
  });
}

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sub;

async function signUp(
  baseUrl: string,
  plural: "customers" | "restaurants" | "couriers",
  profile: object,
): Promise<Actor> {
  const email = `${newId("who")}@example.com`;
  const body = { email, password: PASSWORD, ...profile };
  const account = await retryOn503(() => call(baseUrl, `POST /v1/${plural}`, { body }));
  // A sign-up that was answered 503 may have succeeded.
  if (account.status !== 409) expectStatus(account, 201);
  return signIn(baseUrl, email);
}

async function signIn(baseUrl: string, email: string): Promise<Actor> {
  const body = { email, password: PASSWORD };
  const session = await retryOn503(() => call<Session>(baseUrl, "POST /v1/sessions", { body }));
  const { accessToken: token } = expectStatus(session, 201);
  return {
    id: subjectOf(token),
    email,
    token,
    send: (route, sent, headers = {}) =>
      call(baseUrl, route, { token, headers, ...(sent !== undefined && { body: sent }) }),
  };
}

interface Session {
  accessToken: string;
}

export interface Kitchen extends Actor {
  dishIds: string[];
  /** Prices in cents, by dish. */
  prices: Record<string, number>;
}

/** An open restaurant with two dishes on its menu. */
export async function openRestaurant(
  { urls }: { urls: Pick<Where["urls"], "restaurant"> },
  at = { lat: 52.52, lng: 13.405 },
  profile: object = {},
): Promise<Kitchen> {
  const restaurant = await signUp(urls.restaurant, "restaurants", {
    name: "Da Enzo",
    cuisines: ["Italian", "Pizza"],
    phone: "+49 30 1234567",
    address: { line1: "Torstrasse 1", ...CITY, location: at },
    currency: "EUR",
    deliveryRadiusMeters: 5_000,
    deliveryFeeCents: 250,
    prepMinutes: 15,
    ...profile,
  });
  const prices: Record<string, number> = {};
  for (const [name, priceCents] of [
    ["Margherita", 950],
    ["Tiramisu", 600],
  ] as const) {
    const dish = { name, priceCents, description: "", category: "Food", available: true };
    const { dishId } = expectStatus(
      await retryOn503(() => restaurant.send("POST /v1/restaurants/me/dishes", dish)),
      201,
    );
    prices[String(dishId)] = priceCents;
  }
  expectStatus(
    await retryOn503(() => restaurant.send("PUT /v1/restaurants/me/availability", { acceptingOrders: true })),
    200,
  );
  return { ...restaurant, dishIds: Object.keys(prices), prices };
}

export interface Eater extends Actor {
  addressId: string;
  order: (kitchen: Kitchen, key?: string) => Promise<Answer<Order>>;
}

/** The environment that makes the first operator. */
export const FIRST_OPERATOR = { OPERATOR_EMAIL: "operator@example.com", OPERATOR_PASSWORD: PASSWORD };

/** The first operator, and another one whom the first has added. */
export async function twoOperators({ urls }: Where): Promise<{ own: Actor; other: Actor }> {
  const own = await signIn(urls.order, FIRST_OPERATOR.OPERATOR_EMAIL);
  const email = `${newId("who")}@example.com`;
  const profile = { email, password: PASSWORD, name: "Grace" };
  expectStatus(await own.send("POST /v1/operators", profile), 201);
  return { own, other: await signIn(urls.order, email) };
}

/** A customer with their own address, by default one kilometre north of the restaurant. */
export async function newCustomer({ urls }: Where, at = { lat: 52.529, lng: 13.405 }): Promise<Eater> {
  const customer = await signUp(urls.customer, "customers", { name: "Ada Lovelace" });
  const address = {
    label: "Home",
    line1: `Chausseestrasse ${newId("door")}`,
    ...CITY,
    location: at,
  };
  const { addressId } = expectStatus(
    await retryOn503(() => customer.send("POST /v1/customers/me/addresses", address)),
    201,
  );
  return {
    ...customer,
    addressId: String(addressId),
    order: (kitchen, key = crypto.randomUUID()) =>
      customer.send<Order>(
        "POST /v1/orders",
        {
          restaurantId: kitchen.id,
          addressId,
          note: "Third floor",
          items: [
            { dishId: kitchen.dishIds[0], quantity: 2, note: "well done" },
            { dishId: kitchen.dishIds[1], quantity: 1 },
          ],
        },
        { "idempotency-key": key },
      ),
  };
}

export interface Rider extends Actor {
  at: Location;
}

/** A courier on duty, by default some hundred metres from the restaurant. */
export async function courierOnDuty({ urls }: Where, at = { lat: 52.522, lng: 13.405 }): Promise<Rider> {
  const courier = await signUp(urls.delivery, "couriers", {
    name: "Kim",
    phone: "+49 151 1234567",
    vehicle: "bicycle",
  });
  expectStatus(await retryOn503(() => courier.send("PUT /v1/couriers/me/location", { location: at })), 204);
  expectStatus(
    await retryOn503(() => courier.send("PUT /v1/couriers/me/availability", { available: true })),
    200,
  );
  return { ...courier, at };
}

export const menuAt = async (customer: Actor, restaurantId: string): Promise<Menu> =>
  expectStatus(await customer.send<Menu>(`GET /v1/restaurants/${restaurantId}/menu`), 200);
