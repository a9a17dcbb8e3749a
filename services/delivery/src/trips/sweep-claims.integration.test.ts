import { beforeAll, expect, test } from "bun:test";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { courierStore } from "../couriers/store.ts";
import {
  aNewDelivery,
  anOrderView,
  aTrip,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { tripStore } from "./store.ts";
import { startClaimSweep, sweepClaims } from "./sweep-claims.ts";
import { tombstoneOf } from "./trip.ts";

describeWithDatabases("the claim sweep", () => {
  let service: DeliveryService;
  let freed = 0;
  beforeAll(async () => {
    service = await startDeliveryService();
    // The service's own sweep would remove the claims that the tests insert.
    await service.stopWorkers();
  });
  const deps = () => ({
    couriers: courierStore(service.base.mongo.db, 300_000),
    trips: tripStore(service.base.mongo.db),
    onFree: () => void freed++,
    onChanged: () => undefined,
    readOrder: async (orderId: string) => anOrderView(orderId),
    outages: repeatedFailures(service.base.log),
  });
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
  const aClaim = (at = new Date()) => ({ tripId: newId("trp"), orderIds: [newId("ord")], at });
  const claimOf = async (courierId: string) => (await service.couriers().findOne({ _id: courierId }))?.claim;

  test("frees a courier claimed ten seconds ago for a trip that was never stored", async () => {
    const { courierId } = await service.aCourier({ claim: aClaim() });
    freed = 0;
    await sweepClaims(deps(), inSeconds(9));
    expect(await claimOf(courierId)).not.toBeNull();
    await sweepClaims(deps(), inSeconds(11));
    expect(await claimOf(courierId)).toBeNull();
    expect(freed).toBe(1);
  });

  test("keeps a claim with a live delivery, however old it is", async () => {
    const { courierId, tripId } = await service.anAssignment();
    await sweepClaims(deps(), inSeconds(10_000));
    expect((await claimOf(courierId))?.tripId).toBe(tripId);
  });

  test("when a process was paused before its trip began: the trip cannot begin once its courier is free", async () => {
    const claim = aClaim();
    const { courierId } = await service.aCourier({ claim });
    const { trips } = deps();
    const late = {
      ...tombstoneOf(claim.tripId, { ...aNewDelivery(), orderVersion: 1 }, new Date()),
      courierId,
      live: true,
    };
    await sweepClaims(deps(), inSeconds(11));
    const next = aTrip(courierId);
    await service.assign(next);
    expect(await trips.begin(late)).toBe(false);
    expect(await service.trips().find({ courierId, live: true }).toArray()).toMatchObject([
      { _id: next.tripId },
    ]);
  });

  test("when the trip begins before its courier is freed: the courier stays claimed", async () => {
    const claim = aClaim();
    const { courierId } = await service.aCourier({ claim });
    const { trips, ...rest } = deps();
    const begins = {
      ...tombstoneOf(claim.tripId, { ...aNewDelivery(), orderVersion: 1 }, new Date()),
      courierId,
      live: true,
    };
    const begun = async (tripIds: string[]) => {
      const found = await trips.begun(tripIds);
      await trips.begin(begins);
      return found;
    };
    await sweepClaims({ ...rest, trips: { ...trips, begun } }, inSeconds(11));
    expect((await claimOf(courierId))?.tripId).toBe(claim.tripId);
  });

  test("frees a courier whose delivery has ended", async () => {
    const { courierId, deliveryId, orderId } = await service.anAssignment();
    const claim = await claimOf(courierId);
    await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 5 });
    await service.couriers().updateOne({ _id: courierId }, { $set: { claim: claim ?? null } });
    await sweepClaims(deps(), inSeconds(11));
    expect(await claimOf(courierId)).toBeNull();
  });

  test("frees a courier claimed for a trip of another courier", async () => {
    const holder = await service.anAssignment();
    const claim = { tripId: holder.tripId, orderIds: [holder.orderId], at: new Date() };
    const second = await service.aCourier({ claim });
    await sweepClaims(deps(), inSeconds(11));
    expect(await claimOf(second.courierId)).toBeNull();
    expect((await claimOf(holder.courierId))?.tripId).toBe(holder.tripId);
  });

  test("does not free a courier whose trip begins during the sweep", async () => {
    const { courierId } = await service.aCourier({ claim: aClaim(inSeconds(-5)) });
    const { trips, ...rest } = deps();
    const trip = aTrip(courierId);
    const begun = async (tripIds: string[]) => {
      const found = await trips.begun(tripIds);
      await service.couriers().updateOne({ _id: courierId }, { $set: { claim: null } });
      await service.assign(trip);
      return found;
    };
    await sweepClaims({ ...rest, trips: { ...trips, begun } }, inSeconds(11));
    expect((await claimOf(courierId))?.tripId).toBe(trip.tripId);
  });

  test("reads every claim in batches, also when many have the same time", async () => {
    const at = [0, 1, 1, 1, 1, 2].map((ms) => new Date(1_000_000 + ms));
    const couriers = await Promise.all(at.map((moment) => service.aCourier({ claim: aClaim(moment) })));
    let after: Date | undefined;
    let batches = 0;
    do {
      after = await sweepClaims(deps(), new Date(), after, 3);
      batches++;
    } while (after);
    expect(batches).toBeGreaterThan(1);
    for (const { courierId } of couriers) expect(await claimOf(courierId)).toBeNull();
  });

  test("reads very many claims in one run", async () => {
    const claims = Array.from({ length: 1_200 }, (_, i) => ({
      _id: newId("crr"),
      claim: aClaim(new Date(i)),
    }));
    const claimedBetween = async (after: Date, _until: Date, limit: number) =>
      claims.filter(({ claim }) => claim.at >= after).slice(0, limit);
    const looked = new Set<string>();
    const abandon = async (courierId: string) => {
      looked.add(courierId);
      return null;
    };
    const { couriers, ...rest } = deps();
    const sweep = startClaimSweep({
      ...{ ...rest, couriers: { ...couriers, claimedBetween, abandon } },
      ...{ log: service.base.log, everyMs: 3_600_000 },
    });
    await eventually(async () => looked.size === claims.length);
    await sweep.stop();
  });

  test("runs periodically until it is stopped", async () => {
    const { courierId } = await service.aCourier({ claim: aClaim(inSeconds(-20)) });
    const sweep = startClaimSweep({ ...deps(), log: service.base.log, everyMs: 50 });
    await eventually(async () => (await claimOf(courierId)) === null);
    await sweep.stop();
  });
});
