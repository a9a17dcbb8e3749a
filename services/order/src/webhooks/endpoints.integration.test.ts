// The routes of webhooks, each with the answers that it declares.
import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import type { Webhook, WebhookDelivery } from "./schema.ts";
import { ENDPOINTS_MAX } from "./store.ts";
import { newRestaurant, type Page } from "./webhooks.builder.ts";

const URL = "https://pos.example.com/hooks";

interface Problem {
  code: string;
  details?: { pointer: string }[];
}

describeWithDatabases("webhooks of restaurants", () => {
  let service: OrderService;
  beforeAll(async () => {
    // Nothing is sent: an attempt lasts for ever.
    const post = () => new Promise<never>(() => undefined);
    service = await startOrderService({ WEBHOOK_TARGETS: "public", webhooks: { post } });
  });
  const collection = (name: string) => service.base.mongo.db.collection(name);
  const codeOf = ({ status, body }: { status: number; body: unknown }) => [status, (body as Problem).code];

  describe("POST /v1/webhooks", () => {
    test("answers 201 with the secret, which no other answer has", async () => {
      const mine = newRestaurant(service);
      const { status, body } = await mine.send<Webhook & { secret: string }>("POST /v1/webhooks", {
        ...{ url: URL, events: ["order.placed"], description: "Till" },
      });
      expect(status).toBe(201);
      const { secret, ...webhook } = body;
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(webhook).toMatchObject({
        url: URL,
        events: ["order.placed"],
        description: "Till",
        enabled: true,
      });
      const read = await mine.send<Webhook>(`GET /v1/webhooks/${webhook.webhookId}`);
      expect([read.status, read.body]).toEqual([200, webhook]);
      const list = await mine.send<{ items: Webhook[] }>("GET /v1/webhooks");
      expect([list.status, list.body.items]).toEqual([200, [webhook]]);
    });

    test.each([
      ["http://pos.example.com/hooks"],
      ["https://127.0.0.1/hooks"],
      ["https://[::1]/hooks"],
      ["https://169.254.169.254/latest/meta-data"],
      ["https://2130706433/"],
      ["https://localhost/hooks"],
      ["https://redis.internal/hooks"],
      ["https://user:secret@example.com/hooks"],
      ["https://pos.example.com:8443/hooks"],
      ["https://pos.example.com:6379/hooks"],
    ])("answers 422 to %s, and so does PATCH", async (url) => {
      const mine = newRestaurant(service);
      const refused = await mine.send<Problem>("POST /v1/webhooks", { url });
      expect(codeOf(refused)).toEqual([422, "URL_NOT_ALLOWED"]);
      const { webhookId } = await mine.add();
      expect(codeOf(await mine.send(`PATCH /v1/webhooks/${webhookId}`, { url }))).toEqual([
        422,
        "URL_NOT_ALLOWED",
      ]);
    });

    test.each([
      [{}],
      [{ url: "ftp://example.com/" }],
      [{ url: `https://example.com/${"a".repeat(2_000)}` }],
      [{ url: URL, events: ["order.eaten"] }],
      [{ url: URL, events: ["order.placed", "order.placed"] }],
      [{ url: URL, secret: "whsec_bWluZQ==" }],
    ])("answers 422 to %j", async (body) => {
      expect(codeOf(await newRestaurant(service).send("POST /v1/webhooks", body))).toEqual([
        422,
        "VALIDATION_FAILED",
      ]);
    });

    test("answers 409 to one too many; of thirty at once exactly as many as allowed are made", async () => {
      const mine = newRestaurant(service);
      const all = await Promise.all(
        Array.from({ length: 30 }, () => mine.send<Problem>("POST /v1/webhooks", { url: URL })),
      );
      expect(all.filter(({ status }) => status === 201)).toHaveLength(ENDPOINTS_MAX);
      const refused = all.filter(({ status }) => status !== 201).map(({ body }) => body.code);
      expect(new Set(refused)).toEqual(new Set(["TOO_MANY_WEBHOOKS"]));
      const [first] = (await mine.send<{ items: Webhook[] }>("GET /v1/webhooks")).body.items;
      expect((await mine.send(`DELETE /v1/webhooks/${first?.webhookId}`)).status).toBe(204);
      expect((await mine.send("POST /v1/webhooks", { url: URL })).status).toBe(201);
    });
  });

  test("the kitchen's staff may not, managers may", async () => {
    const [kitchen, manager] = [newRestaurant(service, "kitchen"), newRestaurant(service, "manager")];
    expect(codeOf(await kitchen.send("POST /v1/webhooks", { url: URL }))).toEqual([403, "WRONG_STAFF_ROLE"]);
    expect((await manager.send("POST /v1/webhooks", { url: URL })).status).toBe(201);
  });

  test("every route with an id answers 404 to another restaurant and for an unknown id", async () => {
    const [mine, other] = [newRestaurant(service), newRestaurant(service)];
    const { webhookId } = await mine.add();
    const ping = await mine.send<WebhookDelivery>(`POST /v1/webhooks/${webhookId}/test`);
    for (const [caller, id] of [
      [other, webhookId],
      [mine, newId("whk")],
    ] as const) {
      const path = `/v1/webhooks/${id}` as const;
      for (const answer of [
        await caller.send(`GET ${path}`),
        await caller.send(`PATCH ${path}`, { description: "Theirs" }),
        await caller.send(`DELETE ${path}`),
        await caller.send(`POST ${path}/secret`),
        await caller.send(`POST ${path}/test`),
        await caller.send(`GET ${path}/deliveries`),
        await caller.send(`POST ${path}/deliveries/${ping.body.messageId}/replay`),
      ])
        expect(codeOf(answer)).toEqual([404, "WEBHOOK_NOT_FOUND"]);
    }
    const unknown = await mine.send(`POST /v1/webhooks/${webhookId}/deliveries/${newId("msg")}/replay`);
    expect(codeOf(unknown)).toEqual([404, "DELIVERY_NOT_FOUND"]);
  });

  test("PATCH changes what it names; disabled, an endpoint has no pending message and takes none", async () => {
    const mine = newRestaurant(service);
    const { webhookId } = await mine.add();
    const path = `/v1/webhooks/${webhookId}` as const;
    await mine.send(`POST ${path}/test`);
    const off = await mine.send<Webhook>(`PATCH ${path}`, { enabled: false, url: URL });
    expect([off.status, off.body]).toMatchObject([
      200,
      { url: URL, enabled: false, disabledReason: "by_owner" },
    ]);
    expect(await mine.log(webhookId)).toMatchObject([{ status: "failed", lastError: "disabled" }]);
    const [{ messageId = "" } = {}] = await mine.log(webhookId);
    expect(codeOf(await mine.send(`POST ${path}/test`))).toEqual([409, "WEBHOOK_DISABLED"]);
    const replay = await mine.send(`POST ${path}/deliveries/${messageId}/replay`);
    expect(codeOf(replay)).toEqual([409, "WEBHOOK_DISABLED"]);
    const on = await mine.send<Webhook>(`PATCH ${path}`, { enabled: true });
    expect(on.body).toMatchObject({ url: URL, enabled: true });
    expect(on.body).not.toHaveProperty("disabledReason");
    expect(codeOf(await mine.send(`PATCH ${path}`, {}))).toEqual([422, "VALIDATION_FAILED"]);
  });

  test("DELETE answers 204 and leaves nothing", async () => {
    const mine = newRestaurant(service);
    const { webhookId } = await mine.add();
    await mine.send(`POST /v1/webhooks/${webhookId}/test`);
    const { status } = await mine.send(`DELETE /v1/webhooks/${webhookId}`);
    expect(status).toBe(204);
    expect(await collection("webhooks").countDocuments({ restaurantId: mine.id })).toBe(0);
    expect(await collection("webhook_messages").countDocuments({ webhookId })).toBe(0);
    expect(codeOf(await mine.send(`GET /v1/webhooks/${webhookId}`))).toEqual([404, "WEBHOOK_NOT_FOUND"]);
  });

  test("a deleted restaurant's webhooks and their messages are gone, another one's are not", async () => {
    const [mine, other] = [newRestaurant(service), newRestaurant(service)];
    const [first, second, theirs] = [await mine.add(), await mine.add(), await other.add()];
    await mine.send(`POST /v1/webhooks/${first.webhookId}/test`);
    await other.send(`POST /v1/webhooks/${theirs.webhookId}/test`);
    const token = await service.restaurant.serviceToken("order");
    const erase = () => call(service.url, `PUT /internal/restaurants/${mine.id}/erasure`, { token });
    for (const { status, body } of [await erase(), await erase()])
      expect([status, body]).toEqual([200, { remaining: 0 }]);
    const rest = async (name: string) => JSON.stringify(await collection(name).find().toArray());
    for (const { webhookId } of [first, second])
      for (const name of ["webhooks", "webhook_messages", "webhook_slots"])
        expect(await rest(name)).not.toContain(webhookId);
    for (const name of ["webhooks", "webhook_messages"]) expect(await rest(name)).toContain(theirs.webhookId);
  });

  test("POST …/secret answers 200 with another secret, also to many at once", async () => {
    const mine = newRestaurant(service);
    const { webhookId, secret } = await mine.add();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => mine.send<{ secret: string }>(`POST /v1/webhooks/${webhookId}/secret`)),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(new Set([secret, ...all.map(({ body }) => body.secret)]).size).toBe(6);
  });

  test("GET …/deliveries pages through the log, newest first, and refuses another cursor", async () => {
    const mine = newRestaurant(service);
    const { webhookId } = await mine.add();
    const path = `/v1/webhooks/${webhookId}` as const;
    const sent: string[] = [];
    for (let i = 0; i < 5; i++)
      sent.unshift((await mine.send<WebhookDelivery>(`POST ${path}/test`)).body.messageId);
    const seen: string[] = [];
    let cursor = "";
    do {
      const query = cursor && `&cursor=${cursor}`;
      const { status, body } = await mine.send<Page>(`GET ${path}/deliveries?limit=2${query}`);
      expect(status).toBe(200);
      seen.push(...body.items.map(({ messageId }) => messageId));
      cursor = body.nextCursor ?? "";
    } while (cursor);
    expect(seen).toEqual(sent.toSorted().reverse());
    expect(codeOf(await mine.send(`GET ${path}/deliveries?cursor=x`))).toEqual([400, "MALFORMED_CURSOR"]);
    expect((await mine.send(`GET ${path}/deliveries?limit=101`)).status).toBe(422);
  });

  test("POST …/replay answers 409 while the message has not ended", async () => {
    const mine = newRestaurant(service);
    const { webhookId } = await mine.add();
    const { status, body } = await mine.send<WebhookDelivery>(`POST /v1/webhooks/${webhookId}/test`);
    expect([status, body.type, body.status]).toEqual([202, "webhook.ping", "pending"]);
    const replay = await mine.send(`POST /v1/webhooks/${webhookId}/deliveries/${body.messageId}/replay`);
    expect(codeOf(replay)).toEqual([409, "DELIVERY_PENDING"]);
  });
});
