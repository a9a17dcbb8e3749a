// The delivery service on a free port beside a fake order service, for integration tests.

import type { OrderProgress } from "@food/shared/contracts/delivery";
import type { MoveRequest, Order } from "@food/shared/contracts/order";
import type { DeliveryOutcome, NewDelivery, TripAssignment, TripOutcomes } from "@food/shared/contracts/trip";
import { connectSubscriber } from "@food/shared/storage/redis";
import { newIdOfOwner } from "@food/shared/storage/shard-key";
import { declareShards } from "@food/shared/testing/scattered";
import {
  type Answer,
  call,
  cleanUp,
  type FakeService,
  fakeService,
  listen,
  testBase,
  testRedisUrl,
  untilReady,
} from "@food/shared/testing/service";
import { type Location, toPoint } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import { type DeliveryDeps, deliveryApp } from "./app.ts";
import type { CourierDocument } from "./couriers/store.ts";
import type { Delivery } from "./deliveries/schema.ts";
import { shards } from "./shards.ts";
import { type DeliveryOnTrip, deliveriesOn, type TripDocument } from "./trips/trip.ts";

export type Assigned = Extract<DeliveryOutcome, { outcome: "assigned" }>;

export interface Problem {
  code: string;
  details?: { pointer: string }[];
  currentStatus?: string;
  allowedActions?: string[];
}

/** A call to the fake order service. */
export interface AskedMove {
  orderId: string;
  action: string;
  request: MoveRequest;
}

export const PLACE: Location = { lat: 52.52, lng: 13.405 };
/** A place about `meters` north of the restaurant. */
export const metersNorth = (meters: number): Location => ({
  lat: PLACE.lat + meters / 111_319,
  lng: PLACE.lng,
});

const anAddress = (location: Location) => ({
  line1: "Torstr. 1",
  city: "Berlin",
  postalCode: "10119",
  country: "DE",
  location,
});

/** All trips and deliveries are on its shard. */
const RESTAURANT_ID = newId("rst");
export const anOrderId = () => newId("ord");

export const aNewDelivery = (overrides: Partial<NewDelivery> = {}): NewDelivery => ({
  deliveryId: newIdOfOwner("dlv", RESTAURANT_ID),
  orderId: anOrderId(),
  orderVersion: 1,
  dropoff: { address: { label: "Home", ...anAddress(metersNorth(2_000)) } },
  ready: false,
  position: 0,
  why: {
    ...{ distanceMeters: 0, pickupAt: "2026-11-23T12:20:00.000Z", courierWaitSeconds: 0 },
    ...{ foodWaitSeconds: 0, bundleSize: 1, alternatives: 0 },
  },
  ...overrides,
});

/** A new trip with this number of orders, unless the deliveries are given. */
export function aTrip(
  courierId: string,
  { orders = 1, ...overrides }: Partial<TripAssignment> & { orders?: number } = {},
): TripAssignment {
  const deliveries =
    overrides.deliveries ?? Array.from({ length: orders }, (_, position) => aNewDelivery({ position }));
  return {
    ...{ tripId: newIdOfOwner("trp", RESTAURANT_ID), joins: false, courierId, restaurantId: RESTAURANT_ID },
    pickup: { name: "Trattoria Adler", address: anAddress(PLACE) },
    sequence: deliveries.map(({ orderId }) => orderId),
    ...overrides,
    deliveries,
  };
}

/** The order as the order service shows it to its courier. */
export const anOrderView = (orderId: string, overrides: Partial<Order> = {}): Order => ({
  orderId,
  restaurantId: newId("rst"),
  restaurantName: "Trattoria Adler",
  customerId: newId("cus"),
  items: [{ dishId: newId("dsh"), name: "Ribollita", quantity: 1, unitPriceCents: 950 }],
  subtotalCents: 950,
  deliveryFeeCents: 250,
  totalCents: 1_200,
  currency: "EUR",
  deliveryAddress: anAddress(metersNorth(2_000)),
  status: "out_for_delivery",
  version: 10,
  placedAt: "2026-11-23T12:00:00.000Z",
  acceptBy: "2026-11-23T12:10:00.000Z",
  estimatedDeliveryAt: "2026-11-23T12:40:00.000Z",
  ...overrides,
});

export interface TestCourier {
  courierId: string;
  token: string;
}

/** The progress of an order, as the order service sends it. */
export type Progress = Partial<OrderProgress> & Pick<OrderProgress, "status" | "orderVersion">;

export interface DeliveryService {
  url: string;
  order: FakeService;
  /** The calls to the order service, newest last. */
  asked: AskedMove[];
  /** The answer of the order service to a move or a read; replace it to test a refusal. */
  answers: { move: (asked: AskedMove) => Response | Promise<Response> };
  base: DeliveryDeps;
  /** Stops the background work, so only the test changes data. */
  stopWorkers: () => Promise<unknown>;
  couriers: () => ReturnType<typeof couriersOf>;
  trips: () => ReturnType<typeof tripsOf>;
  /** The stored delivery. */
  stored: (deliveryId: string) => Promise<DeliveryOnTrip | undefined>;
  /** A stored courier: by default on duty at the restaurant. */
  aCourier: (overrides?: Partial<CourierDocument> & { at?: Location | null }) => Promise<TestCourier>;
  assign: (...assignments: TripAssignment[]) => Promise<Answer<TripOutcomes>>;
  /** A courier with a delivery of a new order. */
  anAssignment: () => Promise<TestCourier & { tripId: string; deliveryId: string; orderId: string }>;
  follow: (deliveryId: string, orderId: string, progress: Progress) => Promise<Answer>;
  act: (
    by: { token: string },
    deliveryId: string,
    action: string,
    body?: object,
  ) => Promise<Answer<Delivery & Problem>>;
}

