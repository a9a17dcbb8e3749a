// The order service on a free port between fake downstream services, for integration tests.

import type { FreeCourier, OrderProgress } from "@food/shared/contracts/delivery";
import type { Order, PlaceOrderRequest } from "@food/shared/contracts/order";
import type { QuoteRequest } from "@food/shared/contracts/restaurant";
import type {
  AllOnDuty,
  AssignTrips,
  CourierSearch,
  CouriersOnDuty,
  TripOutcomes,
} from "@food/shared/contracts/trip";
import { connectSubscriber } from "@food/shared/storage/redis";
import { declareShards } from "@food/shared/testing/scattered";
import {
  type Answer,
  call,
  cleanUp,
  eventually,
  type FakeService,
  fakeService,
  listen,
  testBase,
  testRedisUrl,
  untilReady,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderDeps, orderApp } from "./app.ts";
import type { DispatchSettings } from "./dispatch/terms.ts";
import { aQuote, aRequest } from "./orders/order.builder.ts";
import { shards } from "./shards.ts";

/** An answer of a fake service, immediate or delayed. */
type Given<T> = T | Response | Promise<T | Response>;

export interface OrderService {
  url: string;
  customer: FakeService;
  restaurant: FakeService;
  delivery: FakeService;
  /** The progress that the delivery service received, newest last. */
  told: { deliveryId: string; progress: OrderProgress }[];
  /** The orders whose stock the restaurant service was told to release, newest last. */
  released: string[];
  /** The answers of the fakes; replace one to test a refusal. */
  answers: {
    quote: (request: QuoteRequest) => Given<Response>;
    release: () => Response;
    /** To the notice that a webhook is disabled. */
    notice: (body: unknown) => Response;
    search: (request: CourierSearch) => Given<CouriersOnDuty>;
    assign: (request: AssignTrips) => Given<TripOutcomes>;
    onDuty: () => Given<AllOnDuty>;
    free: () => FreeCourier[];
    inform: () => Response;
  };
  place: (request?: Partial<PlaceOrderRequest>) => Promise<Answer<Order>>;
  /** Places one order, and asks again when a busy machine does not answer in time. */
  placed: () => Promise<Order>;
  move: (orderId: string, action: string, by: FakeService, body: object) => Promise<Answer<Order & Problem>>;
  /** A token of an operator; of a new one without an id. */
  operatorToken: (operatorId?: string) => Promise<string>;
  read: (orderId: string, by: FakeService, actorId: string) => Promise<Answer<Order>>;
  base: OrderDeps;
  /** Stops the background work, so only the test changes data. */
  stopWorkers: () => Promise<unknown>;
}

export interface Problem {
  code: string;
  currentStatus?: string;
  allowedActions?: string[];
}

/** The defaults of config.ts. */
export const DISPATCH_SETTINGS: DispatchSettings = {
  VEHICLE_SPEEDS: "on_foot=80,bicycle=250,cargo_bike=220,scooter=350,car=350",
  PICKUP_SECONDS: 120,
  DROP_OFF_SECONDS: 120,
  DELIVERY_TARGET_MINUTES: 40,
  DETOUR_MAX_MINUTES: 25,
  COURIER_HORIZON_MINUTES: 40,
  COURIERS_PLENTY: 1,
  DAY_SPEED: 1,
};

export const NO_COURIERS: CouriersOnDuty = { couriers: [], reachMeters: 30_000 };

async function answer(given: Given<object>): Promise<Response> {
  const body = await given;
  return body instanceof Response ? body : Response.json(body);
}

