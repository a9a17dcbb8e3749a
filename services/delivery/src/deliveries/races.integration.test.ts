// What must hold whatever is lost: the same races with Redis, without it, and with locks that keep nobody away.
import { expect, test } from "bun:test";
import type { AssignOutcome } from "@food/shared/contracts/delivery";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { describeWithDatabases, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anAssignRequest,
  anOrderId,
  type DeliveryService,
  metersNorth,
  startDeliveryService,
} from "../delivery-service.builder.ts";

// Who wins is the question here, not how fast this machine is.

type Options = Parameters<typeof startDeliveryService>[0];
const CONDITIONS: [string, Options][] = [
  ["with Redis", {}],
  ["with Redis gone", { redisUrl: NO_REDIS }],
  ["with locks that keep nobody away", { locks: { withLock: (_key, _ttlMs, run) => run() } }],
];
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Two processes over one database. */
async function startReplicas(options: Options): Promise<[DeliveryService, DeliveryService]> {
  const mongoUrl = freshMongoUrl();
  const first = await startDeliveryService({ ...options, mongoUrl });
  return [first, await startDeliveryService({ ...options, mongoUrl, order: first.order })];
}

/** Every claim stands for a live delivery and every live delivery for a claim, one to one. */
async function expectOneToOne({ couriers, deliveries }: DeliveryService) {
  const live = await deliveries().find({ live: true }).toArray();
  const claimed = await couriers()
    .find({ claim: { $ne: null } })
    .toArray();
  const pairs = (list: (string | undefined)[][]) => list.map((pair) => pair.join(" ")).sort();
  expect(pairs(claimed.map(({ _id, claim }) => [_id, claim?.deliveryId, claim?.orderId]))).toEqual(
    pairs(live.map(({ _id, courierId, orderId }) => [courierId, _id, orderId])),
  );
  expect(new Set(live.map(({ orderId }) => orderId)).size).toBe(live.length);
  expect(new Set(live.map(({ courierId }) => courierId)).size).toBe(live.length);
}

const outcomes = (answers: { body: AssignOutcome }[]) =>
  Object.entries(Object.groupBy(answers, ({ body }) => body.outcome))
    .map(([outcome, list]) => `${list.length} ${outcome}`)
    .sort();

const ROUNDS = 5;

describeWithDatabases("64 calls at once", () => {
  /** Counts what locks cost: one command to try, one more to let go of what was got. */
  function countingLocks() {
    const held = new Set<string>();
    const counted = { commands: 0 };
    const locks: Locks = {
      async withLock(key, _ttlMs, run) {
        counted.commands++;
        if (held.has(key)) return BUSY;
        held.add(key);
        return run().finally(() => {
          counted.commands++;
          held.delete(key);
        });
      },
    };
    return { locks, counted };
  }

  test("for one order have one winner, whom all hear of, and cost Redis at most three commands each on average", async () => {
    const { locks, counted } = countingLocks();
    const [service, other] = await startReplicas({ locks });
    for (let round = 0; round < ROUNDS; round++) {
      counted.commands = 0;
      await service.couriers().updateMany({}, { $set: { available: false } });
      await Promise.all(times(3, () => service.aCourier()));
      const [deliveryId, request] = [newId("dlv"), anAssignRequest()];
      const answers = await Promise.all(
        times(64, (i) => (i % 2 ? other : service).assign(deliveryId, request)),
      );
      const told = answers.flatMap(({ body }) => (body.outcome === "assigned" ? body.courier.courierId : []));
      expect(new Set(told).size).toBe(1);
      expect(await service.deliveries().countDocuments({ orderId: request.orderId })).toBe(1);
      expect(counted.commands).toBeLessThanOrEqual(3 * 64);
    }
    await expectOneToOne(service);
  });

  // How many find the courier's lock free and the courier gone is a matter of timing; on an idle machine it is three each.
  test("of as many orders for one courier have one winner, and cost Redis no more than two locks each", async () => {
    const { locks, counted } = countingLocks();
    const [service, other] = await startReplicas({ locks });
    for (let round = 0; round < ROUNDS; round++) {
      counted.commands = 0;
      await service.couriers().updateMany({}, { $set: { available: false } });
      await service.aCourier();
      const answers = await Promise.all(
        times(64, (i) => (i % 2 ? other : service).assign(newId("dlv"), anAssignRequest())),
      );
      expect(outcomes(answers)).toContain("1 assigned");
      expect(counted.commands).toBeLessThanOrEqual(4 * 64);
    }
    await expectOneToOne(service);
  });
});