const couriersOf = (base: DeliveryDeps) => base.mongo.db.collection<CourierDocument>("couriers");
const tripsOf = (base: DeliveryDeps) => base.mongo.db.collection<TripDocument>("trips");

async function insertCourier(
  base: DeliveryDeps,
  { at = PLACE, ...overrides }: Partial<CourierDocument> & { at?: Location | null },
): Promise<TestCourier> {
  const courierId = newId("crr");
  const now = new Date();
  await couriersOf(base).insertOne({
    _id: courierId,
    email: `${courierId}@example.com`,
    passwordHash: "none",
    name: "Kim",
    phone: "+49 30 1234567",
    vehicle: "bicycle",
    available: true,
    claim: null,
    idleSince: now,
    createdAt: now,
    ...(at && { location: toPoint(at), locationAt: now }),
    ...overrides,
  });
  const claims = { subject: courierId, role: "courier", audience: ["delivery"], ttlSeconds: 300 };
  return { courierId, token: await base.signToken(claims) };
}

/** A refusal of the order service. */
export const aProblem = (status: number, problem: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ status, code: "SOME_CODE", detail: "Some words.", ...problem }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

/** Options for tests. The same `mongoUrl` and `order` start another replica. */
export async function startDeliveryService(
  options: Partial<DeliveryDeps> & Parameters<typeof testBase>[1] & { order?: FakeService } = {},
): Promise<DeliveryService> {
  const { redisUrl = testRedisUrl(), mongoUrl, config = {}, order: given, ...overrides } = options;
  const asked: AskedMove[] = [];
  const answers: DeliveryService["answers"] = {
    move: ({ orderId }) => Response.json(anOrderView(orderId)),
  };
  const order =
    given ??
    (await fakeService("order", async (request, path) => {
      const [, , , orderId = "", action = ""] = path.split("/");
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const body = request.method === "GET" ? {} : ((await request.json()) as MoveRequest);
      const move = { orderId, action, request: { ...query, ...body } as MoveRequest };
      asked.push(move);
      return answers.move(move);
    }));
  declareShards(shards);
  const opened = await testBase("delivery", { redisUrl, config, ...(mongoUrl && { mongoUrl }) });
  const subscriber = connectSubscriber(redisUrl, opened.log);
  cleanUp(() => subscriber.disconnect());
  const base: DeliveryDeps = {
    ...opened,
    subscriber,
    ORDER_URL: order.url,
    ACCESS_TOKEN_SECONDS: 900,
    SESSION_MAX_DAYS: 90,
    SIGN_UPS_PER_HOUR: 1_000_000,
    MAX_PICKUP_DISTANCE_METERS: 30_000,
    VEHICLE_CAPACITIES: "on_foot=1,bicycle=2,scooter=3,car=4,cargo_bike=4",
    POSITION_MAX_AGE_SECONDS: 300,
    ARCHIVE_AFTER_DAYS: 0,
    ...overrides,
  };
  const built = deliveryApp(base);
  const url = await listen(opened, built);
  // After this the subscriptions of the app are active.
  await untilReady(subscriber, redisUrl);
  const serviceToken = await order.serviceToken("delivery");

  const assign: DeliveryService["assign"] = (...assignments) =>
    call<TripOutcomes>(url, "POST /internal/trips", { token: serviceToken, body: { assignments } });
  return {
    url,
    order,
    asked,
    answers,
    base,
    stopWorkers: built.stop,
    couriers: () => couriersOf(base),
    trips: () => tripsOf(base),
    async stored(deliveryId) {
      const trip = await tripsOf(base).findOne({ "deliveries.deliveryId": deliveryId });
      return trip ? deliveriesOn(trip).find(({ delivery }) => delivery.deliveryId === deliveryId) : undefined;
    },
    aCourier: (overrides = {}) => insertCourier(base, overrides),
    assign,
    async anAssignment() {
      const courier = await insertCourier(base, {});
      const trip = aTrip(courier.courierId);
      const { body } = await assign(trip);
      const [{ deliveryId, orderId } = aNewDelivery()] = trip.deliveries;
      if (body.outcomes[0]?.outcome !== "assigned") throw new Error(`Not assigned: ${JSON.stringify(body)}`);
      return { ...courier, tripId: trip.tripId, deliveryId, orderId };
    },
    follow: (deliveryId, orderId, progress) =>
      call(url, `PUT /internal/deliveries/${deliveryId}/order`, {
        token: serviceToken,
        body: { orderId, ready: false, ...progress },
      }),
    act: ({ token }, deliveryId, action, body) =>
      call<Delivery & Problem>(url, `POST /v1/deliveries/${deliveryId}/${action}`, {
        token,
        ...(body && { body }),
      }),
  };
}
