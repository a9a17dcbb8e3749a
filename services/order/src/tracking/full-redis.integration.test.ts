// A Redis at its memory limit without eviction: it refuses writes, and pub/sub still works.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, eventually } from "@food/shared/testing/service";
import { type OrderService, startOrderService } from "../order-service.builder.ts";

const program = Bun.which("redis-server") ?? Bun.which("valkey-server");

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = probe;
  probe.stop(true);
  return port;
}

describe.skipIf(!program)("with a Redis that is full", () => {
  let server: ReturnType<typeof Bun.spawn> | undefined;
  let service: OrderService;
  beforeAll(async () => {
    const port = freePort();
    const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", ""];
    server = Bun.spawn([program ?? "", ...settings], { stdout: "ignore", stderr: "ignore" });
    await eventually(
      () =>
        new Promise<boolean>((resolve) => {
          const socket = connect(port, "127.0.0.1");
          socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
          socket.once("connect", () => socket.destroy());
        }),
    );
    service = await startOrderService({
      redisUrl: `redis://127.0.0.1:${port}`,
      DISPATCH_EVERY_MS: 1_000_000,
    });
  });
  afterAll(() => server?.kill("SIGKILL"));

  test("orders move, followers get the events, and no answer shows an old status", async () => {
    const { body: order } = await service.place();
    const token = await service.customer.tokenFor(order.customerId, "customer", "order");
    const status = () =>
      call<{ status: string }>(service.url, `GET /v1/orders/${order.orderId}/status`, { token });
    const stream = await openEventStream(`${service.url}/v1/orders/${order.orderId}/events`, {
      authorization: `Bearer ${token}`,
    });
    expect((await status()).body.status).toBe("pending");
    await eventually(async () => (await service.base.redis.keys("live:status:*")).length === 1);
    await service.base.redis.config("SET", "maxmemory", "1");
    await expect(service.base.redis.set("anything", "1")).rejects.toThrow("OOM");
    const moved = await service.move(order.orderId, "accept", service.restaurant, {
      actorId: order.restaurantId,
      prepMinutes: 10,
    });
    expect(moved.status).toBe(200);
    expect((await status()).body.status).toBe("accepted");
    await eventually(async () => stream.events.some(({ data }) => data.status === "accepted"));
    expect(stream.events.filter(({ event }) => event === "degraded").length).toBeLessThanOrEqual(1);
    stream.close();
    const another = await service.place();
    expect(another.status).toBe(201);
  });
});
