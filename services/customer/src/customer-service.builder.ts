// The customer service on a free port with fake downstream services, for integration tests.

import { type Inbox, mailConfig, startInbox } from "@food/shared/testing/inbox";
import { declareShards } from "@food/shared/testing/scattered";
import {
  type Answer,
  call,
  cleanUp,
  type FakeService,
  fakeService,
  listen,
  testBase,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type CustomerDeps, customerApp } from "./app.ts";
import { shards } from "./shards.ts";

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export interface SignedUp {
  customerId: string;
  email: string;
  password: string;
  token: string;
  refreshToken: string;
}

export interface CustomerService {
  url: string;
  restaurant: FakeService;
  order: FakeService;
  /** The last request that each downstream service received. */
  received: { restaurant?: ReceivedRequest; order?: ReceivedRequest };
  /** How the fakes respond. Tests replace these. */
  answers: Record<"restaurant" | "order", (received: ReceivedRequest) => Response | Promise<Response>>;
  base: CustomerDeps;
  signUp: () => Promise<SignedUp>;
}

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Problem {
  code: string;
  detail: string;
  details?: { pointer: string; detail?: string }[];
}

export const PASSWORD = "correct horse battery";
export const anEmail = () => `${newId("mail").slice(5)}@example.com`;
export const anAddress = (overrides: object = {}) => ({
  label: "Home",
  line1: "Torstr. 1",
  city: "Berlin",
  postalCode: "10119",
  country: "DE",
  location: { lat: 52.53, lng: 13.4 },
  ...overrides,
});
/** The parts in which two responses must be equal: everything but the request id. */
export const withoutId = ({ status, body }: Answer) => ({ status, body: { ...body, requestId: "" } });
/** Values that MongoDB would read as operators if they reached a query. */
export const OPERATORS = [
  { $ne: null },
  { $gt: "" },
  { $regex: ".*" },
  { $where: "1" },
  ["x"],
  { $in: ["x"] },
];

export async function startCustomerService(
  options: Parameters<typeof testBase>[1] & { signUpsPerHour?: number; eraseAfterMs?: number } = {},
): Promise<CustomerService> {
  const received: CustomerService["received"] = {};
  const answers: CustomerService["answers"] = {
    restaurant: () => Response.json({ items: [], nextCursor: null }),
    order: () => Response.json({ items: [], nextCursor: null }),
  };
  const listenTo = (who: "restaurant" | "order") => async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const { method } = request;
    const head = { method, path: pathname + search, headers: new Headers(request.headers) };
    const one = { ...head, body: text ? JSON.parse(text) : {} };
    received[who] = one;
    return answers[who](one);
  };
  const restaurant = await fakeService("restaurant", listenTo("restaurant"));
  const order = await fakeService("order", listenTo("order"));
  declareShards(shards);
  const base: CustomerDeps = {
    ...(await testBase("customer", options)),
    RESTAURANT_URL: restaurant.url,
    ORDER_URL: order.url,
    ACCESS_TOKEN_SECONDS: 900,
    SESSION_MAX_DAYS: 90,
    ...(options.eraseAfterMs !== undefined && { eraseAfterMs: options.eraseAfterMs, eraseEveryMs: 20 }),
    SIGN_UPS_PER_HOUR: options.signUpsPerHour ?? 1_000_000,
  };
  const url = await listen(base, customerApp(base));

  async function signUp(): Promise<SignedUp> {
    const credentials = { email: anEmail(), password: PASSWORD };
    const registered = await call(url, "POST /v1/customers", { body: { ...credentials, name: "Ada" } });
    const session = await call<Tokens>(url, "POST /v1/sessions", { body: credentials });
    return {
      ...credentials,
      customerId: String(registered.body.customerId),
      token: session.body.accessToken,
      refreshToken: session.body.refreshToken,
    };
  }
  return { url, restaurant, order, received, answers, base, signUp };
}

/** The service, and the mail that it sends. */
export async function startWithInbox(
  config: Record<string, string> = {},
): Promise<{ service: CustomerService; inbox: Inbox }> {
  const inbox = await startInbox();
  cleanUp(inbox.stop);
  return { inbox, service: await startCustomerService({ config: { ...mailConfig(inbox), ...config } }) };
}
