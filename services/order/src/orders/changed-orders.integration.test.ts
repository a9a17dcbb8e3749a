import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { restaurantChannel } from "@food/shared/contracts/live";
import {
  type ChangedOrders,
  OPEN_ORDERS_MAX,
  ORDER_STATUSES,
  type Order,
} from "@food/shared/contracts/order";
import type { ItemChange } from "@food/shared/live/owner-feed";
import { connectSubscriber } from "@food/shared/storage/redis";
import {
  call,
  cleanUp,
  describeWithDatabases,
  eventually,
  type FakeService,
  testRedisUrl,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "./order.builder.ts";
import type { OrderDocument } from "./order.ts";
import { isFinal } from "./status.ts";

type Known = Record<string, number>;

describeWithDatabases("changes of a restaurant's orders", () => {
  let service: OrderService;
  let restaurantId: string;
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000, DEADLINES_EVERY_MS: 1_000_000 });
  });
  beforeEach(() => {
    restaurantId = newId("rst");
  });

  async function orders(...given: Partial<OrderDocument>[]) {
    const made = given.map((one, nth) =>
      anOrder({ _id: newId("ord", nth), restaurantId, awaitingCourier: false, ...one }),
    );
    await service.base.mongo.db.collection<OrderDocument>("orders").insertMany(made);
    return made.map(({ _id }) => _id) as [string, string, string];
  }
  const ask = async (body: object, by: FakeService | null = service.restaurant) =>
    call<ChangedOrders>(service.url, "POST /internal/orders/changed", {
      ...(by && { token: await by.serviceToken("order") }),
      body,
    });
  async function changed(known: Known = {}, actorId = restaurantId) {
    const versions = Object.entries(known).map(([orderId, version]) => ({ orderId, version }));
    const { status, body } = await ask({ actorId, known: versions });
    expect(status).toBe(200);
    const ids = (some: Order[]) => some.map(({ orderId }) => orderId);
    return { open: ids(body.open), ended: ids(body.ended) };
  }

  test("returns all open orders, oldest first, when the restaurant knows none", async () => {
    const ids = await orders(...ORDER_STATUSES.map((status) => ({ status })));
    const open = ids.filter((_, nth) => !isFinal(ORDER_STATUSES[nth] ?? "pending"));
    expect(await changed()).toEqual({ open, ended: [] });
    const { body } = await ask({ actorId: restaurantId, known: [] });
    expect(body.open[0]).toMatchObject({ restaurantId, version: 1, status: "pending" });
    expect(JSON.stringify(body)).not.toContain("handoverPin");
  });

  test("returns orders newer than the known versions, ended ones included", async () => {
    const [same, newer, ended] = await orders(
      { version: 3 },
      { version: 4 },
      { version: 5, status: "cancelled" },
    );
    expect(await changed({ [same]: 3, [newer]: 3, [ended]: 4 })).toEqual({ open: [newer], ended: [ended] });
    expect(await changed({ [same]: 3, [newer]: 4, [ended]: 5 })).toEqual({ open: [], ended: [] });
  });

  test("returns no order of another restaurant, known or not", async () => {
    const [theirs, gone] = await orders({}, { status: "delivered", version: 9 });
    expect(await changed({ [theirs]: 1, [gone]: 1 }, newId("rst"))).toEqual({ open: [], ended: [] });
  });

  test("with too many open orders, returns the oldest and one more", async () => {
    const ids = await orders(...Array.from({ length: OPEN_ORDERS_MAX + 3 }, () => ({})));
    expect((await changed()).open).toEqual(ids.slice(0, OPEN_ORDERS_MAX + 1));
  });

  describe("POST /internal/orders/changed", () => {
    test("answers 401 without a token, and 403 to services of other actors", async () => {
      const body = { actorId: restaurantId, known: [] };
      expect((await ask(body, null)).status).toBe(401);
      for (const by of [service.customer, service.delivery]) expect((await ask(body, by)).status).toBe(403);
    });

    test.each([
      {},
      { actorId: newId("cus"), known: [] },
      { actorId: newId("rst") },
      { actorId: newId("rst"), known: [{ orderId: newId("ord"), version: 0 }] },
      { actorId: newId("rst"), known: [{ orderId: { $ne: "" }, version: 1 }] },
      { actorId: newId("rst"), known: [], status: "pending" },
      {
        actorId: newId("rst"),
        known: Array.from({ length: OPEN_ORDERS_MAX + 1 }, () => ({ orderId: newId("ord"), version: 1 })),
      },
    ])("answers 422 for an invalid body", async (body) => {
      expect((await ask(body)).status).toBe(422);
    });
  });

  test("publishes each change once on the restaurant's channel, with only the order's id and version", async () => {
    const subscriber = connectSubscriber(testRedisUrl(), service.base.log);
    cleanUp(() => subscriber.disconnect());
    const { body: order } = await service.place();
    const received: ItemChange[] = [];
    subscriber.on("message", (_, text: string) => received.push(JSON.parse(text) as ItemChange));
    await subscriber.subscribe(restaurantChannel(order.restaurantId));
    const actor = { actorId: order.restaurantId };
    await service.move(order.orderId, "accept", service.restaurant, { ...actor, prepMinutes: 10 });
    await service.move(order.orderId, "accept", service.restaurant, { ...actor, prepMinutes: 10 });
    await service.move(order.orderId, "prepare", service.restaurant, actor);
    await eventually(async () => received.some(({ version }) => version === 3));
    expect(received.filter(({ id }) => id === order.orderId)).toEqual(
      [2, 3].map((version) => ({ id: order.orderId, version })),
    );
  });
});
