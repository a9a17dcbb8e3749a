// The move itself: what it takes, its crashes, and its races against readers and writers.
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { moveDocuments } from "@food/shared/storage/archive/move-documents";
import {
  atEachWrite,
  daysAgo,
  die,
  interrupted,
  type Stores,
  tapped,
  untilDeath,
} from "@food/shared/testing/archive";
import { describeWithDatabases, testBase } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Collection } from "mongodb";
import { erasureStore } from "../erasing/store.ts";
import type { OrderDocument } from "../orders/order.ts";
import { type OrderStore, orderStore } from "../orders/store.ts";
import { aDoneOrder } from "./archive.builder.ts";
import { keptOf } from "./history.ts";
import { allOrders, historyAt } from "./store.ts";

describeWithDatabases("the move of done orders to the archive", () => {
  let store: OrderStore;
  beforeAll(async () => {
    store = orderStore((await testBase("order")).mongo.db);
    await store.ensureIndexes();
  });
  beforeEach(async () => {
    await store.collection.deleteMany({});
    await store.archive.deleteMany({});
  });

  const customerId = newId("cus");
  const add = async (orders: OrderDocument[]) => {
    const mine = orders.map((order, i) => ({ ...order, customerId, customerSlot: i, addressSlot: i }));
    await store.collection.insertMany(mine);
    return mine;
  };
  const moveIn = ({ collection: hot, archive }: Stores<OrderDocument> = store, limit = 100) =>
    moveDocuments({ hot, archive, kept: keptOf, filter: historyAt(daysAgo(30)), limit });
  const idsIn = async (from: Collection<OrderDocument>) =>
    (await from.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  const sorted = (orders: OrderDocument[]) => orders.map(({ _id }) => _id).sort();

  test("takes orders that ended long ago and owe nothing, and ids that were made void", async () => {
    const old = await add([31, 40, 400].map((days) => aDoneOrder(days)));
    const [placed, end] = aDoneOrder(31).events;
    const stays = [
      aDoneOrder(29),
      aDoneOrder(40, { status: "out_for_delivery" }),
      aDoneOrder(40, {
        outboxDueAt: new Date(),
        outbox: [{ id: "x", kind: "refresh_trip", at: new Date(), tripId: "x" }],
      }),
      aDoneOrder(40, { events: [placed, { ...end, at: daysAgo(1) }] as OrderDocument["events"] }),
    ].map((order) => ({ ...order, customerId: newId("cus") }));
    await store.collection.insertMany(
      stays.map((order, i) => ({ ...order, customerSlot: i, addressSlot: 10 + i })),
    );
    const made = {
      _id: newId("ord", daysAgo(40).getTime()),
      customerId: newId("ord"),
      idempotencyKey: "void",
    };
    await store.collection.insertOne(made as OrderDocument);
    expect(await moveIn()).toEqual({ found: 4, moved: 4 });
    expect(await idsIn(store.collection)).toEqual(sorted(stays));
    expect(await idsIn(store.archive)).toEqual([...sorted(old), made._id].sort());
  });

  test("keeps an order as it is, without its slots and the doors of others on its trip", async () => {
    const before = [{ lat: 52.5, lng: 13.4 }];
    const trip = { tripId: newId("trp"), version: 1, sequence: [], before };
    const [order] = await add([aDoneOrder(40, { trip, tipCents: 300, note: "Second floor" })]);
    await moveIn();
    const { customerSlot: _, addressSlot: __, ...rest } = order as OrderDocument;
    expect(await store.archive.findOne({})).toEqual({ ...rest, trip: { ...trip, before: [] } });
  });

  test("goes on with the next ones, oldest first, in bounded batches", async () => {
    const orders = await add(Array.from({ length: 25 }, (_, i) => aDoneOrder(100 - i)));
    expect(await moveIn(store, 10)).toEqual({ found: 10, moved: 10 });
    expect(await idsIn(store.archive)).toEqual(sorted(orders).slice(0, 10));
    await moveIn(store, 10);
    expect(await moveIn(store, 10)).toEqual({ found: 5, moved: 5 });
  });

  test("of a process that dies before or after any write loses no order, and the next one completes it", async () => {
    const deaths = await atEachWrite(store, die, async (dying) => {
      await store.collection.deleteMany({});
      await store.archive.deleteMany({});
      const orders = await add([31, 32, 33].map((days) => aDoneOrder(days)));
      // One was copied by an earlier process, and has changed since.
      const [first] = orders;
      await store.archive.insertOne({ ...keptOf(first as OrderDocument), note: "older" });
      await untilDeath(moveIn(dying));
      expect(sorted(await store.list({ customerId }, 10))).toEqual(sorted(orders));
      await moveIn();
      await moveIn();
      expect(await idsIn(store.collection)).toEqual([]);
      expect(await store.archive.find().sort({ _id: 1 }).toArray()).toEqual(
        orders.map(keptOf).sort((one, other) => (one._id < other._id ? -1 : 1)),
      );
    });
    const writes = ["insertMany archive", "replaceOne archive", "bulkWrite hot"];
    expect(deaths).toEqual(writes.flatMap((write) => [`before ${write}`, `after ${write}`]));
  });

  // Another process moves what it finds, while the first one still holds what it has read.
  test.each([
    ["", false],
    [" (another moves, too)", true],
  ])(
    "and an erasure at any point of it: nothing personal is left, whichever process goes on%s",
    async (_, isMovedTwice) => {
      const SECRET = "Frau Adler";
      let isErased = false;
      const erase = async () => {
        const erasure = erasureStore(store);
        for (const order of await erasure.endedOf(customerId, 10)) await erasure.erase(order, new Date());
        isErased = true;
        if (isMovedTwice) await moveIn();
      };
      await atEachWrite(store, erase, async (slow) => {
        isErased = false;
        await store.collection.deleteMany({});
        await store.archive.deleteMany({});
        const orders = await add(
          [31, 32].map((days) =>
            aDoneOrder(days, { note: SECRET, contact: { name: SECRET, phone: "+49 170 5550199" } }),
          ),
        );
        await moveIn(slow);
        if (!isErased) await erase();
        await moveIn();
        await moveIn();
        expect(await idsIn(store.collection)).toEqual([]);
        const kept = await store.archive.find().toArray();
        expect(sorted(kept)).toEqual(sorted(orders));
        expect(JSON.stringify(kept)).not.toContain(SECRET);
      });
    },
  );

  test("a process that was held up does not overwrite what has changed in the archive since", async () => {
    const [order] = await add([
      aDoneOrder(40, { courier: { courierId: "crr_x", name: "Kim", vehicle: "car" } }),
    ]);
    if (!order) throw new Error("one order");
    await store.archive.insertOne({ ...keptOf(order), note: "older" });
    const held = tapped(store, async (write, side) => {
      if (write !== "replaceOne archive" || side !== "before") return;
      await moveIn();
      await moveIn();
      await erasureStore(store).eraseCourier("crr_x", [order._id]);
    });
    await moveIn(held);
    expect(await idsIn(store.collection)).toEqual([]);
    expect((await store.archive.findOne({}))?.courier?.name).toBe("Deleted");
  });

  test("between the two reads of a reader hides no order", async () => {
    const orders = await add([31, 32, 33].map((days) => aDoneOrder(days)));
    const [first] = orders as [OrderDocument];
    const after = () => moveIn();
    const reader = allOrders(
      { hot: interrupted(store.collection, after), archive: interrupted(store.archive, after) },
      store.open.keysOf,
    );
    const reads: (() => Promise<OrderDocument[]>)[] = [
      () => reader.list({ customerId }, 10),
      () => reader.findAll(sorted(orders)),
      () => reader.findOwn(first.restaurantId, sorted(orders)),
      async () => [(await reader.find(first._id)) as OrderDocument],
      async () => [(await reader.findByKey(customerId, first.idempotencyKey)) as OrderDocument],
    ];
    for (const read of reads) {
      await store.archive.deleteMany({});
      await store.collection.deleteMany({});
      await store.collection.insertMany(orders);
      const found = sorted(await read());
      expect(found).toEqual(found.length === 1 ? [first._id] : sorted(orders));
      expect(await idsIn(store.collection)).toEqual([]);
      expect(sorted(await read())).toEqual(found);
    }
  });

  test("raced by readers: an order is never absent from its customer's pages, and never twice", async () => {
    const orders = await add([
      ...Array.from({ length: 60 }, (_, i) => aDoneOrder(31 + i)),
      ...Array.from({ length: 6 }, (_, i) => aDoneOrder(1 + 12 * i, { status: "preparing" })),
    ]);
    const wanted = sorted(orders).reverse();
    let isMoving = true;
    async function walk() {
      const seen: string[] = [];
      for (;;) {
        const page = await store.list({ customerId }, 7, seen.at(-1));
        seen.push(...page.map(({ _id }) => _id));
        if (page.length < 7) return seen;
      }
    }
    const reader = async () => {
      let walks = 0;
      do {
        expect(await walk()).toEqual(wanted);
        for (const { _id } of orders.slice(0, 10)) expect((await store.find(_id))?._id).toBe(_id);
        walks++;
      } while (isMoving || walks < 2);
    };
    const mover = async () => {
      while ((await moveIn(store, 3)).found > 0);
    };
    const movers = Promise.all([mover(), mover(), mover()]).finally(() => {
      isMoving = false;
    });
    await Promise.all([movers, reader(), reader()]);
    expect(await store.archive.countDocuments()).toBe(60);
    expect(await walk()).toEqual(wanted);
  });
});
