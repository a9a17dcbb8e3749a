// Races between requests over the compiled binaries.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import {
  type Actor,
  courierOnDuty,
  type Eater,
  expectStatus,
  newCustomer,
  openRestaurant,
  retryOn503,
} from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const BICYCLE_CAPACITY = 2;

interface Delivery {
  deliveryId: string;
  orderId: string;
}

describeWithDatabases("races", () => {
  let platform: Platform;
  beforeAll(async () => {
    // Orders are not held back for the food.
    platform = await startPlatform({ environment: { COURIERS_PLENTY: "0" } });
  });

  const assignedTo = async (courier: Actor): Promise<Delivery[]> =>
    expectStatus(await courier.send<{ items: Delivery[] }>("GET /v1/deliveries?status=assigned"), 200).items;

  /** The order service hears of an assignment after the courier does. */
  const knowsCourier = (customer: Eater, orderId: string, courier: Actor) =>
    eventually(async () => {
      const order = expectStatus(await customer.send<Order>(`GET /v1/orders/${orderId}`), 200);
      return order.courier?.courierId === courier.id;
    });

  test("fifty requests at once with one Idempotency-Key place one order", async () => {
    const restaurant = await openRestaurant(platform, { lat: 48.1, lng: 11.5 });
    const customer = await newCustomer(platform, { lat: 48.109, lng: 11.5 });
    const key = crypto.randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => retryOn503(() => customer.order(restaurant, key))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
    const { items } = expectStatus(await customer.send<{ items: Order[] }>("GET /v1/orders"), 200);
    expect(items).toHaveLength(1);
    expectStatus(await customer.send(`POST /v1/orders/${items[0]?.orderId}/cancel`), 200);
  });

  test("with fifty orders and one free courier: two make a trip, the others follow as the courier becomes free", async () => {
    const restaurant = await openRestaurant(platform);
    const customer = await newCustomer(platform);
    const keys = Array.from({ length: 50 }, () => crypto.randomUUID());
    const placed = await Promise.all(keys.map((key) => retryOn503(() => customer.order(restaurant, key))));
    expect(new Set(placed.map((answer) => expectStatus(answer, 201).orderId)).size).toBe(50);
    const courier = await courierOnDuty(platform);

    const served: string[] = [];
    while (served.length < 6) {
      const live = await eventually(async () => {
        const now = await assignedTo(courier);
        return now.length > 0 && now;
      });
      expect(live.length).toBeLessThanOrEqual(BICYCLE_CAPACITY);
      const trip = expectStatus(await courier.send<{ tripId: string }>("GET /v1/couriers/me/trip"), 200);
      for (const { orderId } of live) {
        expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/prepare`), 200);
        expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/ready`), 200);
      }
      await eventually(async () => {
        const { status } = await courier.send(`POST /v1/trips/${trip.tripId}/pickup`);
        return status === 200;
      });
      for (const { orderId, deliveryId } of live) {
        const { handoverPin: pin } = expectStatus(
          await customer.send<Order>(`GET /v1/orders/${orderId}`),
          200,
        );
        expectStatus(await courier.send(`POST /v1/deliveries/${deliveryId}/deliver`, { pin }), 200);
        served.push(orderId);
      }
      await eventually(
        async () =>
          (await courier.send("GET /v1/couriers/me/trip")).status === 404 ||
          (await assignedTo(courier)).length > 0,
      );
    }
    expect(new Set(served).size).toBe(served.length);
    expectStatus(await courier.send("PUT /v1/couriers/me/availability", { available: false }), 200);
  });

  test("a declined order goes to the next courier and never back", async () => {
    const restaurant = await openRestaurant(platform, { lat: 50.1, lng: 8.6 });
    const customer = await newCustomer(platform, { lat: 50.109, lng: 8.6 });
    const first = await courierOnDuty(platform, { lat: 50.101, lng: 8.6 });
    const order = expectStatus(await customer.order(restaurant), 201);
    const [delivery] = await eventually(async () => {
      const live = await assignedTo(first);
      return live.length > 0 && live;
    });
    expectStatus(await first.send(`POST /v1/deliveries/${delivery?.deliveryId}/decline`), 200);
    const second = await courierOnDuty(platform, { lat: 50.12, lng: 8.6 });
    const [next] = await eventually(async () => {
      const live = await assignedTo(second);
      return live.length > 0 && live;
    });
    expect(next?.orderId).toBe(order.orderId);
    expect(await assignedTo(first)).toEqual([]);
    await knowsCourier(customer, order.orderId, second);
  });

  test("a cancelled order sets its courier free", async () => {
    const restaurant = await openRestaurant(platform, { lat: 47.3, lng: 8.5 });
    const customer = await newCustomer(platform, { lat: 47.309, lng: 8.5 });
    const courier = await courierOnDuty(platform, { lat: 47.301, lng: 8.5 });
    const order = expectStatus(await customer.order(restaurant), 201);
    await eventually(async () => (await assignedTo(courier)).length === 1);
    expectStatus(await customer.send(`POST /v1/orders/${order.orderId}/cancel`), 200);
    await eventually(async () => (await assignedTo(courier)).length === 0);
    const next = expectStatus(await customer.order(restaurant), 201);
    const [delivery] = await eventually(async () => {
      const live = await assignedTo(courier);
      return live.length > 0 && live;
    });
    expect(delivery?.orderId).toBe(next.orderId);
  });

  // In https://github.com/ever-co/ever-demand/issues/1297 the moves of a carrier did not depend on who had
  // the order. A carrier who had once seen an order could finish it, although another carrier had taken it.
  test("a courier who lost an order cannot act on it, at any moment", async () => {
    const restaurant = await openRestaurant(platform, { lat: 45.4, lng: 9.2 });
    const customer = await newCustomer(platform, { lat: 45.409, lng: 9.2 });
    const first = await courierOnDuty(platform, { lat: 45.401, lng: 9.2 });
    const { orderId } = expectStatus(await customer.order(restaurant), 201);
    const seen = await eventually(async () => (await assignedTo(first))[0]);
    expectStatus(await first.send(`POST /v1/deliveries/${seen.deliveryId}/decline`), 200);
    const second = await courierOnDuty(platform, { lat: 45.42, lng: 9.2 });
    const { deliveryId } = await eventually(async () => (await assignedTo(second))[0]);
    await knowsCourier(customer, orderId, second);
    expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/prepare`), 200);
    expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/ready`), 200);
    const { handoverPin: pin } = expectStatus(await customer.send<Order>(`GET /v1/orders/${orderId}`), 200);

    for (const [action, body] of [["pickup"], ["deliver", { pin }]] as const) {
      const tries = [seen.deliveryId, deliveryId].flatMap((id) => Array<string>(10).fill(id));
      const [good, ...bad] = await Promise.all([
        second.send(`POST /v1/deliveries/${deliveryId}/${action}`, body),
        ...tries.map((id) => first.send(`POST /v1/deliveries/${id}/${action}`, body)),
      ]);
      expect(good?.status).toBe(200);
      expect(bad.map(({ status }) => status)).toEqual([...Array(10).fill(409), ...Array(10).fill(404)]);
    }
    const { status, courier } = expectStatus(await customer.send<Order>(`GET /v1/orders/${orderId}`), 200);
    expect([status, courier?.courierId]).toEqual(["delivered", second.id]);
  });
});
