import { beforeAll, expect, test } from "bun:test";
import type { Erased } from "@food/shared/contracts/erasure";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

describeWithDatabases("erasing", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService();
    await service.stopWorkers();
    service.answers.inform = () => Response.json({ remaining: 0 });
  });
  const orders = () => service.base.mongo.db.collection<OrderDocument>("orders");
  const stored = (orderId: string) => orders().findOne({ _id: orderId });
  const SECRET = "Frau Adler, third floor, +49 170 5550199";

  async function anOrder(customerId = newId("cus"), set: Partial<OrderDocument> = { status: "delivered" }) {
    const { body } = await service.place({
      customerId,
      note: SECRET,
      contact: { name: SECRET, phone: "+49 170 5550199" },
      deliveryAddress: {
        label: SECRET,
        line1: SECRET,
        city: "Berlin",
        postalCode: "10999",
        country: "DE",
        location: { lat: 52.49871, lng: 13.43219 },
      },
    });
    await orders().updateOne({ _id: body.orderId }, { $set: { "items.0.note": SECRET, ...set } });
    return { customerId, order: body };
  }
  const erase = async (path: `/${string}`, issuer: "customer" | "delivery", body?: object) =>
    call<Erased & { code: string }>(service.url, `PUT ${path}`, {
      token: await service[issuer].serviceToken("order"),
      ...(body && { body }),
    });
  const eraseCustomer = (customerId: string) =>
    erase(`/internal/customers/${customerId}/erasure`, "customer");

  test("a customer: the order keeps amounts, items, times, city and country, and loses the rest", async () => {
    const { customerId, order } = await anOrder();
    const before = await stored(order.orderId);
    const { status, body } = await eraseCustomer(customerId);
    expect([status, body.remaining]).toEqual([200, 0]);
    const after = await stored(order.orderId);
    for (const secret of ["Adler", "5550199", "10999", "52.49871", "13.43219"])
      expect(JSON.stringify(after)).not.toContain(secret);
    for (const kept of ["customerId", "totalCents", "components", "placedAt", "events", "status"] as const)
      expect(after?.[kept]).toEqual(before?.[kept] as never);
    expect(after?.items).toEqual(before?.items.map(({ note: _, ...item }) => item) as never);
    expect(after?.deliveryAddress).toEqual({
      ...{ line1: "Deleted", city: "Berlin", country: "DE", location: { lat: 52.5, lng: 13.4 } },
    });
    const token = await service.restaurant.serviceToken("order");
    const actorId = order.restaurantId;
    const seen = await call(service.url, `GET /internal/orders/${order.orderId}?actorId=${actorId}`, {
      token,
    });
    expect(seen.status).toBe(200);
    expect(service.delivery.seen).toContain("PUT /internal/deliveries/erasure");
  });

  test("a customer with an order under way: it keeps its address, and the answer says so", async () => {
    const { customerId, order } = await anOrder(undefined, { status: "preparing" });
    const { body } = await eraseCustomer(customerId);
    expect(body.remaining).toBe(1);
    expect((await stored(order.orderId))?.deliveryAddress.line1).toBe(SECRET);
    await orders().updateOne({ _id: order.orderId }, { $set: { status: "delivered" } });
    expect((await eraseCustomer(customerId)).body.remaining).toBe(0);
  });

  test("a customer: nothing is erased while the delivery service is away", async () => {
    const { customerId, order } = await anOrder();
    service.answers.inform = () => new Response(null, { status: 503 });
    expect((await eraseCustomer(customerId)).status).toBe(503);
    expect((await stored(order.orderId))?.contact?.name).toBe(SECRET);
    service.answers.inform = () => Response.json({ remaining: 0 });
    expect((await eraseCustomer(customerId)).body.remaining).toBe(0);
  });

  test("a customer: the doors that other ended orders of the trip name are gone", async () => {
    const trip = (before: object[]) => ({ tripId, version: 1, sequence: [], before });
    const tripId = newId("trp");
    const door = { lat: 52.49871, lng: 13.43219 };
    const { customerId } = await anOrder(undefined, { status: "delivered", trip: trip([]) as never });
    const other = await anOrder(undefined, { status: "delivered", trip: trip([door]) as never });
    await eraseCustomer(customerId);
    expect((await stored(other.order.orderId))?.trip?.before).toEqual([]);
  });

  test("a courier: ended orders keep the id without the name, one under way keeps both", async () => {
    const courier = { courierId: newId("crr"), name: "Kim", vehicle: "bicycle" as const };
    const done = await anOrder(undefined, { status: "delivered", courier });
    const open = await anOrder(undefined, { status: "out_for_delivery", courier });
    const foreign = await anOrder(undefined, {
      status: "delivered",
      courier: { ...courier, courierId: newId("crr") },
    });
    const orderIds = [done, open, foreign].map(({ order }) => order.orderId);
    const { status, body } = await erase(`/internal/couriers/${courier.courierId}/erasure`, "delivery", {
      orderIds,
    });
    expect([status, body.remaining]).toEqual([200, 1]);
    const names = await Promise.all(orderIds.map(async (orderId) => (await stored(orderId))?.courier?.name));
    expect(names).toEqual(["Deleted", "Kim", "Kim"]);
    expect((await stored(orderIds[0] ?? ""))?.courier?.courierId).toBe(courier.courierId);
  });

  test("answers 404 for what is no id in the path, and 422 in the body", async () => {
    expect((await eraseCustomer("everybody")).status).toBe(404);
    const path = `/internal/couriers/${newId("crr")}/erasure` as const;
    expect((await erase(path, "delivery", { orderIds: [] })).status).toBe(422);
  });
});