/** Options for tests. Without Redis the service uses MongoDB alone. */
export async function startOrderService(
  options: Partial<OrderDeps> & { redisUrl?: string; mongoUrl?: string; region?: string } = {},
): Promise<OrderService> {
  const { redisUrl = testRedisUrl(), mongoUrl, region, ...overrides } = options;
  const told: OrderService["told"] = [];
  const released: OrderService["released"] = [];
  const answers: OrderService["answers"] = {
    quote: () => Response.json(aQuote()),
    release: () => new Response(null, { status: 204 }),
    notice: () => new Response(null, { status: 204 }),
    search: () => NO_COURIERS,
    assign: () => ({ outcomes: [] }),
    onDuty: () => ({ couriers: [], hasMore: false }),
    free: () => [],
    inform: () => new Response(null, { status: 204 }),
  };
  const customer = await fakeService("customer");
  const restaurant = await fakeService("restaurant", async (request, path) => {
    if (path === "/internal/quotes") return answers.quote((await request.json()) as QuoteRequest);
    if (path.includes("/disabled-webhooks/")) return answers.notice(await request.json());
    const response = answers.release();
    if (response.ok) released.push(path.split("/")[3] ?? "");
    return response;
  });
  const delivery = await fakeService("delivery", async (request, path) => {
    if (path === "/internal/couriers/free") return Response.json({ items: answers.free() });
    if (path === "/internal/couriers/on-duty") return answer(answers.onDuty());
    const body = await request.json();
    if (path === "/internal/couriers/search") return answer(answers.search(body as CourierSearch));
    if (path === "/internal/trips") return answer(answers.assign(body as AssignTrips));
    const response = answers.inform();
    if (response.ok) told.push({ deliveryId: path.split("/")[3] ?? "", progress: body as OrderProgress });
    return response;
  });
  declareShards(shards);
  const base = await testBase("order", {
    redisUrl,
    ...(mongoUrl && { mongoUrl }),
    ...(region && { config: { REGION: region } }),
  });
  const subscriber = connectSubscriber(redisUrl, base.log);
  cleanUp(() => subscriber.disconnect());
  const deps: OrderDeps = {
    ...base,
    subscriber,
    CUSTOMER_URL: customer.url,
    RESTAURANT_URL: restaurant.url,
    DELIVERY_URL: delivery.url,
    ACCESS_TOKEN_SECONDS: 900,
    SESSION_MAX_DAYS: 90,
    OPERATOR_EMAIL: "",
    OPERATOR_PASSWORD: "",
    ACCEPT_WITHIN_SECONDS: 600,
    ASSIGN_WITHIN_SECONDS: 2_700,
    PICKUP_WITHIN_SECONDS: 1_800,
    DISPATCH_EVERY_MS: 100,
    DEADLINES_EVERY_MS: 50,
    COURIER_METERS_PER_MINUTE: 250,
    ...DISPATCH_SETTINGS,
    OPEN_ORDERS_PER_CUSTOMER: 1_000,
    OPEN_ORDERS_PER_ADDRESS: 1_000,
    ARCHIVE_AFTER_DAYS: 0,
    WEBHOOK_TARGETS: "any",
    ...overrides,
  };
  const built = orderApp(deps);
  const url = await listen(base, built);
  // After this the subscriptions of the app are active.
  await untilReady(subscriber, redisUrl);
  const send = async (body: PlaceOrderRequest) =>
    call<Order>(url, "POST /internal/orders", { token: await customer.serviceToken("order"), body });

  return {
    url,
    customer,
    restaurant,
    delivery,
    told,
    released,
    answers,
    base: deps,
    stopWorkers: built.stop,
    place: async (request = {}) => send(aRequest(request)),
    placed: () => {
      const request = aRequest();
      return eventually(async () => {
        const { status, body } = await send(request);
        return status === 201 && body;
      });
    },
    operatorToken: (subject = newId("opr")) =>
      base.signToken({ subject, role: "operator", audience: ["order"], ttlSeconds: 300 }),
    read: async (orderId, by, actorId) =>
      call<Order>(url, `GET /internal/orders/${orderId}?actorId=${actorId}`, {
        token: await by.serviceToken("order"),
      }),
    move: async (orderId, action, by, body) =>
      call<Order & Problem>(url, `POST /internal/orders/${orderId}/${action}`, {
        token: await by.serviceToken("order"),
        body,
      }),
  };
}
