import { beforeAll, expect, test } from "bun:test";
import type { AssignTrips } from "@food/shared/contracts/trip";
import { type EndedSpan, recordSpans } from "@food/shared/observe/spans";
import { cleanUp, describeWithDatabases, eventually, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder, aRequest } from "../orders/order.builder.ts";
import { aFleet, answerFor, aReadyOrder, onDuty, ordersOf } from "./fleet.builder.ts";

const HOURS_MS = 3_600_000;
describeWithDatabases("a round", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 200 });
  });
  const stored = (orderId: string) => ordersOf(service).findOne({ _id: orderId });
  const withCourier = (orderId: string) =>
    eventually(async () => {
      const order = await stored(orderId);
      return order?.courier && order;
    });

  test("when an order is placed, assigns a free courier at once, with one search and one assignment", async () => {
    const fleet = aFleet([onDuty()]);
    answerFor(service, fleet);
    const { body } = await service.place();
    const order = await withCourier(body.orderId);
    expect(order).toMatchObject({
      ...{ awaitingCourier: false, status: "pending", version: 2 },
      trip: { tripId: fleet.asked[0]?.tripId, version: 1, sequence: [body.orderId], before: [] },
    });
    expect(order.events.at(-1)).toMatchObject({
      ...{ type: "courier_assigned", actor: { role: "system" } },
      why: { bundleSize: 1, distanceMeters: 0 },
    });
    expect([fleet.searches.length, fleet.asked.length]).toEqual([1, 1]);
  });

  test("for an order that was placed follows its placing in the same trace", async () => {
    const alone = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000 });
    answerFor(alone, aFleet([onDuty()]));
    const spans: EndedSpan[] = [];
    recordSpans(
      (span) => void spans.push(span),
      () => true,
    );
    cleanUp(() => recordSpans());
    await alone.placed();
    const named = (name: string) => spans.filter(({ type }) => type.name === name);
    // The other service of this file plays rounds, too.
    await eventually(async () =>
      named("POST /internal/orders").some((placing) =>
        named("dispatch round").some(
          ({ trace }) => trace.traceId === placing.trace.traceId && trace.parentId === placing.trace.spanId,
        ),
      ),
    );
  });

  test("assigns each order in the trace of its placing, also after a restart, and one of an older release", async () => {
    const fleet = aFleet([onDuty({ capacity: 1 }), onDuty({ capacity: 1 })]);
    answerFor(service, fleet);
    const traceId = "c".repeat(32);
    const trace = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
    const [ours, older] = [aReadyOrder(20, { trace }), aReadyOrder(20)];
    const seenBefore = service.delivery.headers.length;
    await ordersOf(service).insertMany([ours, older]);
    for (const { _id } of [ours, older]) await withCourier(_id);
    const calls = service.delivery.headers.slice(seenBefore);
    expect(calls.some((headers) => headers.get("traceparent")?.startsWith(`00-${traceId}-`))).toBe(true);
  });

  test("when the order changed during its assignment, informs the delivery, otherwise not", async () => {
    const fleet = aFleet([onDuty({ capacity: 1 }), onDuty({ capacity: 1 })]);
    answerFor(service, fleet);
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    service.answers.assign = async (request: AssignTrips) => {
      asked++;
      await gate.promise;
      return fleet.assign(request);
    };
    const [known, unknown] = [await service.place(), await service.place()];
    await eventually(async () => asked > 0);
    const moved = { actorId: unknown.body.restaurantId, prepMinutes: 5 };
    await service.move(unknown.body.orderId, "accept", service.restaurant, moved);
    gate.resolve();
    for (const { body } of [known, unknown]) await withCourier(body.orderId);
    await eventually(async () => {
      const order = await stored(unknown.body.orderId);
      const assignedWith = fleet.asked
        .flatMap(({ deliveries }) => deliveries)
        .find(({ orderId }) => orderId === order?._id)?.orderVersion;
      const told = service.told.findLast(({ progress }) => progress.orderId === order?._id)?.progress;
      return (assignedWith ?? 0) >= 2 || told?.readyAt === order?.readyAt?.toISOString();
    });
    expect(service.told.filter(({ progress }) => progress.orderId === known.body.orderId)).toEqual([]);
  });

  test("with one courier, assigns the most delayed order first, and every order in the end", async () => {
    const courier = onDuty({ capacity: 1 });
    const fleet = aFleet([courier]);
    answerFor(service, fleet);
    const waiting = [1, 45, 20].map((minutes) => aReadyOrder(minutes));
    await ordersOf(service).insertMany(waiting);
    const given: string[] = [];
    service.answers.free = () => (courier.trip ? [] : [{ ...courier, reachMeters: 30_000 }]);
    while (given.length < waiting.length) {
      const [live] = await eventually(async () => fleet.live().length > 0 && fleet.live());
      await withCourier(live?.orderId ?? "");
      given.push(live?.orderId ?? "");
      fleet.end(courier.courierId);
    }
    service.answers.free = () => [];
    expect(given[0]).toBe(waiting[1]?._id ?? "");
    expect(new Set(given).size).toBe(waiting.length);
  });

  test("while couriers are scarce and the food is not ready, holds the order and extends its deadline", async () => {
    const fleet = aFleet([onDuty({ capacity: 1 })]);
    answerFor(service, fleet);
    const assignBy = new Date(Date.now() + 30_000);
    const waiting = [anOrder({ assignBy }), anOrder({ assignBy, restaurantId: newId("rst") })] as const;
    const ids = waiting.map(({ _id }) => _id);
    await ordersOf(service).insertMany([...waiting]);
    const kept = { _id: { $in: ids }, assignBy: { $gt: assignBy } };
    await eventually(async () => (await ordersOf(service).countDocuments(kept)) > 0);
    expect(fleet.asked).toEqual([]);
    const [{ _id, restaurantId: actorId }, other] = waiting;
    await ordersOf(service).deleteOne({ _id: other._id });
    await service.move(_id, "prepare", service.restaurant, { actorId });
    await service.move(_id, "ready", service.restaurant, { actorId });
    await withCourier(_id);
  });

  test("when couriers are scarce, bundles orders of one restaurant and stores the doors before each", async () => {
    answerFor(service, aFleet([onDuty()]));
    const waiting = [aReadyOrder(5), aReadyOrder(5)];
    await ordersOf(service).insertMany(waiting);
    const orders = await Promise.all(waiting.map(({ _id }) => withCourier(_id)));
    expect(new Set(orders.map(({ trip }) => trip?.tripId)).size).toBe(1);
    expect(orders.map(({ trip }) => trip?.before.length).sort()).toEqual([0, 1]);
  });

  test("adds an order to a trip before its pickup, and updates the orders behind it", async () => {
    const [courier] = [onDuty({ capacity: 3 })];
    const fleet = aFleet([courier]);
    answerFor(service, fleet);
    const near = { ...aRequest().deliveryAddress, location: { lat: 52.521, lng: 13.4 } };
    const first = aReadyOrder(5);
    await ordersOf(service).insertOne(first);
    const { trip } = await withCourier(first._id);
    const second = aReadyOrder(5, { deliveryAddress: near });
    await ordersOf(service).insertOne(second);
    expect((await withCourier(second._id)).trip).toMatchObject({ tripId: trip?.tripId, before: [] });
    const moved = await eventually(async () => {
      const order = await stored(first._id);
      return order?.trip?.before.length === 1 && order;
    });
    expect(moved.events.at(-1)).toMatchObject({ type: "trip_changed", from: "ready", to: "ready" });
    expect(moved.trip?.before).toEqual([near.location]);
  });

  test("when the delivery has already ended, starts the next round of the order", async () => {
    const fleet = aFleet([onDuty()]);
    answerFor(service, fleet);
    const closed = new Set<string>();
    service.answers.assign = ({ assignments }) => {
      const ids = assignments.flatMap(({ deliveries }) => deliveries.map(({ deliveryId }) => deliveryId));
      if (closed.size > 0) return fleet.assign({ assignments });
      for (const id of ids) closed.add(id);
      return { outcomes: ids.map((deliveryId) => ({ outcome: "closed", deliveryId })) };
    };
    const { body } = await service.place();
    expect((await withCourier(body.orderId)).round).toBe(2);
  });

  test("while the delivery service is down, keeps the order waiting, and assigns it afterwards", async () => {
    const fleet = aFleet([onDuty()]);
    answerFor(service, fleet);
    for (const route of ["search", "assign"] as const) {
      let asked = 0;
      service.answers[route] = () => {
        asked++;
        return new Response("down", { status: 503 });
      };
      const { body, status } = await service.place();
      expect(status).toBe(201);
      await eventually(async () => asked > 0);
      expect(await stored(body.orderId)).toMatchObject({ awaitingCourier: true, version: 1 });
      answerFor(service, aFleet([onDuty()]));
      await withCourier(body.orderId);
    }
  });

  test("when an order is cancelled during its assignment, releases the courier", async () => {
    const fleet = aFleet([onDuty()]);
    answerFor(service, fleet);
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    service.answers.assign = async (request) => {
      asked++;
      await gate.promise;
      return fleet.assign(request);
    };
    const { body } = await service.place();
    await eventually(async () => asked > 0);
    const order = await stored(body.orderId);
    await service.move(body.orderId, "cancel", service.customer, { actorId: body.customerId });
    gate.resolve();
    const told = await eventually(async () =>
      service.told.find(({ deliveryId }) => deliveryId === order?.deliveryId),
    );
    expect(told.progress.status).toBe("released");
    const after = await stored(body.orderId);
    expect(after).toMatchObject({ status: "cancelled", awaitingCourier: false });
    expect(after?.courier).toBeUndefined();
  });

  test("does not assign an order again to a courier who declined it", async () => {
    const [first, second] = [onDuty(), onDuty({ location: { lat: 52.5, lng: 13.4 } })];
    const fleet = aFleet([first, second]);
    answerFor(service, fleet);
    const { body } = await service.place();
    const { deliveryId, courier } = await withCourier(body.orderId);
    expect(courier?.courierId).toBe(first.courierId);
    fleet.end(first.courierId);
    const declined = { actorId: first.courierId, deliveryId };
    await service.move(body.orderId, "decline", service.delivery, declined);
    expect((await withCourier(body.orderId)).courier?.courierId).toBe(second.courierId);
    expect(fleet.asked.map(({ courierId }) => courierId)).toEqual([first.courierId, second.courierId]);
  });
});

