// Background work that a request starts is independent of it. Its calls have their own time-outs, also
// after the deadline of the request, and carry its trace, but not its request id.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { DEADLINE_HEADER } from "@food/shared/observe/request-scope";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { aFleet, onDuty } from "./dispatch/fleet.builder.ts";
import { type OrderService, startOrderService } from "./order-service.builder.ts";
import { aRequest } from "./orders/order.builder.ts";

const HOURS_MS = 3_600_000;
/** The deadline of the requests, shorter than every pause of the dispatcher. */
const DEADLINE_MS = 400;
const ASSIGN_MS = 2_000;
const INFORM_MS = 3_000;
const REQUEST_ID = "the-request";
const TRACE = "0af7651916cd43dd8448eb211c80319c";

describeWithDatabases("a request that has ended", () => {
  let service: OrderService;
  beforeAll(async () => {
    // So rarely that only requests cause calls.
    service = await startOrderService({ DISPATCH_EVERY_MS: HOURS_MS, DEADLINES_EVERY_MS: HOURS_MS });
  });

  const hurried = {
    "x-request-id": REQUEST_ID,
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    [DEADLINE_HEADER]: String(DEADLINE_MS),
  };
  /** Again when a busy machine does not make the deadline. */
  const place = () =>
    eventually(async () => {
      const token = await service.customer.serviceToken("order");
      const options = { token, body: aRequest(), headers: hurried };
      const { status, body } = await call<Order>(service.url, "POST /internal/orders", options);
      return status === 201 && body;
    });
  const accept = async ({ orderId, restaurantId: actorId }: Order) => {
    const token = await service.restaurant.serviceToken("order");
    const options = { token, body: { actorId, prepMinutes: 5 }, headers: hurried };
    const route = `POST /internal/orders/${orderId}/accept` as const;
    await eventually(async () => (await call(service.url, route, options)).status === 200);
  };
  /** The time-out and the request ids of these calls to the delivery service. */
  const callsTo = (path: RegExp) =>
    service.delivery.seen.flatMap((route, i) => {
      if (!path.test(route)) return [];
      const { [DEADLINE_HEADER]: ms, ...said } = Object.fromEntries(service.delivery.headers[i] ?? []);
      const inTrace = said.traceparent?.includes(TRACE) === true;
      return [{ path: route.split("/").at(-1), ms: Number(ms), hasId: "x-request-id" in said, inTrace }];
    });
  const stored = (orderId: string) =>
    service.base.mongo.db.collection("orders").findOne({ _id: orderId as never });
  test("does not limit the time of the round that it started, nor of its retry", async () => {
    const fleet = aFleet([onDuty()]);
    service.answers.search = fleet.search;
    service.answers.assign = () => new Response("down", { status: 500 });
    await place();
    // The second call comes after a pause, so after the deadline of the request.
    const calls = await eventually(async () => {
      const made = callsTo(/\/internal\/(trips|couriers\/search)$/);
      return made.length >= 6 && made;
    });
    // A later round has a trace of its own, and each assignment that of its order.
    const call = { ms: ASSIGN_MS, hasId: false };
    expect(calls[0]).toEqual({ path: "search", ...call, inTrace: true });
    expect(calls.slice(0, 6)).toEqual(
      calls.slice(0, 6).map(({ path, inTrace }) => ({ path, ...call, inTrace: inTrace || path === "trips" })),
    );
  });

  test("does not limit the time of the outbox worker that it woke, nor of a retry", async () => {
    const fleet = aFleet([onDuty(), onDuty()]);
    service.answers.search = fleet.search;
    service.answers.assign = fleet.assign;
    const order = await place();
    await eventually(async () => (await stored(order.orderId))?.courier);
    const deliveryId = (await stored(order.orderId))?.deliveryId;
    const told = new RegExp(`/${deliveryId}/order$`);
    service.answers.inform = () => new Response("down", { status: 500 });
    await accept(order);
    const calls = await eventually(async () => callsTo(told).length >= 3 && callsTo(told));
    service.answers.inform = () => new Response(null, { status: 204 });
    expect(calls.slice(0, 3)).toEqual(
      Array(3).fill({ path: "order", ms: INFORM_MS, hasId: false, inTrace: true }),
    );
  });
});
