// A read of a courier's deliveries, or for an assignment, beside a long history reads what it answers.
import { beforeAll, expect, test } from "bun:test";
import { type Examined, examinedDatabase } from "@food/shared/testing/examined";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type TripStore, tripStore } from "../trips/store.ts";
import type { TripDocument } from "../trips/trip.ts";
import { aDoneTrip } from "./archive.builder.ts";

const HISTORY = 300;
const LIMIT = 21;

describeWithDatabases("a read of deliveries, beside a long history in both collections,", () => {
  let store: TripStore;
  let examinedBy: (run: () => Promise<unknown>) => Promise<Examined[]>;
  const courierId = newId("crr");
  const trips = (days: number) =>
    Array.from({ length: HISTORY }, (_, i) => aDoneTrip(days + i, { courierId }));
  const [recent, older] = [trips(2), trips(400)];
  const ended = aDoneTrip(0, { courierId });
  const live = { ...ended, live: true, liveOrderIds: ended.sequence };
  for (const delivery of live.deliveries) delivery.live = true;
  const [one, old] = [recent[150], older[150]] as [TripDocument, TripDocument];
  const deliveryOf = ({ deliveries: [delivery] }: TripDocument) => delivery?.deliveryId ?? "";

  beforeAll(async () => {
    const opened = examinedDatabase("delivery");
    examinedBy = opened.examinedBy;
    store = tripStore(opened.db);
    await store.ensureIndexes();
    await store.collection.insertMany([...recent, live]);
    await store.archive.insertMany(older);
  });

  const list = (
    ...[status, cursor]: [status?: "delivered", cursor?: { trip: string; at: number; slot: number }]
  ) => store.list(courierId, status, LIMIT, cursor);
  const from = ({ _id, assignedAt }: TripDocument) => ({ trip: _id, at: assignedAt.getTime(), slot: 0 });
  const some = (found: unknown) => (found ? [found] : []);
  const READS: [what: string, read: () => Promise<unknown[]>, shown: number][] = [
    ["a courier's history", () => list(), LIMIT],
    ["the delivered ones", () => list("delivered"), LIMIT],
    ["older pages", () => list(undefined, from(one)), LIMIT],
    ["pages in the archive", () => list("delivered", from(old)), LIMIT],
    ["the current trip", () => store.list(courierId, "picked_up", LIMIT, undefined, live._id), 0],
    ["one delivery", async () => some(await store.findOwn(deliveryOf(one), courierId)), 1],
    ["one in the archive", async () => some(await store.findOwn(deliveryOf(old), courierId)), 1],
    ["a stream", () => store.liveOrKnown([courierId], [live._id], [deliveryOf(live)]), 1],
    ["a stream after an end", () => store.liveOrKnown([courierId], [live._id], [deliveryOf(one)]), 2],
    ["an assignment", () => store.withOrders(live.sequence, [deliveryOf(live)]), 1],
    ["a repeated one, much later", () => store.withOrders(old.sequence, [deliveryOf(old)]), 1],
    ["the sweep", async () => [...(await store.begun([live._id, one._id, old._id]))], 3],
  ];
  test.each(READS)("%s: each query reads what it answers", async (what, read, shown) => {
    let found = 0;
    const queries = await examinedBy(async () => {
      found = (await read()).length;
    });
    expect(found).toBe(shown);
    if (what === "the current trip") expect(queries.map(({ collection }) => collection)).toEqual(["trips"]);
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.reduce((sum, { examined }) => sum + examined, 0)).toBeLessThanOrEqual(shown + 2);
    // The trip of the cursor may be shown before and not any more.
    for (const { collection, examined, returned } of queries)
      expect([collection, Math.max(0, examined - returned - 1)]).toEqual([collection, 0]);
  });
});
