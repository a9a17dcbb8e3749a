// Concurrent planners: even without locks and leases, conditional writes prevent double assignments.
import { expect, test } from "bun:test";
import { createMetrics } from "@food/shared/observe/metrics";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import type { Locks } from "@food/shared/storage/lock";
import { describeWithDatabases, eventually, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { deliveriesAt } from "../clients/deliveries.ts";
import { kitchenStore } from "../kitchens/store.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { TERMS } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { orderStore } from "../orders/store.ts";
import { aFleet, answerFor, aReadyOrder, type Fleet, onDuty, ordersOf } from "./fleet.builder.ts";
import { measureDispatch } from "./metrics.ts";
import { NO_MEMORY, playRound, type RoundDeps } from "./round.ts";
import { regionStore } from "./store.ts";
import { dispatchTermsOf } from "./terms.ts";

const HOURS_MS = 3_600_000;
const NO_LOCKS: Locks = { withLock: (_key, _ttlMs, run) => run() };

/** Dependencies of rounds that run outside the service. */
function roundDepsOf({ base }: OrderService): RoundDeps {
  const { db } = base.mongo;
  const orders = orderStore(db);
  return {
    ...{ orders, kitchens: kitchenStore(db), regions: regionStore(db), terms: TERMS },
    ...{ locks: base.locks, outages: repeatedFailures(base.log), announce: async () => undefined },
    deliveries: deliveriesAt(base.clientOf("delivery", base.DELIVERY_URL)),
    dispatchTerms: dispatchTermsOf(base),
    metrics: measureDispatch({ metrics: createMetrics("order"), figures: base.figures }, orders),
  };
}

/** Each assigned order was assigned once, and the fleet has the same assignments. */
function expectNoDoubles(fleet: Fleet, orders: OrderDocument[]) {
  const given = orders.filter(({ courier }) => courier);
  for (const { events } of given)
    expect(events.filter(({ type }) => type === "courier_assigned")).toHaveLength(1);
  const live = fleet.live();
  expect(new Set(live.map(({ orderId }) => orderId)).size).toBe(live.length);
  expect(given.map(({ _id, courier }) => `${_id} ${courier?.courierId}`).sort()).toEqual(
    live.map(({ orderId, courierId }) => `${orderId} ${courierId}`).sort(),
  );
  for (const { capacity, trip } of fleet.fleet.values())
    expect(trip?.drops.length ?? 0).toBeLessThanOrEqual(capacity);
}

for (const redisUrl of [undefined, NO_REDIS])
  describeWithDatabases(`two order services on one database ${redisUrl ? "without" : "with"} Redis`, () => {
    test("assign every order once", async () => {
      const options = { mongoUrl: freshMongoUrl(), DISPATCH_EVERY_MS: 50, ...(redisUrl && { redisUrl }) };
      const services = [await startOrderService(options), await startOrderService(options)] as const;
      const fleet = aFleet(Array.from({ length: 40 }, () => onDuty()));
      for (const service of services) answerFor(service, fleet);
      const count = 30;
      await Promise.all(Array.from({ length: count }, (_, i) => services[i % 2 ? 1 : 0].placed()));
      const orders = ordersOf(services[0]);
      await eventually(async () => (await orders.countDocuments({ awaitingCourier: false })) === count);
      const events = (await orders.find().toArray()).map((order) =>
        order.events.filter(({ type }) => type === "courier_assigned"),
      );
      expect(events.map(({ length }) => length)).toEqual(Array(count).fill(1));
      expect(new Set(fleet.live().map(({ orderId }) => orderId)).size).toBe(count);
    });
  });

describeWithDatabases("a process that pauses during its round", () => {
  test("while another process plans the region: no order is assigned twice", async () => {
    const mongoUrl = freshMongoUrl();
    const options = { mongoUrl, redisUrl: NO_REDIS, DISPATCH_EVERY_MS: HOURS_MS };
    const [leader, other] = [await startOrderService(options), await startOrderService(options)];
    const fleet = aFleet([onDuty()]);
    answerFor(other, fleet);
    answerFor(leader, fleet);
    const gate = Promise.withResolvers<void>();
    leader.answers.search = async (request) => {
      const found = fleet.search(request);
      await gate.promise;
      return found;
    };
    const { body } = await leader.place();
    await eventually(async () => fleet.searches.length === 1);
    const regions = leader.base.mongo.db.collection("regions");
    await regions.updateMany({}, { $set: { leasedUntil: new Date(0) } });
    const second = await other.place();
    const orders = ordersOf(leader);
    const given = { _id: { $in: [body.orderId, second.body.orderId] }, awaitingCourier: false };
    await orders.updateMany({}, { $set: { status: "ready", readyAt: new Date() } });
    await eventually(async () => (await orders.countDocuments(given)) > 0 || fleet.asked.length > 0);
    gate.resolve();
    await eventually(async () => (await regions.countDocuments({ leasedUntil: { $exists: true } })) === 0);
    expectNoDoubles(fleet, await orders.find().toArray());
  });
});

for (const redisUrl of [undefined, NO_REDIS])
  describeWithDatabases(`sixty-four rounds at once ${redisUrl ? "without" : "with"} Redis`, () => {
    test("for fifty orders and twenty couriers: no order is assigned twice, no courier gets too many", async () => {
      const options = {
        mongoUrl: freshMongoUrl(),
        DISPATCH_EVERY_MS: HOURS_MS,
        ...(redisUrl && { redisUrl }),
      };
      const service = await startOrderService(options);
      await service.stopWorkers();
      const fleet = aFleet(Array.from({ length: 20 }, () => onDuty()));
      answerFor(service, fleet);
      const waiting = Array.from({ length: 50 }, () => aReadyOrder(5));
      await ordersOf(service).insertMany(waiting);
      const region = waiting[0]?.region ?? "";
      // Every round gets the lease, so only conditional writes prevent double assignments.
      const deps = { ...roundDepsOf(service), locks: NO_LOCKS };
      const always = { ...deps.regions, lease: async () => true };
      // On a busy machine a round may fail for want of a MongoDB connection. The next round continues its work.
      const play = () =>
        playRound({ ...deps, regions: always }, region, NO_MEMORY, false).catch(() => undefined);
      await Promise.all(Array.from({ length: 64 }, play));
      const stored = ordersOf(service);
      await eventually(async () => {
        await play();
        return (await stored.countDocuments({ courier: { $exists: true } })) === 40;
      }, 30_000);
      expectNoDoubles(fleet, await stored.find().toArray());
    }, 60_000);
  });
