// What a receiver gets, over the whole way from an order's change to its request.
import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases, eventually, freshMongoUrl } from "@food/shared/testing/service";
import { Value } from "@sinclair/typebox/value";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aQuote, aRequest } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { OrderWebhookEvent, type Webhook, type WebhookDelivery } from "./schema.ts";
import { postTo, resolveHost } from "./sending/post.ts";
import { ATTEMPTS_MAX } from "./sending/schedule.ts";
import { newRestaurant, type Received, type Receiver, startReceiver, verified } from "./webhooks.builder.ts";

const DAY_MS = 86_400_000;

describeWithDatabases("webhooks", () => {
  let service: OrderService;
  async function start(options: { mongoUrl?: string } = {}): Promise<OrderService> {
    const started = await startOrderService({
      webhooks: {
        everyMs: 50,
        post: postTo({ targets: "any", timeoutMs: 500, resolve: resolveHost }),
        pauseMs: (failures) => (failures < ATTEMPTS_MAX ? 5 : undefined),
      },
      ...options,
    });
    started.answers.quote = ({ restaurantId }) => Response.json(aQuote({ restaurantId }));
    return started;
  }
  beforeAll(async () => {
    service = await start();
  });

  type Restaurant = ReturnType<typeof newRestaurant>;
  const place = async (mine: Restaurant, note?: string) =>
    (await service.place({ restaurantId: mine.id, ...(note && { note }) })).body;
  const move = (mine: Restaurant, orderId: string, action: string, body: object = {}) =>
    service.move(orderId, action, service.restaurant, { actorId: mine.id, ...body });
  const opened = async (given: Parameters<Restaurant["add"]>[0] = {}) => {
    const mine = newRestaurant(service);
    const receiver = startReceiver();
    return { mine, receiver, ...(await mine.add({ url: receiver.url, ...given })) };
  };
  const typesAt = ({ received }: Receiver) => received.map(({ event }) => event.type);
  const untilReceived = (receiver: Receiver, count: number) =>
    eventually(async () => receiver.received.length >= count);
  const ended = (mine: Restaurant, webhookId: string, status = "succeeded") =>
    eventually(async () => {
      const log = await mine.log(webhookId);
      return log.length > 0 && log.every((one) => one.status === status) && log;
    });
  const webhookOf = async (mine: Restaurant, webhookId: string) =>
    (await mine.send<Webhook>(`GET /v1/webhooks/${webhookId}`)).body;

  test("each event comes in the trace of the change that it tells of", async () => {
    const { mine, receiver } = await opened();
    const traces = ["a".repeat(32), "b".repeat(32)];
    const place = async (traceId: string) =>
      call(service.url, "POST /internal/orders", {
        token: await service.customer.serviceToken("order"),
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: "ours=1" },
        body: aRequest({ restaurantId: mine.id }),
      });
    for (const traceId of traces) expect((await place(traceId)).status).toBe(201);
    await untilReceived(receiver, 2);
    const sent = receiver.received.map(({ headers }) => headers);
    expect(sent.map(({ traceparent }) => traceparent?.slice(3, 35)).sort()).toEqual(traces);
    // It is for our own systems.
    expect(sent.some((headers) => "tracestate" in headers)).toBe(false);
  });

  test("each event of an order comes signed, in order, without personal data", async () => {
    const { mine, receiver, secret, webhookId } = await opened();
    const { orderId, customerId } = await place(mine, "Ring twice");
    await move(mine, orderId, "accept", { prepMinutes: 12 });
    await move(mine, orderId, "prepare");
    await move(mine, orderId, "ready");
    await move(mine, orderId, "cancel", { reason: "No gas" });
    await untilReceived(receiver, 5);
    const types = ["placed", "accepted", "preparing", "ready", "cancelled"].map((type) => `order.${type}`);
    expect(typesAt(receiver)).toEqual(types);
    const [first, second, ...others] = receiver.received;
    if (!first || !second) throw new Error("Nothing came");
    expect(verified(secret, first)).toEqual({
      ...{ type: "order.placed", timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
      data: {
        ...{ orderId, restaurantId: mine.id, sequence: 1 },
        ...{ status: "pending", previousStatus: null, by: "customer" },
      },
    });
    expect(second.event.data).toMatchObject({ sequence: 2, prepMinutes: 12, previousStatus: "pending" });
    expect(others.at(-1)?.event.data).toMatchObject({ reason: "No gas", by: "restaurant" });
    const { headers } = first;
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["webhook-id"]).toMatch(/^msg_[0-9a-z]{26}$/);
    // The OpenAPI document has this schema.
    for (const { event } of receiver.received)
      expect([...Value.Errors(OrderWebhookEvent, event)]).toEqual([]);
    for (const { body } of receiver.received)
      for (const personal of [customerId, "Ring twice", "Main Street", "handover"])
        expect(body).not.toContain(personal);
    expect((await ended(mine, webhookId)).map(({ type }) => type)).toEqual(types.toReversed());
    expect(await mine.log(webhookId)).toMatchObject(
      Array(5).fill({ orderId, attempts: 1, lastStatusCode: 204, durationMs: expect.any(Number) }),
    );
  });

  test("an endpoint gets only the events that it names, and another restaurant's gets none", async () => {
    const { mine, receiver } = await opened({ events: ["order.accepted"] });
    const other = await opened();
    const all = startReceiver();
    await mine.add({ url: all.url });
    const { orderId } = await place(mine);
    await move(mine, orderId, "accept", { prepMinutes: 5 });
    await Promise.all([untilReceived(receiver, 1), untilReceived(all, 2)]);
    expect(typesAt(receiver)).toEqual(["order.accepted"]);
    expect(typesAt(other.receiver)).toEqual([]);
    const ids = [...receiver.received, ...all.received].map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(3);
  });

  describe.each([
    ["500", () => new Response(null, { status: 500 })],
    ["404", () => new Response(null, { status: 404 })],
    ["a redirect", () => Response.redirect("http://127.0.0.1:1/", 307)],
    ["no answer in time", () => new Promise<never>(() => undefined)],
  ])("after %s", (what, failure) => {
    test("the same message comes again, and later ones of the order wait; those of other orders do not", async () => {
      const { mine, receiver, webhookId } = await opened();
      const firstOf = Map.groupBy.bind(Map);
      const { orderId } = await place(mine);
      await untilReceived(receiver, 1);
      let isBroken = true;
      receiver.answer = ({ event }) =>
        isBroken && event.data.orderId === orderId ? failure() : new Response(null, { status: 200 });
      await move(mine, orderId, "accept", { prepMinutes: 5 });
      await move(mine, orderId, "ready");
      const { orderId: otherId } = await place(mine);
      const of = (id: string) => receiver.received.filter(({ event }) => event.data.orderId === id);
      await eventually(async () => of(orderId).length >= 3 && of(otherId).length === 1);
      isBroken = false;
      await ended(mine, webhookId);
      const tried = of(orderId).map(({ event }) => event.data.sequence ?? 0);
      expect(tried).toEqual(tried.toSorted());
      expect(new Set(tried)).toEqual(new Set([1, 2, 3]));
      const again = of(orderId).filter(({ event }) => event.data.sequence === 2);
      expect(firstOf(again, ({ headers }) => headers["webhook-id"]).size).toBe(1);
      const [log] = (await mine.log(webhookId)).filter((one) => one.attempts > 1);
      expect(log).toMatchObject({ type: "order.accepted", lastStatusCode: 200 });
      expect(what).toBeString();
    });
  });

  test("a message that always fails is given up, then the next of the order comes, and it can be sent again", async () => {
    const { mine, receiver, webhookId } = await opened();
    receiver.answer = ({ event }) =>
      new Response(null, { status: event.type === "order.placed" ? 503 : 200 });
    const { orderId } = await place(mine);
    await move(mine, orderId, "accept", { prepMinutes: 5 });
    const log = await eventually(async () => {
      const now = await mine.log(webhookId);
      return now.some(({ status }) => status === "succeeded") && now;
    });
    expect(log).toMatchObject([
      { type: "order.accepted", status: "succeeded", attempts: 1 },
      {
        type: "order.placed",
        status: "failed",
        attempts: ATTEMPTS_MAX,
        lastError: "status",
        lastStatusCode: 503,
      },
    ]);
    receiver.answer = () => new Response(null, { status: 200 });
    const before = receiver.received.length;
    const failed = log.find(({ status }) => status === "failed")?.messageId ?? "";
    const { status, body } = await mine.send<WebhookDelivery>(
      `POST /v1/webhooks/${webhookId}/deliveries/${failed}/replay`,
    );
    expect([status, body.status]).toEqual([202, "pending"]);
    await untilReceived(receiver, before + 1);
    expect(receiver.received.at(-1)?.headers["webhook-id"]).toBe(failed);
    await ended(mine, webhookId);
  });

  test("POST …/test sends a ping with both signatures after the secret was replaced", async () => {
    const { mine, receiver, webhookId, secret } = await opened({ events: ["order.placed"] });
    const replaced = await mine.send<{ secret: string; previousValidUntil: string }>(
      `POST /v1/webhooks/${webhookId}/secret`,
    );
    expect(Date.parse(replaced.body.previousValidUntil)).toBeGreaterThan(Date.now());
    expect((await mine.send(`POST /v1/webhooks/${webhookId}/test`)).status).toBe(202);
    await untilReceived(receiver, 1);
    const [ping] = receiver.received;
    if (!ping) throw new Error("Nothing came");
    for (const one of [secret, replaced.body.secret])
      expect(verified(one, ping)).toMatchObject({ type: "webhook.ping", data: { webhookId } });
    await service.base.mongo.db
      .collection<{ _id: string }>("webhooks")
      .updateOne({ _id: webhookId }, { $set: { "secrets.1.validUntil": new Date() } });
    await mine.send(`POST /v1/webhooks/${webhookId}/test`);
    await untilReceived(receiver, 2);
    const later = receiver.received[1] ?? ping;
    expect(() => verified(secret, later)).toThrow();
    verified(replaced.body.secret, later);
  });

  test("410 disables the endpoint at once, and what waits is given up", async () => {
    const { mine, receiver, webhookId } = await opened();
    receiver.answer = () => new Response(null, { status: 410 });
    const { orderId } = await place(mine);
    await move(mine, orderId, "reject", { reason: "too_busy" });
    await ended(mine, webhookId, "failed");
    expect(await webhookOf(mine, webhookId)).toMatchObject({ enabled: false, disabledReason: "gone" });
    expect(receiver.received).toHaveLength(1);
  });

  test("after a day of failures alone the endpoint is disabled; a success ends the count", async () => {
    const { mine, receiver, webhookId } = await opened();
    const failingFor = (ms: number) =>
      service.base.mongo.db
        .collection<{ _id: string }>("webhooks")
        .updateOne({ _id: webhookId }, { $set: { failingSince: new Date(Date.now() - ms) } });
    await failingFor(2 * DAY_MS);
    await place(mine);
    await ended(mine, webhookId);
    expect(await webhookOf(mine, webhookId)).not.toHaveProperty("failingSince");
    receiver.answer = () => new Response(null, { status: 500 });
    await place(mine);
    await eventually(async () => (await webhookOf(mine, webhookId)).failingSince);
    expect((await webhookOf(mine, webhookId)).enabled).toBe(true);
    await failingFor(DAY_MS);
    const notices: unknown[] = [];
    service.answers.notice = (notice) =>
      new Response(null, { status: notices.push(notice) === 1 ? 503 : 204 });
    await place(mine);
    await eventually(async () => (await webhookOf(mine, webhookId)).disabledReason === "failing");
    // The restaurant service mails the owners; here it does not take the first notices.
    const route = `PUT /internal/restaurants/${mine.id}/disabled-webhooks/${webhookId}`;
    await eventually(async () => service.restaurant.seen.filter((one) => one === route).length >= 2);
    expect(notices[0]).toEqual({ host: new URL(receiver.url).host, reason: "failing" });
    const on = await mine.send<Webhook>(`PATCH /v1/webhooks/${webhookId}`, { enabled: true });
    expect(on.body).toMatchObject({ enabled: true });
    expect(on.body).not.toHaveProperty("failingSince");
  });

  test("an order whose process dies right after storing it: another process sends the event, and its message is one", async () => {
    const mongoUrl = freshMongoUrl();
    const dying = await start({ mongoUrl });
    const [mine, receiver] = [newRestaurant(dying), startReceiver()];
    const { webhookId, secret } = await mine.add({ url: receiver.url });
    await dying.stopWorkers();
    const { orderId } = (await dying.place({ restaurantId: mine.id })).body;
    const orders = dying.base.mongo.db.collection<OrderDocument>("orders");
    const { outbox = [] } = (await orders.findOne({ _id: orderId })) ?? {};
    expect(outbox.map(({ kind }) => kind)).toEqual(["notify_webhooks"]);
    // The lease of the process that has died ends.
    const past = new Date(Date.now() - 1);
    await orders.updateOne({ _id: orderId }, { $set: { outboxDueAt: past, outboxLeasedUntil: past } });
    await start({ mongoUrl });
    await untilReceived(receiver, 1);
    expect(verified(secret, receiver.received[0] as Received)).toMatchObject({ data: { orderId } });
    await ended(mine, webhookId);
    // Another one dies before it removes the entry.
    await orders.updateOne({ _id: orderId }, { $set: { outbox, outboxDueAt: past } });
    await eventually(async () => (await orders.findOne({ _id: orderId }))?.outbox.length === 0);
    expect(await mine.log(webhookId)).toMatchObject([{ status: "succeeded", attempts: 1 }]);
    expect(receiver.received).toHaveLength(1);
  });

  test("an order of a restaurant without webhooks has no outbox entry", async () => {
    const { mine, receiver } = await opened();
    const other = newRestaurant(service);
    const order = await place(other);
    const stored = await service.base.mongo.db
      .collection<{ _id: string }>("orders")
      .findOne({ _id: order.orderId });
    expect(stored).toMatchObject({ outbox: [] });
    expect(stored).not.toHaveProperty("outboxDueAt");
    await place(mine);
    await untilReceived(receiver, 1);
  });
});
