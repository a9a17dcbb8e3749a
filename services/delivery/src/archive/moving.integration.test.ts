// The move itself: what it takes, its crashes, and its races against readers and erasures.
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { moveDocuments } from "@food/shared/storage/archive/move-documents";
import {
  atEachWrite,
  daysAgo,
  die,
  interrupted,
  type Stores,
  untilDeath,
} from "@food/shared/testing/archive";
import { describeWithDatabases, testBase } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Collection } from "mongodb";
import { erasureStore } from "../erasing/store.ts";
import { type TripStore, tripStore } from "../trips/store.ts";
import { type DeliveryOnTrip, type TripDocument, tombstoneOf } from "../trips/trip.ts";
import { aDoneTrip } from "./archive.builder.ts";
import { allTrips, historyAt } from "./store.ts";

describeWithDatabases("the move of ended trips to the archive", () => {
  let store: TripStore;
  beforeAll(async () => {
    store = tripStore((await testBase("delivery")).mongo.db);
    await store.ensureIndexes();
  });
  const empty = async () => {
    await store.collection.deleteMany({});
    await store.archive.deleteMany({});
  };
  beforeEach(empty);

  const courierId = newId("crr");
  const add = async (trips: TripDocument[]) => {
    await store.collection.insertMany(trips);
    return trips;
  };
  const addDone = () => add([31, 32, 33].map((days) => aDoneTrip(days, { courierId })));
  const moveIn = ({ collection: hot, archive }: Stores<TripDocument> = store) =>
    moveDocuments({ hot, archive, kept: (trip) => trip, filter: historyAt(daysAgo(30)), limit: 100 });
  const tripsIn = (from: Collection<TripDocument>) => from.find().sort({ _id: 1 }).toArray();
  const idsOf = (trips: { _id: string }[]) => trips.map(({ _id }) => _id).sort();
  const shown = (found: DeliveryOnTrip[]) => idsOf(found.map(({ trip }) => trip));

  test("takes trips that ended long ago, whole, and old tombstones", async () => {
    const released = { deliveryId: newId("dlv"), orderId: newId("ord"), orderVersion: 2 };
    const old = await add([
      ...[31, 400].map((days) => aDoneTrip(days)),
      tombstoneOf(newId("trp", daysAgo(40).getTime()), released, daysAgo(40)),
    ]);
    const stays = await add([
      aDoneTrip(29),
      aDoneTrip(40, { endedAt: daysAgo(1) }),
      aDoneTrip(40, { live: true, liveOrderIds: [newId("ord")] }),
    ]);
    expect(await moveIn()).toEqual({ found: 3, moved: 3 });
    expect(idsOf(await tripsIn(store.collection))).toEqual(idsOf(stays));
    expect(await tripsIn(store.archive)).toEqual(old.sort((one, other) => (one._id < other._id ? -1 : 1)));
  });

  test("of a process that dies before or after any write loses no trip, and the next one completes it", async () => {
    const deaths = await atEachWrite(store, die, async (dying) => {
      await empty();
      const trips = await addDone();
      // One was copied by an earlier process, and has changed since.
      await store.archive.insertOne({ ...(trips[0] as TripDocument), version: 1 });
      await untilDeath(moveIn(dying));
      expect(shown(await store.list(courierId, undefined, 10, undefined))).toEqual(idsOf(trips));
      await moveIn();
      await moveIn();
      expect(await tripsIn(store.collection)).toEqual([]);
      expect(await tripsIn(store.archive)).toEqual(
        trips.sort((one, other) => (one._id < other._id ? -1 : 1)),
      );
    });
    const writes = ["insertMany archive", "replaceOne archive", "bulkWrite hot"];
    expect(deaths).toEqual(writes.flatMap((write) => [`before ${write}`, `after ${write}`]));
  });

  // Another process moves what it finds, while the first one still holds what it has read.
  test.each([
    ["of the customers", "", false],
    ["of the customers", ", and another process moves, too", true],
    ["of the courier", ", and another process moves, too", true],
  ])("and an erasure %s at any point of it%s: no position is left", async (whose, _, isMovedTwice) => {
    let isErased = false;
    let orderIds: string[] = [];
    const erase = async () => {
      const erasure = erasureStore(store);
      expect((await erasure.ordersOf(courierId)).sort()).toEqual(orderIds);
      await (whose === "of the courier" ? erasure.eraseCourier(courierId) : erasure.eraseOrders(orderIds));
      isErased = true;
      if (isMovedTwice) await moveIn();
    };
    await atEachWrite(store, erase, async (slow) => {
      isErased = false;
      await empty();
      const trips = await addDone();
      orderIds = trips.flatMap(({ sequence }) => sequence).sort();
      await moveIn(slow);
      if (!isErased) await erase();
      await moveIn();
      await moveIn();
      expect(await tripsIn(store.collection)).toEqual([]);
      const kept = await tripsIn(store.archive);
      expect(idsOf(kept)).toEqual(idsOf(trips));
      expect(JSON.stringify(kept)).not.toContain("endedNear");
    });
  });

  test("between the two reads of a reader hides no trip", async () => {
    const trips = await addDone();
    const [first] = trips as [TripDocument];
    const deliveryIds = trips.flatMap(({ deliveries }) => deliveries.map(({ deliveryId }) => deliveryId));
    const orderIds = trips.flatMap(({ sequence }) => sequence);
    const [deliveryId = ""] = deliveryIds;
    const after = () => moveIn();
    const reader = allTrips({
      hot: interrupted(store.collection, after),
      archive: interrupted(store.archive, after),
    });
    const one = (found: DeliveryOnTrip | undefined) => (found ? [found.trip._id] : []);
    const reads: (() => Promise<string[]>)[] = [
      async () => shown(await reader.list(courierId, undefined, 10, undefined)),
      async () => shown(await reader.list(courierId, "delivered", 10, undefined)),
      async () => idsOf(await reader.withOrders(orderIds, deliveryIds)),
      async () => [...(await reader.begun(idsOf(trips))).keys()].sort(),
      async () => one(await reader.findDelivery(deliveryId)),
      async () => one(await reader.findOwn(deliveryId, courierId)),
      async () => [(await reader.findOwnTrip(first._id, courierId))?._id ?? ""],
    ];
    for (const read of reads) {
      await empty();
      await add(trips);
      const found = await read();
      expect(found).toEqual(found.length === 1 ? [first._id] : idsOf(trips));
      expect(await tripsIn(store.collection)).toEqual([]);
      expect(await read()).toEqual(found);
    }
  });
});
