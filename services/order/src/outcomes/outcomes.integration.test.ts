// Orders that hold limited portions: what gives them back, and placements that stop in between.
import { beforeAll, expect, test } from "bun:test";
import type { OrderOutcomes } from "@food/shared/contracts/stock";
import { call, describeWithDatabases, eventually, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aQuote, aRequest } from "../orders/order.builder.ts";

const OUTCOMES = "POST /internal/orders/outcomes";
const REJECT = { reason: "too_busy" };

describeWithDatabases("orders that hold limited portions", () => {
  let service: OrderService;
  /** The orders for which portions were taken, newest last. */
  const taken: string[] = [];
  beforeAll(async () => {
    service = await startOrderService();
    service.answers.quote = ({ orderId = "" }) => {
      taken.push(orderId);
      return Response.json(aQuote({ stockTaken: true }));
    };
  });
  const outcomes = async (...orderIds: string[]) => {
    const token = await service.restaurant.serviceToken("order");
    const { status, body } = await call<OrderOutcomes>(service.url, OUTCOMES, { token, body: { orderIds } });
    expect(status).toBe(200);
    return body.items.map(({ outcome }) => outcome);
  };
  const place = async () => (await service.place()).body;
  const releasedTimes = (orderId: string) => service.released.filter((one) => one === orderId).length;
  const untilReleased = (orderId: string) => eventually(async () => releasedTimes(orderId) > 0);

  test("give them back when the restaurant rejects or cancels, or the customer cancels", async () => {
    const [rejected, cancelled, withdrawn] = [await place(), await place(), await place()];
    const theirs = { actorId: rejected.restaurantId };
    await service.move(rejected.orderId, "reject", service.restaurant, { ...theirs, ...REJECT });
    await service.move(cancelled.orderId, "accept", service.restaurant, { ...theirs, prepMinutes: 5 });
    await service.move(cancelled.orderId, "cancel", service.restaurant, { ...theirs, reason: "No gas" });
    await service.move(withdrawn.orderId, "cancel", service.customer, { actorId: withdrawn.customerId });
    for (const { orderId } of [rejected, cancelled, withdrawn]) await untilReleased(orderId);
    expect(await outcomes(rejected.orderId, cancelled.orderId, withdrawn.orderId)).toEqual(
      Array(3).fill("unused"),
    );
  });

  test("give them back when nobody answers in time", async () => {
    const { orderId } = await place();
    await service.base.mongo.db
      .collection<{ _id: string }>("orders")
      .updateOne({ _id: orderId }, { $set: { acceptBy: new Date() } });
    await untilReleased(orderId);
  });

  test("send the message again until the restaurant service has taken it", async () => {
    const { orderId, restaurantId: actorId } = await place();
    let tries = 0;
    service.answers.release = () => new Response(null, { status: ++tries < 3 ? 500 : 204 });
    await service.move(orderId, "reject", service.restaurant, { actorId, ...REJECT });
    await untilReleased(orderId);
    expect(tries).toBeGreaterThanOrEqual(3);
    service.answers.release = () => new Response(null, { status: 204 });
  });

  test("an unknown order is answered as unused, and every route answers 404 for it", async () => {
    const orderId = newId("ord");
    expect(await outcomes(orderId)).toEqual(["unused"]);
    const actorId = newId("cus");
    const token = await service.customer.tokenFor(actorId, "customer", "order");
    for (const path of ["status", "events", "timeline"] as const)
      expect((await call(service.url, `GET /v1/orders/${orderId}/${path}`, { token })).status).toBe(404);
    expect((await service.move(orderId, "cancel", service.customer, { actorId })).status).toBe(404);
  });

  test("keep them while they are open and when they are delivered, and orders without send nothing", async () => {
    const open = await place();
    const delivered = await place();
    await service.base.mongo.db
      .collection<{ _id: string }>("orders")
      .updateOne({ _id: delivered.orderId }, { $set: { status: "delivered" } });
    expect(await outcomes(open.orderId, delivered.orderId)).toEqual(["open", "used"]);
    const { quote } = service.answers;
    service.answers.quote = () => Response.json(aQuote());
    const without = await place();
    service.answers.quote = quote;
    const theirs = { actorId: without.restaurantId, ...REJECT };
    await service.move(without.orderId, "reject", service.restaurant, theirs);
    await service.move(open.orderId, "reject", service.restaurant, theirs);
    await untilReleased(open.orderId);
    expect(releasedTimes(delivered.orderId) + releasedTimes(without.orderId)).toBe(0);
  });

  test("are impossible after their placement was asked about: it fails, and its retry places another order", async () => {
    const { quote } = service.answers;
    let orderId = "";
    service.answers.quote = async (request) => {
      orderId = request.orderId ?? "";
      expect(await outcomes(orderId)).toEqual(["unused"]);
      return Response.json(aQuote({ stockTaken: true }));
    };
    const request = aRequest();
    const refused = await service.place(request);
    expect([refused.status, (refused.body as unknown as { code: string }).code]).toEqual([409, "ORDER_BUSY"]);
    service.answers.quote = quote;
    const again = await service.place(request);
    expect(again.status).toBe(201);
    expect(again.body.orderId).not.toBe(orderId);
    expect(await outcomes(orderId, again.body.orderId)).toEqual(["unused", "open"]);
  });

  test("are answered to many who ask at once, as at first", async () => {
    const { orderId } = await place();
    const asked = [newId("ord"), orderId, newId("ord")];
    const answers = await Promise.all(Array.from({ length: 20 }, () => outcomes(...asked)));
    expect(answers).toEqual(Array(20).fill(["unused", "open", "unused"]));
  });

  test("asked about by others answer 401 and 403, and 422 to another shape", async () => {
    const body = { orderIds: [newId("ord")] };
    expect((await call(service.url, OUTCOMES, { body })).status).toBe(401);
    const token = await service.customer.serviceToken("order");
    const other = await call<{ code: string }>(service.url, OUTCOMES, { body, token });
    expect([other.status, other.body.code]).toEqual([403, "WRONG_SERVICE"]);
    const theirs = await service.restaurant.serviceToken("order");
    for (const wrong of [
      { orderIds: [] },
      { orderIds: [{ $ne: "" }] },
      { orderIds: Array(101).fill(newId("ord")) },
    ])
      expect((await call(service.url, OUTCOMES, { body: wrong, token: theirs })).status).toBe(422);
  });
});