for (const [condition, options] of CONDITIONS)
  describeWithDatabases(`assigning ${condition}`, () => {
    test("gives one free courier to one of 50 orders at once, and says none_free to the others", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      await service.aCourier();
      const answers = await Promise.all(
        times(50, (i) => (replicas[i % 2] ?? service).assign(newId("dlv"), anAssignRequest())),
      );
      expect(outcomes(answers)).toEqual(["1 assigned", "49 none_free"]);
      expect(await service.deliveries().countDocuments({})).toBe(1);
      await expectOneToOne(service);
    });

    test("gives one answer to 64 who ask for one delivery at once", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      await Promise.all(times(8, (i) => service.aCourier({ at: metersNorth(i * 10) })));
      const [deliveryId, request] = [newId("dlv"), anAssignRequest()];
      const answers = await Promise.all(
        times(64, (i) => (replicas[i % 2] ?? service).assign(deliveryId, request)),
      );
      expect(outcomes(answers)).toEqual(["64 assigned"]);
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      await expectOneToOne(service);
    });

    test("gives a courier to one round of an order, however many rounds are asked for at once", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      await Promise.all(times(8, () => service.aCourier()));
      const request = anAssignRequest();
      const answers = await Promise.all(
        times(8, (i) => (replicas[i % 2] ?? service).assign(newId("dlv"), request)),
      );
      expect(answers.filter(({ body }) => body.outcome === "assigned")).toHaveLength(1);
      await expectOneToOne(service);
    });

    test("gives each of 10 couriers one of 50 orders at once", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      await Promise.all(times(10, (i) => service.aCourier({ at: metersNorth(i * 10) })));
      const answers = await Promise.all(
        times(50, (i) => (replicas[i % 2] ?? service).assign(newId("dlv"), anAssignRequest())),
      );
      const assigned = answers.flatMap(({ body }) => (body.outcome === "assigned" ? [body] : []));
      expect(new Set(assigned.map(({ courier }) => courier.courierId)).size).toBe(10);
      expect(assigned).toHaveLength(10);
      const others = new Set(answers.map(({ body }) => body.outcome));
      expect(others.isSubsetOf(new Set(["assigned", "none_free", "none_suitable"]))).toBe(true);
      expect(await service.deliveries().countDocuments({ live: true })).toBe(10);
      await expectOneToOne(service);
    });

    test("leaves nobody claimed when the order releases the delivery in the same moment", async () => {
      const replicas = await startReplicas(options);
      const [service, other] = replicas;
      const couriers = await Promise.all(times(10, () => service.aCourier()));
      const deliveryIds = times(30, () => newId("dlv"));
      await Promise.all(
        deliveryIds.map(async (deliveryId) => {
          const orderId = anOrderId();
          const [assigned] = await Promise.all([
            service.assign(deliveryId, anAssignRequest({ orderId })),
            other.follow(deliveryId, orderId, { status: "released", orderVersion: 2 }),
          ]);
          expect(assigned.status).toBe(200);
        }),
      );
      const released = { _id: { $in: deliveryIds }, status: "released", live: false } as const;
      expect(await service.deliveries().countDocuments(released)).toBe(30);
      expect(await service.deliveries().countDocuments({})).toBe(30);
      const free = { available: true, claim: null };
      expect(await service.couriers().countDocuments(free)).toBe(couriers.length);
    });

    test("never offers an order again to whoever declines it while the next round is asked for", async () => {
      const replicas = await startReplicas(options);
      const [service, other] = replicas;
      await service.aCourier();
      const request = anAssignRequest();
      const round = newId("dlv");
      expect((await service.assign(round, request)).body.outcome).toBe("assigned");
      const declined = { status: "released", orderVersion: 3, declined: true } as const;
      const [, next] = await Promise.all([
        service.follow(round, request.orderId, declined),
        other.assign(newId("dlv"), request),
      ]);
      expect(["none_free", "none_suitable"]).toContain(next.body.outcome);
      expect(await service.couriers().countDocuments({ claim: { $ne: null } })).toBe(0);
    });

    test("keeps couriers and orders one to one through a storm of orders that begin and end", async () => {
      const replicas = await startReplicas(options);
      const [service] = replicas;
      await Promise.all(times(6, (i) => service.aCourier({ at: metersNorth(i * 10) })));
      const live = async (i: number) => {
        const replica = replicas[i % 2] ?? service;
        const orderId = anOrderId();
        for (let round = 0; round < 3; round++) {
          const deliveryId = newId("dlv");
          const request = anAssignRequest({ orderId, orderVersion: 1 + 3 * round });
          const [answer] = await Promise.all([
            replica.assign(deliveryId, request),
            service.assign(deliveryId, request),
          ]);
          const declined = answer.body.outcome === "assigned" && round % 2 === 0;
          const end = { orderVersion: 3 + 3 * round, status: "released" as const, declined };
          const stays = i % 5 === 0 && round === 2;
          if (!stays) await replica.follow(deliveryId, orderId, end);
        }
      };
      await Promise.all(times(20, live));
      await expectOneToOne(service);
    });
  });
