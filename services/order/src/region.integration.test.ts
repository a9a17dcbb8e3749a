// A service of the region ber: what it makes names its region, and what is of another region is refused.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { useRegion } from "@food/shared/values/region";
import { historyAt } from "./archive/store.ts";
import { type OrderService, startOrderService } from "./order-service.builder.ts";
import { anOrder } from "./orders/order.builder.ts";
import type { OrderDocument } from "./orders/order.ts";

interface Refusal {
  code: string;
  region?: string;
}

describeWithDatabases("a platform with a region", () => {
  let service: OrderService;
  const old = anOrder({ awaitingCourier: false });
  beforeAll(async () => {
    service = await startOrderService({ region: "ber" });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(old);
  });
  afterAll(() => useRegion(""));
  const inRegion = <T>(name: string, run: () => T): T => {
    useRegion(name);
    try {
      return run();
    } finally {
      useRegion("ber");
    }
  };
  const tokenOf = (customerId: string) => service.customer.tokenFor(customerId, "customer", "order");
  const ask = async (path: string, token: string) =>
    call<Refusal>(service.url, `GET /v1/orders/${path}`, { token });

  test("names it in new ids, tokens, every answer, streams, health and metrics", async () => {
    const { body } = await service.place();
    expect(body.orderId).toMatch(/^ord_ber_[0-9a-z]{26}$/);
    const stored = await service.base.mongo.db
      .collection<OrderDocument>("orders")
      .findOne({ _id: body.orderId });
    expect(stored?.deliveryId).toMatch(/^dlv_ber_[0-9a-z]{26}$/);
    const token = await tokenOf(body.customerId);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims.region).toBe("ber");
    const answer = await ask(`${body.orderId}/status`, token);
    expect([answer.status, answer.headers.get("x-region")]).toEqual([200, "ber"]);
    const authorization = `Bearer ${token}`;
    const stream = await openEventStream(`${service.url}/v1/orders/${body.orderId}/events`, {
      authorization,
    });
    await eventually(async () => stream.events[0]?.event === "snapshot");
    for (const path of ["/", "/health/live", "/health/ready"] as const)
      expect((await call(service.url, `GET ${path}`)).body.region).toBe("ber");
    const metrics = await call<string>(service.url, "GET /metrics");
    expect(metrics.body).toMatch(/^http_requests_in_flight\{.*platform_region="ber".*\}/m);
  });

  test("answers 404 that names it for an id of another region, and serves ids that were made before", async () => {
    const token = await tokenOf(old.customerId);
    const foreign = inRegion("mun", () => newId("ord"));
    const { status, body } = await ask(`${foreign}/status`, token);
    expect([status, body.code, body.region]).toEqual([404, "WRONG_REGION", "ber"]);
    expect((await ask(`${newId("ord")}/status`, token)).body.code).toBe("ORDER_NOT_FOUND");
    expect((await ask(`${old._id}/status`, token)).status).toBe(200);
  });

  test("answers 401 that names it for a token or a ticket of another region, before any other refusal", async () => {
    const token = await inRegion("mun", () => tokenOf(old.customerId));
    const { status, body } = await ask(`${old._id}/status`, token);
    expect([status, body.code, body.region]).toEqual([401, "WRONG_REGION", "ber"]);
    const path = `/v1/orders/${old._id}/events` as const;
    const caller = {
      id: old.customerId,
      role: "customer",
      issuer: "customer",
      expiresAt: Date.now() + 60_000,
    };
    const { ticket } = await inRegion("mun", () => service.base.tickets.issue(caller, path));
    const refused = await call<Refusal>(service.url, `GET ${path}?ticket=${ticket}`);
    expect([refused.status, refused.body.code]).toEqual([401, "WRONG_REGION"]);
  });

  test("accepts tokens without a region: one account for several regions", async () => {
    const token = await inRegion("", () => tokenOf(old.customerId));
    expect((await ask(`${old._id}/status`, token)).status).toBe(200);
  });

  test("archives ids that were made before there was a region at their own age", async () => {
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const day = 86_400_000;
    const voidIds = [2, 40].flatMap((days) =>
      ["", "ber"].map((name) => inRegion(name, () => newId("ord", Date.now() - days * day))),
    );
    await orders.insertMany(
      voidIds.map((_id) => ({ _id, customerId: _id, idempotencyKey: "void" })) as OrderDocument[],
    );
    const found = await orders.find(historyAt(new Date(Date.now() - 30 * day))).toArray();
    expect(found.map(({ _id }) => _id).sort()).toEqual(voidIds.slice(2).sort());
  });
});
