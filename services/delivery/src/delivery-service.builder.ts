// The delivery service on a free port beside a fake order service, for integration tests.
import type { AssignOutcome, AssignRequest, OrderProgress } from "@food/shared/contracts/delivery";
import type { MoveRequest, Order } from "@food/shared/contracts/order";
import { connectSubscriber } from "@food/shared/storage/redis";
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
import type { DeliveryDocument } from "./deliveries/store.ts";

export type Assigned = Extract<AssignOutcome, { outcome: "assigned" }>;

export interface Problem {
  code: string;
  details?: { pointer: string }[];
  currentStatus?: string;
  allowedActions?: string[];
}

/** What the fake order service was asked to do. */
export interface AskedMove {
  orderId: string;
  action: string;
  request: MoveRequest;
}

export const PLACE: Location = { lat: 52.52, lng: 13.405 };
/** A place so many metres north of the restaurant, give or take a few. */
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

export const anOrderId = () => newId("ord");

export const anAssignRequest = (overrides: Partial<AssignRequest> = {}): AssignRequest => ({
  orderId: anOrderId(),
  pickup: { name: "Trattoria Adler", address: anAddress(PLACE) },
  dropoff: { address: anAddress(metersNorth(2_000)) },
  orderVersion: 1,
  ...overrides,
});

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

/** Where the order stands, as the order service would tell it. */
export type Progress = Partial<OrderProgress> & Pick<OrderProgress, "status" | "orderVersion">;

export interface DeliveryService {
  url: string;
  order: FakeService;
  /** What the order service was asked to do, newest last. */
  asked: AskedMove[];
  /** What the order service answers to a move; change it to make it refuse. */
  answers: { move: (asked: AskedMove) => Response };
  base: DeliveryDeps;
  /** Ends what runs in the background: from then on only the test changes anything. */
  stopWorkers: () => Promise<unknown>;
  couriers: () => ReturnType<typeof couriersOf>;
  deliveries: () => ReturnType<typeof deliveriesOf>;
  /** A courier as if signed up: on duty at the restaurant unless told otherwise. */
  aCourier: (overrides?: Partial<CourierDocument> & { at?: Location | null }) => Promise<TestCourier>;
  assign: (deliveryId: string, request: AssignRequest) => Promise<Answer<AssignOutcome>>;
  /** A courier with a delivery of a new order. */
  anAssignment: () => Promise<TestCourier & { deliveryId: string; orderId: string }>;
  follow: (deliveryId: string, orderId: string, progress: Progress) => Promise<Answer>;
  act: (
    by: { token: string },
    deliveryId: string,
    action: string,
    body?: object,
  ) => Promise<Answer<Delivery & Problem>>;
}

const couriersOf = (base: DeliveryDeps) => base.mongo.db.collection<CourierDocument>("couriers");
const deliveriesOf = (base: DeliveryDeps) => base.mongo.db.collection<DeliveryDocument>("deliveries");

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

/** Everything a test may want to turn; with the same `mongoUrl` and `order` it is another replica. */
export async function startDeliveryService(
  options: Partial<DeliveryDeps> & { redisUrl?: string; mongoUrl?: string; order?: FakeService } = {},
): Promise<DeliveryService> {
  const { redisUrl = testRedisUrl(), mongoUrl, order: given, ...overrides } = options;
  const asked: AskedMove[] = [];
  const answers: DeliveryService["answers"] = {
    move: ({ orderId }) => Response.json(anOrderView(orderId)),
  };
  const order =
    given ??
    (await fakeService("order", async (request, path) => {
      const [, , , orderId = "", action = ""] = path.split("/");
      const move = { orderId, action, request: (await request.json()) as MoveRequest };
      asked.push(move);
      return answers.move(move);
    }));
  const opened = await testBase("delivery", { redisUrl, ...(mongoUrl && { mongoUrl }) });
  const subscriber = connectSubscriber(redisUrl, opened.log);
  cleanUp(() => subscriber.disconnect());
  const base: DeliveryDeps = {
    ...opened,
    subscriber,
    ORDER_URL: order.url,
    ACCESS_TOKEN_SECONDS: 900,
    SIGN_UPS_PER_HOUR: 1_000_000,
    MAX_PICKUP_DISTANCE_METERS: 30_000,
    POSITION_MAX_AGE_SECONDS: 300,
    ...overrides,
  };
  const built = deliveryApp(base);
  const url = await listen(opened, built);
  // What the app has subscribed to is subscribed to, then.
  await untilReady(subscriber, redisUrl);
  const serviceToken = await order.serviceToken("delivery");

  const assign: DeliveryService["assign"] = (deliveryId, body) =>
    call<AssignOutcome>(url, `PUT /internal/deliveries/${deliveryId}`, { token: serviceToken, body });
  return {
    url,
    order,
    asked,
    answers,
    base,
    stopWorkers: built.stop,
    couriers: () => couriersOf(base),
    deliveries: () => deliveriesOf(base),
    aCourier: (overrides = {}) => insertCourier(base, overrides),
    assign,
    async anAssignment() {
      const courier = await insertCourier(base, { available: false });
      await couriersOf(base).updateMany({ claim: null }, { $set: { available: false } });
      await couriersOf(base).updateOne({ _id: courier.courierId }, { $set: { available: true } });
      const [deliveryId, request] = [newId("dlv"), anAssignRequest()];
      const { body } = await assign(deliveryId, request);
      if (body.outcome !== "assigned" || body.courier.courierId !== courier.courierId)
        throw new Error(`Not assigned: ${JSON.stringify(body)}`);
      return { ...courier, deliveryId, orderId: request.orderId };
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
