// Every order in which the steps of several assignments may come, with stores that do what MongoDB does to one
// document at a time, and with no lock at all.
import { expect, test } from "bun:test";
import type { AssignOutcome, AssignRequest } from "@food/shared/contracts/delivery";
import fc from "fast-check";
import type { Candidate, Claim, CourierStore } from "../couriers/store.ts";
import { type AssignDeps, assignCourier } from "./assign-courier.ts";
import type { DeliveryDocument, DeliveryStore } from "./store.ts";

const INTERLEAVINGS = 1_000;
const AT = { lat: 52.52, lng: 13.4 };
const address = { line1: "Way 1", city: "Berlin", postalCode: "10115", country: "DE", location: AT };

type Scheduler = fc.Scheduler;
interface Courier extends Candidate {
  claim: Claim | null;
}

/** What the databases hold; each operation is atomic, and begins and ends when the scheduler says so. */
function world(scheduler: Scheduler, couriersThere: number) {
  const couriers: Courier[] = Array.from({ length: couriersThere }, (_, i) => ({
    ...{
      _id: `crr_${i}`,
      name: "Kim",
      vehicle: "bicycle",
      idleSince: new Date(0),
      distanceMeters: i,
      claim: null,
    },
    location: { type: "Point", coordinates: [AT.lng, AT.lat] },
  }));
  const deliveries: DeliveryDocument[] = [];
  const turn = () => scheduler.schedule(Promise.resolve());
  const step =
    <A extends unknown[], R>(run: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      await turn();
      const result = run(...args);
      await turn();
      return structuredClone(result);
    };
  const claimedFor = (deliveryId: string) =>
    couriers.find(({ claim }) => claim?.deliveryId === deliveryId) ?? null;

  const courierStore = {
    collection: {
      findOne: step(({ _id }: { _id: string }) => couriers.find((one) => one._id === _id) ?? null),
    },
    nearestFree: step((_from, _max, except: string[], limit: number) =>
      couriers.filter(({ _id, claim }) => claim === null && !except.includes(_id)).slice(0, limit),
    ),
    anyFree: step((except: string[]) => couriers.some(({ _id, claim }) => !claim && !except.includes(_id))),
    claim: step((courierId: string, claim: Claim) => {
      const free = couriers.find(({ _id, claim: had }) => _id === courierId && had === null);
      if (free) free.claim = claim;
      return free !== undefined;
    }),
    claimedFor: step(claimedFor),
    renewClaim: step((deliveryId: string) => claimedFor(deliveryId)),
    reclaim: step((courierId: string, wrong: string, right: Claim) => {
      const courier = couriers.find(({ _id, claim }) => _id === courierId && claim?.deliveryId === wrong);
      if (courier) courier.claim = right;
    }),
    release: step((deliveryId: string, courierId: string) => {
      const held = couriers.find(({ _id, claim }) => _id === courierId && claim?.deliveryId === deliveryId);
      if (held) held.claim = null;
      return null;
    }),
  };
  const live = () => deliveries.filter((one) => one.live);
  const deliveryStore = {
    find: step((deliveryId: string) => deliveries.find(({ _id }) => _id === deliveryId) ?? null),
    liveOf: step((courierId: string) => live().find((one) => one.courierId === courierId) ?? null),
    ofOrder: step((orderId: string) => deliveries.filter((one) => one.orderId === orderId)),
    add: step((delivery: DeliveryDocument) => {
      if (deliveries.some(({ _id }) => _id === delivery._id)) return "exists";
      if (live().some(({ courierId }) => courierId === delivery.courierId)) return "courier_taken";
      if (live().some(({ orderId }) => orderId === delivery.orderId)) return "order_taken";
      deliveries.push(delivery);
      return undefined;
    }),
  };
  const deps: AssignDeps = {
    couriers: courierStore as unknown as CourierStore,
    deliveries: deliveryStore as unknown as DeliveryStore,
    locks: { withLock: (_key, _ttl, run) => run() },
    maxPickupMeters: 1_000,
    onAssigned: () => {},
    onFree: () => {},
  };
  return { deps, couriers, deliveries };
}

const requestFor = (orderId: string): AssignRequest => ({
  ...{ orderId, orderVersion: 1, pickup: { name: "Da Enzo", address }, dropoff: { address } },
});

test("in every order of steps each order gets one courier, each courier one order, and all answers agree", async () => {
  const cases = fc.record({
    couriers: fc.integer({ min: 1, max: 3 }),
    /** How often each order is asked for at once. */
    asked: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    scheduler: fc.scheduler(),
  });
  let contended = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ couriers: there, asked, scheduler }) => {
      const { deps, couriers, deliveries } = world(scheduler, there);
      const calls = asked.flatMap((times, i) =>
        Array.from({ length: times }, async (): Promise<[string, AssignOutcome]> => {
          const deliveryId = `dlv_${i}`;
          return [deliveryId, await assignCourier(deps, deliveryId, requestFor(`ord_${i}`))];
        }),
      );
      const answers = await scheduler.waitFor(Promise.all(calls));
      // Somebody who was just being claimed looked busy: the dispatcher asks again.
      for (const i of asked.keys()) {
        const again = assignCourier(deps, `dlv_${i}`, requestFor(`ord_${i}`));
        answers.push([`dlv_${i}`, await scheduler.waitFor(again)]);
      }

      expect(deliveries.length).toBe(Math.min(there, asked.length));
      expect(new Set(deliveries.map(({ courierId }) => courierId)).size).toBe(deliveries.length);
      expect(new Set(deliveries.map(({ orderId }) => orderId)).size).toBe(deliveries.length);
      for (const { _id, claim } of couriers) {
        const own = deliveries.find(({ courierId }) => courierId === _id);
        expect(claim?.deliveryId).toBe(own?._id as string);
      }
      for (const made of deliveries)
        expect(answers.findLast(([deliveryId]) => deliveryId === made._id)?.[1].outcome).toBe("assigned");
      for (const [deliveryId, answer] of answers) {
        const made = deliveries.find(({ _id }) => _id === deliveryId);
        if (answer.outcome === "assigned") expect(answer.courier.courierId).toBe(made?.courierId as string);
      }
      if (asked.length > there) contended++;
    }),
    { numRuns: INTERLEAVINGS },
  );
  expect(contended).toBeGreaterThan(INTERLEAVINGS / 10);
}, 120_000);
