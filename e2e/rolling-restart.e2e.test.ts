// Replaces every process under load. No request fails, and no stream loses an event.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { openEventStream, type StreamedEvent } from "@food/shared/testing/event-stream";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import {
  type Actor,
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { playOrder } from "./dinner.ts";
import { type KeepAliveClient, keepAliveClient } from "./keep-alive.ts";
import { type Platform, SERVICES, type ServiceName, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;
/** How long a balancer keeps sending to a process after SIGTERM. */
const BALANCER_DELAY_MS = 2_000;
const SHUTDOWN_DELAY_MS = BALANCER_DELAY_MS + 1_000;

describeWithDatabases("a rolling restart of all services", () => {
  let platform: Platform;
  let restaurant: Kitchen;
  let customer: Eater;
  let couriers: Actor[];
  beforeAll(async () => {
    platform = await startPlatform({
      replicas: { customer: 2, restaurant: 2, order: 2, delivery: 2 },
      // No order is held back for its food: the kitchen waits for the courier here.
      environment: { SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS), COURIERS_PLENTY: "0" },
    });
    restaurant = await openRestaurant(platform);
    customer = await newCustomer(platform);
    couriers = await Promise.all(Array.from({ length: 8 }, () => courierOnDuty(platform)));
  }, TEST_MS);

  async function restart(service: ServiceName, index: number): Promise<number> {
    const replica = platform.replicas[service][index];
    const balancer = platform.balancers[service];
    if (!replica) throw new Error(`The replica of ${service} does not exist`);
    const exited = replica.kill("SIGTERM");
    await Bun.sleep(BALANCER_DELAY_MS);
    balancer.targets = balancer.targets.filter((target) => target !== new URL(replica.url).host);
    const exitCode = await exited;
    await replica.start();
    return exitCode;
  }

  /** Follows to the end, as a browser does: after each disconnect it resumes from the last event. */
  async function follow(orderId: string, connections: { count: number }): Promise<StreamedEvent[]> {
    const events: StreamedEvent[] = [];
    while (!events.some(({ event, data }) => event === "end" && data.status)) {
      const last = events.findLast(({ id }) => id)?.id;
      const stream = await openEventStream(`${platform.urls.order}/v1/orders/${orderId}/events`, {
        authorization: `Bearer ${customer.token}`,
        ...(last && { "last-event-id": last }),
      });
      expect(stream.status).toBe(200);
      connections.count += 1;
      await stream.closed;
      events.push(...stream.events);
    }
    return events;
  }

  test(
    "fails no request, loses no event, and every process exits with 0",
    async () => {
      let over = false;
      const answered = { good: 0, bad: [] as string[] };
      const again = async (work: () => Promise<unknown>) => {
        while (!over)
          await work().catch((error: Error) => {
            answered.bad.push(error.message);
          });
      };
      const onAnswer = () => {
        answered.good += 1;
      };
      const followed = await Promise.all(
        [1, 2, 3].map(async () => expectStatus(await customer.order(restaurant), 201)),
      );
      const connections = { count: 0 };
      const streams = followed.map(({ orderId }) => follow(orderId, connections));
      const kept = (service: ServiceName, path: string, actor: Actor) =>
        [1, 2].map((): [KeepAliveClient, string, Actor] => [
          keepAliveClient(platform.urls[service]),
          path,
          actor,
        ]);
      const keptOpen = [
        ...kept("customer", "/v1/customers/me", customer),
        ...kept("restaurant", "/v1/restaurants/me", restaurant),
        ...kept("order", `/v1/orders/${followed[0]?.orderId}/timeline`, customer),
        ...kept("delivery", "/v1/couriers/me", couriers[0] ?? customer),
      ];
      const clients = [
        ...[1, 2, 3].map(() => again(() => playOrder({ restaurant, customer, couriers, onAnswer }))),
        again(async () =>
          expectStatus(await customer.send(`GET /v1/restaurants/${restaurant.id}/menu`), 200),
        ),
        again(async () =>
          expectStatus(await customer.send<{ items: Order[] }>("GET /v1/orders?limit=5"), 200),
        ),
        again(async () => expectStatus(await restaurant.send("GET /v1/orders?limit=5"), 200)),
        ...keptOpen.map(([client, path, actor]) =>
          again(async () => {
            const status = await client.get(path, actor.token);
            if (status !== 200) throw new Error(`${path} answered ${status}`);
            answered.good += 1;
          }),
        ),
      ];

      const exitCodes: number[] = [];
      const moves = ["prepare", "ready"];
      for (const index of [0, 1]) {
        exitCodes.push(...(await Promise.all(SERVICES.map((service) => restart(service, index)))));
        for (const { orderId } of followed)
          expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/${moves[index]}`), 200);
      }
      over = true;
      await Promise.all(clients);
      const reason = { reason: "closing_early" };
      for (const { orderId } of followed)
        expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/cancel`, reason), 200);

      for (const [client] of keptOpen) client.close();
      expect(answered.bad).toEqual([]);
      for (const [client] of keptOpen) expect(client.connections()).toBeGreaterThan(1);
      expect(answered.good).toBeGreaterThan(50);
      expect(exitCodes).toEqual(Array(2 * SERVICES.length).fill(0));
      for (const [i, events] of (await Promise.all(streams)).entries()) {
        const ids = events.flatMap(({ event, id }) => (event === "status" && id ? [Number(id)] : []));
        const { body } = await customer.send<Order>(`GET /v1/orders/${followed[i]?.orderId}`);
        const [firstId = 0] = ids;
        expect(ids).toEqual(Array.from({ length: body.version - firstId + 1 }, (_, n) => firstId + n));
        expect(firstId).toBeLessThanOrEqual(3);
      }
      expect(connections.count).toBeGreaterThan(followed.length);
      await eventually(async () => platform.all.every((replica) => replica.isRunning()));
    },
    TEST_MS,
  );
});