describeWithDatabases("a region with more waiting orders than a round takes", () => {
  test("also plans the orders behind those that no courier can take", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: 200 });
    const courier = onDuty();
    answerFor(service, aFleet([courier]));
    const declinedBy = [courier.courierId];
    const hopeless = Array.from({ length: 305 }, (_, i) =>
      aReadyOrder(2, { placedAt: new Date(Date.now() - 60_000 + i), declinedBy }),
    );
    const last = aReadyOrder(0);
    await ordersOf(service).insertMany([...hopeless, last]);
    await eventually(async () => (await ordersOf(service).findOne({ _id: last._id }))?.courier);
  });
});

describeWithDatabases("a burst of placements", () => {
  test("needs few rounds", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: HOURS_MS });
    const fleet = aFleet(Array.from({ length: 60 }, () => onDuty({ capacity: 1 })));
    answerFor(service, fleet);
    await Promise.all(Array.from({ length: 40 }, () => service.placed()));
    await eventually(async () => (await ordersOf(service).countDocuments({ awaitingCourier: false })) === 40);
    expect(fleet.searches.length).toBeLessThan(25);
    expect(new Set(fleet.live().map(({ orderId }) => orderId)).size).toBe(40);
  });
});

describeWithDatabases("a region without free couriers", () => {
  test("a placement costs one search near its restaurant and no plan, until a courier is free there", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: HOURS_MS });
    const fleet = aFleet();
    answerFor(service, fleet);
    const plans = () => fleet.searches.filter(({ includeBusy }) => includeBusy).length;
    await service.place();
    await eventually(async () => plans() === 1);
    for (let placed = 1; placed <= 10; placed++) {
      const before = fleet.searches.length;
      await service.place();
      await eventually(async () => fleet.searches.length > before);
    }
    expect(plans()).toBeLessThan(5);
    await ordersOf(service).insertOne(aReadyOrder(30));
    fleet.join(onDuty({ capacity: 1 }));
    await service.place();
    await eventually(async () => fleet.asked.length > 0);
  });
});

describeWithDatabases("an order service without Redis", () => {
  test("polls the delivery service for free couriers and assigns them", async () => {
    const service = await startOrderService({ redisUrl: NO_REDIS, DISPATCH_EVERY_MS: 200 });
    const fleet = aFleet();
    answerFor(service, fleet);
    const { body } = await service.place();
    await eventually(async () => fleet.searches.length > 0);
    const courier = onDuty();
    fleet.join(courier);
    service.answers.free = () => [{ ...courier, reachMeters: 30_000 }];
    await eventually(async () => (await ordersOf(service).findOne({ _id: body.orderId }))?.courier, 5_000);
  });
});
