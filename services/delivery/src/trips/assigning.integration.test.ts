import { beforeAll, describe, expect, test } from "bun:test";
import type { TripAssignment } from "@food/shared/contracts/trip";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { call, describeWithDatabases, fakeService, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aNewDelivery,
  anOrderId,
  aTrip,
  type DeliveryService,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { tripStore } from "./store.ts";

describeWithDatabases("POST /internal/trips", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  const outcomesOf = async (assignments: TripAssignment[], at = service) =>
    (await at.assign(...assignments)).body.outcomes.map(({ outcome }) => outcome);
  const claimOf = async (courierId: string) => (await service.couriers().findOne({ _id: courierId }))?.claim;
  const liveOf = (courierId: string) => service.trips().findOne({ courierId, live: true });

  /** An assignment that joins the courier's current trip. */
  const joining = ({ tripId, courierId, restaurantId, sequence }: TripAssignment, orders = 1) => {
    const trip = aTrip(courierId, { orders });
    return { ...trip, ...{ tripId, restaurantId, joins: true }, sequence: [...sequence, ...trip.sequence] };
  };

  test("answers 200 with the courier of each delivery, and stores the reason", async () => {
    const idleSince = new Date(Date.now() - 90_000);
    const { courierId } = await service.aCourier({ name: "Sam", vehicle: "car", idleSince });
    const trip = aTrip(courierId, { orders: 2 });
    const { status, body } = await service.assign(trip);
    expect(status).toBe(200);
    expect(body.outcomes).toEqual(
      trip.deliveries.map(({ deliveryId, why }) => ({
        ...{ outcome: "assigned", deliveryId, tripId: trip.tripId, orderVersion: 1, why },
        courier: { courierId, name: "Sam", vehicle: "car" },
        ...{ tripVersion: 1, sequence: trip.sequence },
      })),
    );
    const stored = await liveOf(courierId);
    expect(stored).toMatchObject({
      ...{ _id: trip.tripId, open: true, capacity: 4, liveOrderIds: trip.sequence, sequence: trip.sequence },
      deliveries: trip.deliveries.map(({ deliveryId, why }, slot) => ({ deliveryId, why, slot, live: true })),
    });
    expect(stored?.deliveries[0]?.idleSeconds).toBeGreaterThanOrEqual(90);
    expect(await claimOf(courierId)).toMatchObject({ tripId: trip.tripId, orderIds: trip.sequence });
  });

  describe("beside an order service of an older version", () => {
    const known = (deliveries: TripAssignment["deliveries"], courierId: string) => {
      const trips = tripStore(service.base.mongo.db);
      return Promise.all(deliveries.map(({ deliveryId }) => trips.findOwn(deliveryId, courierId)));
    };

    test("a trip with its id is found by the deliveries of newer orders", async () => {
      const { courierId } = await service.aCourier();
      const trip = aTrip(courierId, { tripId: newId("trp"), orders: 2 });
      const first = await service.assign(trip);
      expect(await known(trip.deliveries, courierId)).not.toContain(undefined);
      expect((await service.assign({ ...trip, tripId: newId("trp") })).body).toEqual(first.body);
    });

    test("a trip of an older delivery service is found by the newer orders that join it", async () => {
      const { courierId } = await service.aCourier({ vehicle: "car" });
      const old = () => aNewDelivery({ deliveryId: newId("dlv") });
      const trip = aTrip(courierId, { tripId: newId("trp"), deliveries: [old()] });
      await service.assign(trip);
      await service.trips().updateOne({ _id: trip.tripId }, { $unset: { shardKey: "" } });
      const more = { ...joining(trip), deliveries: [old(), aNewDelivery({ position: 1 })] };
      expect(await outcomesOf([more])).toEqual(["assigned", "assigned"]);
      expect(await known([...trip.deliveries, ...more.deliveries], courierId)).not.toContain(undefined);
    });
  });

  test("when retried, also with another courier, returns the first assignment and adds none", async () => {
    const { courierId } = await service.aCourier();
    const other = await service.aCourier();
    const trip = aTrip(courierId);
    const first = await service.assign(trip);
    const again = await service.assign({ ...trip, tripId: newId("trp"), courierId: other.courierId });
    expect(again.body).toEqual(first.body);
    expect(await claimOf(other.courierId)).toBeNull();
    expect(await service.trips().countDocuments({ "deliveries.orderId": trip.sequence[0] ?? "" })).toBe(1);
  });

  test("assigns many trips independently, and answers in the sequence of the request", async () => {
    const [one, two] = [await service.aCourier(), await service.aCourier()];
    const away = await service.aCourier({ available: false });
    const asked = [aTrip(one.courierId), aTrip(away.courierId), aTrip(two.courierId, { orders: 2 })];
    expect(await outcomesOf(asked)).toEqual(["assigned", "refused", "assigned", "assigned"]);
  });

  test.each([
    ["off duty", { available: false }],
    ["of unknown position", { at: null }],
    ["with a position that is too old", { locationAt: new Date(Date.now() - 301_000) }],
  ])("refuses a courier %s, and stores nothing", async (_, overrides) => {
    const { courierId } = await service.aCourier(overrides);
    expect(await outcomesOf([aTrip(courierId)])).toEqual(["refused"]);
    expect(await liveOf(courierId)).toBeNull();
  });

  test("refuses more orders than the vehicle carries, and keeps the courier free", async () => {
    const { courierId } = await service.aCourier({ vehicle: "bicycle" });
    expect(await outcomesOf([aTrip(courierId, { orders: 3 })])).toEqual(["refused", "refused", "refused"]);
    expect(await claimOf(courierId)).toBeNull();
    expect(await liveOf(courierId)).toBeNull();
  });

  test("refuses a second trip for a courier on a trip", async () => {
    const { courierId, tripId } = await service.anAssignment();
    expect(await outcomesOf([aTrip(courierId)])).toEqual(["refused"]);
    expect((await liveOf(courierId))?._id).toBe(tripId);
  });

  test("refuses an order to the courier who declined it, and gives it to the next", async () => {
    const [decliner, next] = [await service.aCourier(), await service.aCourier()];
    const orderId = anOrderId();
    const [first] = [aTrip(decliner.courierId, { deliveries: [aNewDelivery({ orderId })] })];
    await service.assign(first);
    const declined = { status: "released", orderVersion: 4, declined: true } as const;
    await service.follow(first.deliveries[0]?.deliveryId ?? "", orderId, declined);
    const again = () => [aNewDelivery({ orderId, orderVersion: 5 })];
    expect(await outcomesOf([aTrip(decliner.courierId, { deliveries: again() })])).toEqual(["refused"]);
    expect(await outcomesOf([aTrip(next.courierId, { deliveries: again() })])).toEqual(["assigned"]);
    expect(await outcomesOf([aTrip(decliner.courierId)])).toEqual(["assigned"]);
  });

  test("refuses the whole trip when the previous round of one order is not over", async () => {
    const { orderId } = await service.anAssignment();
    const { courierId } = await service.aCourier();
    const deliveries = [aNewDelivery({ orderId }), aNewDelivery({ position: 1 })];
    expect(await outcomesOf([aTrip(courierId, { deliveries })])).toEqual(["refused", "refused"]);
    expect(await claimOf(courierId)).toBeNull();
  });

  test("answers `closed` when the delivery is over or was released before the assignment, and claims no courier", async () => {
    const { courierId } = await service.aCourier();
    const done = await service.anAssignment();
    await service.follow(done.deliveryId, done.orderId, { status: "delivered", orderVersion: 9 });
    const early = aNewDelivery();
    await service.follow(early.deliveryId, early.orderId, { status: "released", orderVersion: 2 });
    for (const { deliveryId, orderId } of [done, early]) {
      const trip = aTrip(courierId, { deliveries: [aNewDelivery({ deliveryId, orderId })] });
      expect(await outcomesOf([trip])).toEqual(["closed"]);
    }
    expect(await claimOf(courierId)).toBeNull();
  });

  describe("an order that joins a trip", () => {
    async function aCarTrip(orders = 1) {
      const { courierId } = await service.aCourier({ vehicle: "car" });
      const trip = aTrip(courierId, { orders });
      await service.assign(trip);
      return trip;
    }

    test("takes the next slot and the planned place in the sequence", async () => {
      const trip = await aCarTrip();
      const more = joining(trip);
      more.sequence.reverse();
      expect(await outcomesOf([more])).toEqual(["assigned"]);
      const stored = await liveOf(trip.courierId);
      expect(stored?.deliveries.map(({ slot }) => slot)).toEqual([0, 1]);
      expect(stored?.sequence).toEqual(more.sequence);
      expect((await claimOf(trip.courierId))?.orderIds.toSorted()).toEqual(more.sequence.toSorted());
    });

    test("is refused beyond the capacity", async () => {
      const trip = await aCarTrip(4);
      expect(await outcomesOf([joining(trip)])).toEqual(["refused"]);
    });

    test("takes the room of an order that left, but not its slot", async () => {
      const trip = await aCarTrip(4);
      const [first = aNewDelivery()] = trip.deliveries;
      await service.follow(first.deliveryId, first.orderId, { status: "released", orderVersion: 3 });
      expect(await outcomesOf([joining(trip)])).toEqual(["assigned"]);
      const stored = await liveOf(trip.courierId);
      expect(stored?.deliveries.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4]);
      expect(stored?.liveOrderIds).toHaveLength(4);
    });

    test("is refused after a pickup of the trip", async () => {
      const trip = await aCarTrip();
      const [first = aNewDelivery()] = trip.deliveries;
      await service.follow(first.deliveryId, first.orderId, { status: "picked_up", orderVersion: 3 });
      expect(await outcomesOf([joining(trip)])).toEqual(["refused"]);
    });

    test("is refused when the trip is over, unknown, or of another restaurant or courier", async () => {
      const trip = await aCarTrip();
      const { courierId: other } = await service.aCourier();
      const [over] = [await aCarTrip()];
      const [first = aNewDelivery()] = over.deliveries;
      await service.follow(first.deliveryId, first.orderId, { status: "released", orderVersion: 3 });
      const wrong = [
        joining(over),
        { ...joining(trip), restaurantId: newId("rst") },
        { ...joining(trip), courierId: other },
        { ...joining(trip), tripId: newId("trp") },
      ];
      for (const one of wrong) expect(await outcomesOf([one])).toEqual(["refused"]);
    });
  });

  describe("an order that leaves a trip", () => {
    test("does not change the other orders; after the last one the courier is free", async () => {
      const { courierId } = await service.aCourier();
      const trip = aTrip(courierId, { orders: 2 });
      await service.assign(trip);
      const [one = aNewDelivery(), two = aNewDelivery()] = trip.deliveries;
      await service.follow(one.deliveryId, one.orderId, { status: "released", orderVersion: 3 });
      expect(await liveOf(courierId)).toMatchObject({ open: true, liveOrderIds: [two.orderId] });
      expect(await claimOf(courierId)).toMatchObject({ orderIds: [two.orderId] });
      await service.follow(two.deliveryId, two.orderId, { status: "released", orderVersion: 3 });
      expect(await service.trips().findOne({ _id: trip.tripId })).toMatchObject({
        ...{ live: false, open: false, liveOrderIds: [] },
      });
      expect(await claimOf(courierId)).toBeNull();
    });

    test("when both leave ten times at once, the trip ends once", async () => {
      const { courierId } = await service.aCourier();
      const trip = aTrip(courierId, { orders: 2 });
      await service.assign(trip);
      const end = { status: "delivered", orderVersion: 5 } as const;
      await Promise.all(
        Array.from({ length: 10 }, () =>
          trip.deliveries.map(({ deliveryId, orderId }) => service.follow(deliveryId, orderId, end)),
        ).flat(),
      );
      expect(await service.trips().findOne({ _id: trip.tripId })).toMatchObject({
        ...{ live: false, liveOrderIds: [] },
        deliveries: [{ status: "delivered" }, { status: "delivered" }],
      });
      expect(await claimOf(courierId)).toBeNull();
    });
  });

  test("answers requests at the same time each with its own deliveries", async () => {
    const couriers = await Promise.all(Array.from({ length: 12 }, () => service.aCourier()));
    const asked = couriers.map(({ courierId }, i) => aTrip(courierId, { orders: 1 + (i % 2) }));
    const askAll = () => Promise.all(asked.map((trip) => service.assign(trip)));
    const first = await askAll();
    for (const [i, { body }] of first.entries())
      expect(body.outcomes).toMatchObject(
        (asked[i]?.deliveries ?? []).map(({ deliveryId }) => ({ outcome: "assigned", deliveryId })),
      );
    expect((await askAll()).map(({ body }) => body)).toEqual(first.map(({ body }) => body));
  });

  test("refuses while another process holds the lock of the courier", async () => {
    const locks: Locks = { withLock: async (key, _ms, run) => (key.startsWith("courier:") ? BUSY : run()) };
    const contended = await startDeliveryService({ locks });
    const { courierId } = await contended.aCourier();
    expect(await outcomesOf([aTrip(courierId)], contended)).toEqual(["refused"]);
  });

  test("answers 401 without a token, 403 to a courier, 422 for an unknown field", async () => {
    const { token, courierId } = await service.aCourier({ available: false });
    const body = { assignments: [aTrip(courierId)] };
    expect((await call(service.url, "POST /internal/trips", { body })).status).toBe(401);
    const foreign = await call<Problem>(service.url, "POST /internal/trips", { token, body });
    expect([foreign.status, foreign.body.code]).toEqual([403, "WRONG_ROLE"]);
    const extra = await service.assign({ ...aTrip(courierId), hurry: true } as TripAssignment);
    expect(extra.status).toBe(422);
  });

  test("answers 503 while the order service's public keys are unavailable", async () => {
    const order = await fakeService("order");
    const cutOff = await startDeliveryService({ redisUrl: NO_REDIS, order, ORDER_URL: "http://127.0.0.1:1" });
    const { status, headers } = await cutOff.assign(aTrip(newId("crr")));
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  });
});
