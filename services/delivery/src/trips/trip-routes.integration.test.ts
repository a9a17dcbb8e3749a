// The courier's routes for a whole trip.
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { unavailable } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import { courierStore } from "../couriers/store.ts";
import {
  aNewDelivery,
  anOrderView,
  aTrip,
  type DeliveryService,
  metersNorth,
  type Problem,
  startDeliveryService,
  type TestCourier,
} from "../delivery-service.builder.ts";
import { releaseSilent, type SilenceDeps } from "./release-silent.ts";
import type { Trip } from "./schema.ts";
import { tripStore } from "./store.ts";

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code, detail: "No." }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });

type Answered = Trip & Problem & { deliveryId?: string; arrivedAt?: string };

describeWithDatabases("a courier's trip", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  beforeEach(() => {
    service.asked.length = 0;
    service.answers.move = ({ orderId }) => Response.json(anOrderView(orderId));
  });

  async function onTrip(orders = 2, ready = true) {
    const courier = await service.aCourier({ vehicle: "car", at: metersNorth(1_000) });
    const deliveries = Array.from({ length: orders }, (_, position) => aNewDelivery({ position, ready }));
    const trip = aTrip(courier.courierId, { deliveries });
    await service.assign(trip);
    return { ...courier, trip, deliveries };
  }
  const current = ({ token }: TestCourier) =>
    call<Answered>(service.url, "GET /v1/couriers/me/trip", { token });
  const act = ({ token }: { token: string }, tripId: string, action: string, body?: object) =>
    call<Answered>(service.url, `POST /v1/trips/${tripId}/${action}`, { token, ...(body && { body }) });
  const statusesOf = async (tripId: string) =>
    (await service.trips().findOne({ _id: tripId }))?.deliveries.map(({ status }) => status);
  const refusing = (refusedId: string, status = 409) => {
    service.answers.move = ({ orderId }) =>
      orderId === refusedId ? problem(status, "ILLEGAL_MOVE") : Response.json(anOrderView(orderId));
  };

  describe("GET /v1/couriers/me/trip", () => {
    test("answers 200 with the remaining stops in sequence, with increasing times", async () => {
      const { trip, deliveries, ...courier } = await onTrip();
      const { status, body } = await current(courier);
      expect(status).toBe(200);
      expect(body).toMatchObject({ tripId: trip.tripId, open: true, capacity: 4 });
      expect(body.stops.map(({ action, orderIds }) => [action, ...orderIds])).toEqual([
        ["pickup", ...trip.sequence],
        ...trip.sequence.map((orderId) => ["drop_off", orderId]),
      ]);
      const times = body.stops.map(({ expectedAt }) => Date.parse(expectedAt));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const [first = aNewDelivery(), second = aNewDelivery()] = deliveries;
      await service.follow(first.deliveryId, first.orderId, { status: "picked_up", orderVersion: 3 });
      await service.follow(first.deliveryId, first.orderId, { status: "delivered", orderVersion: 4 });
      const left = (await current(courier)).body;
      expect(left.open).toBe(false);
      expect(left.stops.map(({ action, orderIds }) => [action, ...orderIds])).toEqual([
        ["pickup", second.orderId],
        ["drop_off", second.orderId],
      ]);
    });

    test("answers 404 to a courier without a trip", async () => {
      const { status, body } = await current(await service.aCourier());
      expect([status, body.code]).toEqual([404, "NO_TRIP"]);
    });
  });

  describe("POST /v1/trips/:tripId/pickup", () => {
    test("answers 200 and picks up every order; a retry changes nothing", async () => {
      const { trip, token } = await onTrip();
      const { status, body } = await act({ token }, trip.tripId, "pickup");
      expect([status, body.open, body.stops.length]).toEqual([200, false, 2]);
      expect(await statusesOf(trip.tripId)).toEqual(["picked_up", "picked_up"]);
      expect((await act({ token }, trip.tripId, "pickup")).status).toBe(200);
      expect(service.asked).toHaveLength(2);
    });

    test("answers 409 with the orders that are not ready, and picks up nothing", async () => {
      const { trip, token } = await onTrip(2, false);
      const [first = aNewDelivery()] = trip.deliveries;
      const ready = { status: "assigned", orderVersion: 3, ready: true } as const;
      await service.follow(first.deliveryId, first.orderId, ready);
      const { status, body } = await act({ token }, trip.tripId, "pickup");
      expect([status, body.code]).toEqual([409, "NOT_READY"]);
      expect(service.asked).toEqual([]);
    });

    test("passes on a refusal of the order service, and closes the trip to further orders", async () => {
      const { trip, token } = await onTrip();
      refusing(trip.sequence[1] ?? "");
      expect((await act({ token }, trip.tripId, "pickup")).status).toBe(409);
      expect((await statusesOf(trip.tripId))?.toSorted()).toEqual(["assigned", "picked_up"]);
      expect((await service.trips().findOne({ _id: trip.tripId }))?.open).toBe(false);
    });

    test("a refused pickup opens the trip again, but not while another pickup of it is under way", async () => {
      const { trip, token } = await onTrip();
      const { promise: held, resolve: answer } = Promise.withResolvers<Response>();
      const [first = aNewDelivery(), second = aNewDelivery()] = trip.deliveries;
      const refusal = () => problem(409, "ILLEGAL_MOVE");
      service.answers.move = ({ orderId }) => (orderId === first.orderId ? held : refusal());
      const isOpen = async () => (await service.trips().findOne({ _id: trip.tripId }))?.open;
      const slow = service.act({ token }, first.deliveryId, "pickup");
      await eventually(async () => service.asked.length === 1);
      expect((await service.act({ token }, second.deliveryId, "pickup")).status).toBe(409);
      expect(await isOpen()).toBe(false);
      answer(refusal());
      expect((await slow).status).toBe(409);
      expect(await isOpen()).toBe(true);
    });
  });

  describe("POST /v1/trips/:tripId/decline", () => {
    test("answers 200, releases every order and frees the courier", async () => {
      const { trip, token, courierId } = await onTrip();
      expect((await act({ token }, trip.tripId, "decline")).status).toBe(200);
      expect(await service.trips().findOne({ _id: trip.tripId })).toMatchObject({
        live: false,
        deliveries: [{ declined: true }, { declined: true }],
      });
      expect(await service.couriers().findOne({ _id: courierId })).toMatchObject({ claim: null });
    });

    test("answers 409 after a pickup, and changes nothing", async () => {
      const { trip, token } = await onTrip();
      const [first = aNewDelivery()] = trip.deliveries;
      await service.follow(first.deliveryId, first.orderId, { status: "picked_up", orderVersion: 3 });
      const { status, body } = await act({ token }, trip.tripId, "decline");
      expect([status, body.code, body.allowedActions]).toEqual([409, "ILLEGAL_MOVE", ["deliver", "fail"]]);
      expect(service.asked).toEqual([]);
    });
  });

  describe("POST /v1/trips/:tripId/arrive", () => {
    test("answers 200, reports the arrival to every waiting order, and keeps the first time", async () => {
      const { trip, token, courierId } = await onTrip();
      const first = await act({ token }, trip.tripId, "arrive");
      expect(first.status).toBe(200);
      expect(service.asked.map(({ action, request }) => [action, request.actorId])).toEqual(
        trip.sequence.map(() => ["arrive", courierId]),
      );
      expect((await act({ token }, trip.tripId, "arrive")).body.arrivedAt).toBe(first.body.arrivedAt ?? "");
    });

    test("answers 409 when no order waits at the restaurant", async () => {
      const { trip, token } = await onTrip(1);
      await act({ token }, trip.tripId, "pickup");
      expect((await act({ token }, trip.tripId, "arrive")).status).toBe(409);
    });
  });

  describe("POST /v1/deliveries/:deliveryId/arrive", () => {
    const arrive = ({ token }: { token: string }, deliveryId = "") =>
      call<Answered>(service.url, `POST /v1/deliveries/${deliveryId}/arrive`, { token });

    test("answers 200 after the pickup, and calls the order service once", async () => {
      const { trip, token, deliveries } = await onTrip();
      await act({ token }, trip.tripId, "pickup");
      service.asked.length = 0;
      const { status, body } = await arrive({ token }, deliveries[0]?.deliveryId);
      expect([status, typeof body.arrivedAt]).toEqual([200, "string"]);
      expect((await arrive({ token }, deliveries[0]?.deliveryId)).body.arrivedAt).toBe(body.arrivedAt ?? "");
      expect(service.asked.map(({ action }) => action)).toEqual(["arrive"]);
    });

    test("answers 409 before the pickup and after the end, 404 for another courier's delivery", async () => {
      const { token, deliveries } = await onTrip();
      const [one = aNewDelivery()] = deliveries;
      expect((await arrive({ token }, one.deliveryId)).body.code).toBe("ILLEGAL_MOVE");
      expect((await arrive(await service.aCourier(), one.deliveryId)).status).toBe(404);
      await service.follow(one.deliveryId, one.orderId, { status: "released", orderVersion: 9 });
      expect((await arrive({ token }, one.deliveryId)).body.currentStatus).toBe("released");
    });
  });

  test.each(["pickup", "decline", "arrive"])(
    "POST /v1/trips/:tripId/%s answers 404, 422 and 503",
    async (action) => {
      const { trip, token } = await onTrip();
      const other = await service.aCourier();
      for (const [by, tripId] of [
        [other.token, trip.tripId],
        [token, newId("trp")],
      ] as const)
        expect((await act({ token: by }, tripId, action)).status).toBe(404);
      expect((await act({ token }, trip.tripId, action, { why: "?" })).status).toBe(422);
      service.answers.move = () => new Response("oops", { status: 500 });
      expect((await act({ token }, trip.tripId, action)).status).toBe(503);
    },
  );

  test("when an order joins or leaves, the stream sends `joined` or `left`", async () => {
    const { trip, token, courierId } = await onTrip(1);
    const stream = await openEventStream(`${service.url}/v1/deliveries/events`, {
      authorization: `Bearer ${token}`,
    });
    await eventually(async () => stream.events.some(({ event }) => event === "snapshot"));
    const more = aTrip(courierId, { tripId: trip.tripId, restaurantId: trip.restaurantId, joins: true });
    const [joined = aNewDelivery()] = more.deliveries;
    await service.assign({ ...more, sequence: [...trip.sequence, ...more.sequence] });
    const told = (name: string) => eventually(async () => stream.events.find(({ event }) => event === name));
    expect((await told("joined")).data).toMatchObject({ deliveryId: joined.deliveryId, stopsBefore: 1 });
    await service.follow(joined.deliveryId, joined.orderId, { status: "released", orderVersion: 3 });
    expect((await told("left")).data).toMatchObject({ deliveryId: joined.deliveryId, status: "released" });
    stream.close();
  });

  describe("a trip whose courier stops reporting positions", () => {
    let refused = "";
    const deps = (): SilenceDeps => ({
      couriers: courierStore(service.base.mongo.db, 300_000),
      trips: tripStore(service.base.mongo.db),
      ...{ log: service.base.log, positionMaxAgeMs: 300_000 },
      onFree: () => undefined,
      onChanged: () => undefined,
      async moveOrder(orderId, action, request) {
        if (orderId === refused) throw unavailable("SOME_CODE", "Not now.");
        service.asked.push({ orderId, action, request });
        return anOrderView(orderId);
      },
    });
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

    test("is released after the limit, not declined, and the courier may get the next", async () => {
      const { trip, courierId } = await onTrip();
      await releaseSilent(deps(), inMinutes(4));
      expect(service.asked).toEqual([]);
      await releaseSilent(deps(), inMinutes(6));
      const asked = service.asked.filter(({ request }) => request.actorId === courierId);
      expect(asked.map(({ action, request }) => [action, request.reason])).toEqual(
        trip.sequence.map(() => ["release", "courier_silent"]),
      );
      const stored = await service.trips().findOne({ _id: trip.tripId });
      expect(stored?.deliveries).toMatchObject([
        { status: "released", reason: "courier_silent" },
        { status: "released", reason: "courier_silent" },
      ]);
      expect(stored?.deliveries.some(({ declined }) => declined)).toBe(false);
      expect(await service.couriers().findOne({ _id: courierId })).toMatchObject({ claim: null });
    });

    test("stays with the courier after a pickup or a new position", async () => {
      const [picked, active] = [await onTrip(1), await onTrip(1)];
      await act(picked, picked.trip.tripId, "pickup");
      await service.couriers().updateOne({ _id: active.courierId }, { $set: { locationAt: inMinutes(5) } });
      await releaseSilent(deps(), inMinutes(6));
      for (const { trip } of [picked, active])
        expect((await service.trips().findOne({ _id: trip.tripId }))?.live).toBe(true);
    });

    test("does not delay other releases when its own release fails", async () => {
      const [stuck, next, last] = [await onTrip(1), await onTrip(1), await onTrip(1)];
      refused = stuck.trip.sequence[0] ?? "";
      await releaseSilent(deps(), inMinutes(6), 2);
      expect(await statusesOf(stuck.trip.tripId)).toEqual(["assigned"]);
      for (const { trip } of [next, last]) expect(await statusesOf(trip.tripId)).toEqual(["released"]);
    });
  });
});
