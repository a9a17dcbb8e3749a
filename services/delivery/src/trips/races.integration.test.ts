// The same races with Redis, without it, and with locks that exclude no process. The result must not depend
// on the lock.
import { expect, setDefaultTimeout, test } from "bun:test";
import type { TripAssignment } from "@food/shared/contracts/trip";
import { describeWithDatabases, eventually, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aNewDelivery,
  anOrderId,
  aTrip,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";

// These tests check who wins, not how fast the machine is.
setDefaultTimeout(180_000);

type Options = Parameters<typeof startDeliveryService>[0];
const CONDITIONS: [string, Options][] = [
  ["with Redis", {}],
  ["without Redis", { redisUrl: NO_REDIS }],
  ["with locks that exclude no process", { locks: { withLock: (_key, _ttlMs, run) => run() } }],
];
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Two processes over one database. */
async function startReplicas(options: Options): Promise<[DeliveryService, DeliveryService]> {
  const mongoUrl = freshMongoUrl();
  const first = await startDeliveryService({ ...options, mongoUrl });
  return [first, await startDeliveryService({ ...options, mongoUrl, order: first.order })];
}

/** After the sweep, every claim has a live trip and every live trip has a claim. No order is on two live
 * trips. No slot is used twice. No trip has more live orders than its capacity. */
async function expectExclusive({ couriers, trips }: DeliveryService) {
  const live = await trips().find({ live: true }).toArray();
  const pairs = (list: (string | undefined)[][]) =>
    list
      .map((pair) => pair.join(" "))
      .sort()
      .join();
  const onTrips = pairs(live.map(({ _id, courierId }) => [courierId, _id]));
  await eventually(async () => {
    const claimed = await couriers()
      .find({ claim: { $ne: null } })
      .toArray();
    return pairs(claimed.map(({ _id, claim }) => [_id, claim?.tripId])) === onTrips;
  });
  expect(new Set(live.map(({ courierId }) => courierId)).size).toBe(live.length);
  const orders = live.flatMap(({ liveOrderIds }) => liveOrderIds);
  expect(new Set(orders).size).toBe(orders.length);
  for (const trip of live) {
    const alive = trip.deliveries.filter((one) => one.live).map(({ orderId }) => orderId);
    expect(trip.liveOrderIds.toSorted()).toEqual(alive.toSorted());
    expect(alive.length).toBeLessThanOrEqual(trip.capacity);
    expect(trip.deliveries.map(({ slot }) => slot)).toEqual(trip.deliveries.map((_, slot) => slot));
  }
}

const assignedIn = async (answers: ReturnType<DeliveryService["assign"]>[]) =>
  (await Promise.all(answers)).flatMap(({ body }) =>
    body.outcomes.filter(({ outcome }) => outcome === "assigned"),
  );

for (const [condition, options] of CONDITIONS)
  describeWithDatabases(`assigning ${condition}`, () => {
    test("64 trips for one courier at once: one begins", async () => {
      const replicas = await startReplicas(options);
      const { courierId } = await replicas[0].aCourier();
      const assigned = await assignedIn(
        times(64, (i) => (replicas[i % 2] ?? replicas[0]).assign(aTrip(courierId))),
      );
      expect(assigned).toHaveLength(1);
      expect(await replicas[0].trips().countDocuments({})).toBe(1);
      await expectExclusive(replicas[0]);
    });

    test("64 requests for one delivery at once, to eight couriers: one courier gets it, no other stays claimed", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      const couriers = await Promise.all(times(8, () => service.aCourier()));
      const deliveries = [aNewDelivery()];
      const assigned = await assignedIn(
        times(64, (i) =>
          (replicas[i % 2] ?? service).assign(aTrip(couriers[i % 8]?.courierId ?? "", { deliveries })),
        ),
      );
      const winners = new Set(assigned.map((one) => one.outcome === "assigned" && one.courier.courierId));
      expect(winners.size).toBe(1);
      await expectExclusive(service);
    });

    test("eight rounds of one order at once: one delivery is live", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      const orderId = anOrderId();
      const couriers = await Promise.all(times(8, () => service.aCourier()));
      const assigned = await assignedIn(
        couriers.map(({ courierId }, i) =>
          (replicas[i % 2] ?? service).assign(aTrip(courierId, { deliveries: [aNewDelivery({ orderId })] })),
        ),
      );
      expect(assigned).toHaveLength(1);
      await expectExclusive(service);
    });

    test("64 rounds at once over 50 orders and 20 couriers: no order twice, no capacity exceeded", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      const couriers = await Promise.all(times(20, () => service.aCourier()));
      const orders = times(50, () => aNewDelivery());
      /** Each round makes other pairs. */
      const planned = (round: number): TripAssignment[] =>
        couriers.map(({ courierId }, i) => {
          const pick = (nth: number) => orders[(i * 2 + nth + round * 7) % orders.length] ?? aNewDelivery();
          return aTrip(courierId, { deliveries: [pick(0), { ...pick(1), position: 1 }] });
        });
      await Promise.all(times(64, (round) => (replicas[round % 2] ?? service).assign(...planned(round))));
      await expectExclusive(service);
      // No stale claim is left: free couriers can get the waiting orders.
      const live = await service.trips().find({ live: true }).toArray();
      const taken = new Set(live.flatMap(({ liveOrderIds }) => liveOrderIds));
      const free = couriers.filter(({ courierId }) => !live.some((trip) => trip.courierId === courierId));
      const waiting = orders.filter(({ orderId }) => !taken.has(orderId));
      const calm = free.map(({ courierId }, i) =>
        aTrip(courierId, { deliveries: [waiting[i] ?? aNewDelivery()] }),
      );
      if (calm.length > 0) expect((await assignedIn([service.assign(...calm)])).length).toBe(calm.length);
      await expectExclusive(service);
    });

    test("30 orders join one trip at once: it takes as many as its capacity", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      const { courierId } = await service.aCourier({ vehicle: "car" });
      const trip = aTrip(courierId);
      await service.assign(trip);
      const joined = async () => (await service.trips().findOne({ _id: trip.tripId }))?.liveOrderIds ?? [];
      const join = async (i: number) => {
        const more = aTrip(courierId, { tripId: trip.tripId, restaurantId: trip.restaurantId, joins: true });
        const at = replicas[i % 2] ?? service;
        // A refusal may only mean a lost race, unless the trip is full.
        await eventually(
          async () => (await assignedIn([at.assign(more)])).length > 0 || (await joined()).length >= 4,
        );
      };
      await Promise.all(times(30, join));
      expect(await joined()).toHaveLength(4);
      await expectExclusive(service);
    });

    test("orders join during a pickup: none joins after it", async () => {
      const replicas = await startReplicas(options);
      const [service, other] = replicas;
      for (let round = 0; round < 10; round++) {
        const { courierId } = await service.aCourier({ vehicle: "car" });
        const trip = aTrip(courierId);
        await service.assign(trip);
        const [first = aNewDelivery()] = trip.deliveries;
        const more = aTrip(courierId, { tripId: trip.tripId, restaurantId: trip.restaurantId, joins: true });
        await Promise.all([
          other.assign(more),
          service.follow(first.deliveryId, first.orderId, { status: "picked_up", orderVersion: 3 }),
        ]);
        const late = aTrip(courierId, { tripId: trip.tripId, restaurantId: trip.restaurantId, joins: true });
        expect(await assignedIn([other.assign(late)])).toEqual([]);
      }
      await expectExclusive(service);
    });

    test("released at the same moment: no courier stays claimed and no delivery stays live", async () => {
      const [service, other] = await startReplicas(options);
      const couriers = await Promise.all(times(10, () => service.aCourier()));
      const deliveries = times(30, () => aNewDelivery());
      await Promise.all(
        deliveries.map(async (one, i) => {
          const { courierId } = couriers[i % 10] ?? { courierId: "" };
          const [assigned] = await Promise.all([
            service.assign(aTrip(courierId, { deliveries: [one] })),
            other.follow(one.deliveryId, one.orderId, { status: "released", orderVersion: 2 }),
          ]);
          expect(assigned.status).toBe(200);
        }),
      );
      expect(await service.trips().countDocuments({ live: true })).toBe(0);
      expect(await service.trips().countDocuments({ "deliveries.status": "released" })).toBe(30);
      expect(await service.couriers().countDocuments({ claim: { $ne: null } })).toBe(0);
    });

    test("declined at the same moment as the next round: never offered to the same courier", async () => {
      const [service, other] = await startReplicas(options);
      const { courierId } = await service.aCourier();
      const orderId = anOrderId();
      const first = aTrip(courierId, { deliveries: [aNewDelivery({ orderId })] });
      await service.assign(first);
      const declined = { status: "released", orderVersion: 3, declined: true } as const;
      const [, next] = await Promise.all([
        service.follow(first.deliveries[0]?.deliveryId ?? "", orderId, declined),
        other.assign(aTrip(courierId, { deliveries: [aNewDelivery({ orderId })] })),
      ]);
      expect(next.body.outcomes).toMatchObject([{ outcome: "refused" }]);
      expect(await service.couriers().countDocuments({ claim: { $ne: null } })).toBe(0);
    });

    test("many trips that begin, lose orders and end at once: no order or courier is on two trips", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      const couriers = await Promise.all(times(6, () => service.aCourier()));
      const live = async (i: number) => {
        const replica = replicas[i % 2] ?? service;
        const orderIds = [anOrderId(), anOrderId()];
        for (let round = 0; round < 3; round++) {
          const deliveries = orderIds.map((orderId, position) =>
            aNewDelivery({ orderId, position, orderVersion: 1 + 3 * round }),
          );
          const { courierId } = couriers[(i + round) % 6] ?? { courierId: newId("crr") };
          const trip = aTrip(courierId, { deliveries });
          await Promise.all([replica.assign(trip), service.assign(trip)]);
          const end = { orderVersion: 3 + 3 * round, status: "released" as const, declined: round % 2 === 0 };
          const stays = i % 5 === 0 && round === 2;
          if (stays) continue;
          await Promise.all(
            deliveries.map(({ deliveryId, orderId }) => replica.follow(deliveryId, orderId, end)),
          );
        }
      };
      await Promise.all(times(20, live));
      await expectExclusive(service);
    });
  });
