// Many concurrent streams, and the resources after they close.
import { beforeAll, expect, test } from "bun:test";
import { orderChannel } from "@food/shared/contracts/live";
import { openEventStream } from "@food/shared/testing/event-stream";
import { openManyStreams } from "@food/shared/testing/many-streams";
import { describeWithDatabases, eventually, subscriptionsTo } from "@food/shared/testing/service";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

const CROWD = 1_000;

describeWithDatabases("many concurrent streams", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000, DEADLINES_EVERY_MS: 1_000_000 });
  });
  const tokenOf = ({ customerId }: OrderDocument) =>
    service.customer.tokenFor(customerId, "customer", "order");
  async function placed(count: number) {
    const orders = Array.from({ length: count }, () => anOrder({ awaitingCourier: false }));
    await service.base.mongo.db.collection<OrderDocument>("orders").insertMany(orders);
    return orders;
  }
  const openNow = async () => (await service.base.metrics.openStreams.get()).values[0]?.value;
  const subscriptions = (orders: OrderDocument[]) =>
    subscriptionsTo(service.base.redis, ...orders.map(({ _id }) => orderChannel(_id)));

  test("opened at once: each is served or refused with a retry, and none leaves resources open", async () => {
    const orders = await placed(CROWD);
    const tokens = await Promise.all(orders.map(tokenOf));
    const events: string[][] = orders.map(() => []);
    const crowd = await openManyStreams({
      url: service.url,
      count: CROWD,
      pathOf: (index) => `/v1/orders/${orders[index]?._id}/events`,
      headersOf: (index) => ({ authorization: `Bearer ${tokens[index]}` }),
      onEvent: (index, block) => events[index]?.push(block),
    });
    const { 200: taken = 0, 503: refused = 0 } = Object.fromEntries(crowd.statuses);
    expect(taken + refused).toBe(CROWD);
    expect(taken).toBeGreaterThan(100);
    await eventually(async () => events.filter((blocks) => blocks.length > 0).length === taken);
    expect([crowd.open(), await openNow()]).toEqual([taken, taken]);
    const first = events.findIndex((blocks) => blocks.length > 0);
    const moved = orders[first] as OrderDocument;
    await service.move(moved._id, "accept", service.restaurant, {
      actorId: moved.restaurantId,
      prepMinutes: 10,
    });
    await eventually(async () => events[first]?.some((block) => block.startsWith("event: status\nid: 2\n")));
    expect(await subscriptions(orders)).toBe(taken);
    crowd.close();
    await eventually(async () => (await openNow()) === 0);
    await eventually(async () => (await subscriptions(orders)) === 0);
  });

  test("of one order share one subscription", async () => {
    const [order] = (await placed(1)) as [OrderDocument];
    const token = await tokenOf(order);
    const crowd = await openManyStreams({
      url: service.url,
      count: 40,
      pathOf: () => `/v1/orders/${order._id}/events`,
      headersOf: () => ({ authorization: `Bearer ${token}` }),
      onEvent: () => undefined,
    });
    expect([crowd.open(), await subscriptions([order])]).toEqual([40, 1]);
    crowd.close();
    await eventually(async () => (await subscriptions([order])) === 0);
  });

  test("of one caller are limited: the next is refused until one has closed", async () => {
    const [order] = (await placed(1)) as [OrderDocument];
    const headers = { authorization: `Bearer ${await tokenOf(order)}` };
    const url = `${service.url}/v1/orders/${order._id}/events`;
    const streams = await Promise.all(Array.from({ length: 50 }, () => openEventStream(url, headers)));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await openEventStream(url, headers);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    streams[0]?.close();
    await eventually(async () => (await openNow()) === 49);
    const again = await openEventStream(url, headers);
    expect(again.status).toBe(200);
    for (const { close } of [...streams, again]) close();
    await eventually(async () => (await openNow()) === 0);
    expect(await subscriptions([order])).toBe(0);
  });
});