describeWithDatabases("refused placements that have taken portions", () => {
  test("whose answer is lost give them back at once; a refusal has taken none", async () => {
    const service = await startOrderService();
    const taken: string[] = [];
    const headers = { "content-type": "application/problem+json" };
    service.answers.quote = ({ orderId = "" }) => {
      taken.push(orderId);
      return taken.length === 1
        ? Response.json({ code: "DISH_UNAVAILABLE", detail: "Sold out" }, { status: 422, headers })
        : new Response("lost", { status: 500 });
    };
    expect((await service.place()).status).toBe(422);
    expect((await service.place()).status).toBe(503);
    await eventually(async () => service.released.length > 0);
    expect(service.released).not.toContain(taken[0] ?? "");
    expect(taken.slice(1)).toContain(service.released[0] ?? "");
  });

  test("of one key at once, without Redis: all but the placed one give them back", async () => {
    const service = await startOrderService({ redisUrl: NO_REDIS });
    const taken: string[] = [];
    service.answers.quote = ({ orderId = "" }) => {
      taken.push(orderId);
      return Response.json(aQuote({ stockTaken: true }));
    };
    const request = aRequest();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.place(request)));
    const placed = new Set(answers.map(({ body }) => body.orderId));
    expect(placed.size).toBe(1);
    const others = taken.filter((orderId) => !placed.has(orderId));
    await eventually(async () => others.every((orderId) => service.released.includes(orderId)));
    expect(service.released.filter((orderId) => placed.has(orderId))).toEqual([]);
  });
});
