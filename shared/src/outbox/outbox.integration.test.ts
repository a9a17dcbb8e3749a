import { beforeAll, expect, spyOn, test } from "bun:test";
import type { Collection, Db } from "mongodb";
import { silentLog } from "../../testing/running-app.ts";
import { cleanUp, describeWithDatabases, eventually, testBase } from "../../testing/service.ts";
import { currentTrace, runInTrace, spanAfter } from "../observe/request-scope.ts";
import { headersOf, type Trace } from "../observe/trace-context.ts";
import { newId } from "../values/id.ts";
import {
  backoffMs,
  leasedFrom,
  OUTBOX_INDEX,
  type OutboxEntry,
  outboxWorker,
  type WithOutbox,
  withTrace,
} from "./outbox.ts";

type Thing = WithOutbox<OutboxEntry>;
const OFTEN_MS = 10;

describeWithDatabases("outboxWorker", () => {
  let db: Db;
  beforeAll(async () => {
    db = (await testBase("outbox")).mongo.db;
  });

  async function freshCollection() {
    const collection = db.collection<Thing>(newId("things"));
    await collection.createIndex(OUTBOX_INDEX.key, { name: OUTBOX_INDEX.name });
    return collection;
  }
  const entry = (kind: string): OutboxEntry => ({ id: newId("eff"), kind, at: new Date() });
  const add = (collection: Collection<Thing>, _id: string, ...kinds: string[]) =>
    collection.insertOne({ _id, outbox: kinds.map(entry), outboxDueAt: new Date() });
  function start(
    collection: Collection<Thing>,
    deliver: (id: string, kind: string) => Promise<unknown>,
    everyMs = OFTEN_MS,
  ) {
    const worker = outboxWorker<OutboxEntry, Thing>({
      collection,
      deliver: async (id, { kind }) => void (await deliver(id, kind)),
      everyMs,
      log: silentLog,
    });
    cleanUp(worker.stop);
    return worker;
  }
  const isDone = (collection: Collection<Thing>) => async () =>
    (await collection.countDocuments({ outboxDueAt: { $exists: true } })) === 0;

  test("delivers each entry once and in order, and leaves nothing due", async () => {
    const things = await freshCollection();
    await add(things, "a", "1", "2", "3");
    const delivered: string[] = [];
    start(things, async (id, kind) => delivered.push(id + kind));
    await eventually(isDone(things));
    expect(delivered).toEqual(["a1", "a2", "a3"]);
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", outbox: [] });
  });

  test("retries a failed delivery in order, without delaying other documents", async () => {
    const things = await freshCollection();
    await add(things, "bad", "1", "2");
    await add(things, "good", "1");
    const delivered: string[] = [];
    let failures = 0;
    start(things, async (id, kind) => {
      if (id === "bad" && kind === "1" && failures < 3) {
        failures++;
        throw new Error("not taken");
      }
      delivered.push(id + kind);
    });
    await eventually(isDone(things));
    expect(failures).toBe(3);
    expect(delivered).toEqual(["good1", "bad1", "bad2"]);
    expect(await things.findOne({ _id: "bad" })).toEqual({ _id: "bad", outbox: [] });
  });

  test("retries with back-off, at most five seconds apart", async () => {
    expect([0, 1, 2, 3, 4, 5, 40].map((failures) => backoffMs(failures, () => 1))).toEqual([
      200, 400, 800, 1_600, 3_200, 5_000, 5_000,
    ]);
    const things = await freshCollection();
    const failedBefore = [0, 40].flatMap((outboxFailures) =>
      Array.from({ length: 20 }, () => outboxFailures),
    );
    await things.insertMany(
      failedBefore.map((outboxFailures, i) => ({
        ...{ _id: `t${i}`, outbox: [entry("1")], outboxDueAt: new Date() },
        ...(outboxFailures > 0 && { outboxFailures }),
      })),
    );
    const updating = spyOn(things, "updateOne");
    start(things, () => Promise.reject(new Error("never")), 1_000_000);
    /** Reads the recorded writes, because one document may fail twice before another has failed once. */
    const lastDueAt = async (failures: number) => {
      const written = () =>
        updating.mock.calls.flatMap(([, update]) => {
          const { outboxFailures, outboxDueAt } = ("$set" in update && update.$set) || {};
          return outboxFailures === failures && outboxDueAt ? outboxDueAt.getTime() : [];
        });
      await eventually(async () => written().length === 20);
      return Math.max(...written());
    };
    const [first, later] = [await lastDueAt(1), await lastDueAt(41)];
    expect(await things.countDocuments({ outbox: { $size: 1 } })).toBe(40);
    expect(first).toBeLessThanOrEqual(Date.now() + 200);
    expect(later).toBeWithin(first + 500, Date.now() + 5_001);
  });

  test("takes over a crashed worker's document once its lease ends, not before", async () => {
    const things = await freshCollection();
    const delivered: string[] = [];
    const lease = { outbox: [entry("2"), entry("3")], outboxFailures: 1 };
    await things.insertOne({ _id: "leased", ...lease, outboxDueAt: new Date(Date.now() + 60_000) });
    await add(things, "free", "1");
    start(things, async (id, kind) => delivered.push(id + kind));
    await eventually(async () => (await things.findOne({ _id: "free" }))?.outboxDueAt === undefined);
    expect(delivered).toEqual(["free1"]);
    await things.updateOne({ _id: "leased" }, { $set: { outboxDueAt: new Date() } });
    await eventually(isDone(things));
    expect(delivered).toEqual(["free1", "leased2", "leased3"]);
  });

  test("delivers a document that its writer has leased without asking for another, and only within the lease", async () => {
    const things = await freshCollection();
    const delivered: string[] = [];
    const leasing = spyOn(things, "findOneAndUpdate");
    const worker = start(things, async (id, kind) => delivered.push(id + kind), 1_000_000);
    await eventually(async () => leasing.mock.calls.length > 0);
    leasing.mockClear();
    const written = { _id: "a", outbox: [entry("1"), entry("2")], ...leasedFrom(new Date()) };
    await things.insertOne(written);
    worker.deliverLeased(written);
    await eventually(isDone(things));
    expect([delivered, leasing.mock.calls]).toEqual([["a1", "a2"], []]);
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", outbox: [] });

    const late = { _id: "b", outbox: [entry("1")], ...leasedFrom(new Date(Date.now() - 60_000)) };
    const taken = leasedFrom(new Date());
    await things.insertOne({ ...late, ...taken });
    worker.deliverLeased(late);
    await eventually(async () => leasing.mock.calls.length > 0);
    await worker.stop();
    expect(delivered).toEqual(["a1", "a2"]);
    expect(await things.findOne({ _id: "b" })).toMatchObject(taken);
  });

  test("delivers an entry in the trace that it was written in, and an older entry in a new one", async () => {
    const things = await freshCollection();
    const [cause, fallback] = [spanAfter(), spanAfter()];
    const stored = [
      ...runInTrace(cause, () => withTrace([entry("own")], headersOf(fallback))),
      ...withTrace([entry("of a deadline")], headersOf(fallback)),
      entry("older"),
    ];
    await things.insertOne({ _id: "a", outbox: stored, outboxDueAt: new Date() });
    const traces: (Trace | undefined)[] = [];
    start(things, async () => traces.push(currentTrace()));
    await eventually(isDone(things));
    expect(traces).toMatchObject([
      { traceId: cause.traceId, parentId: cause.spanId },
      { traceId: fallback.traceId, parentId: fallback.spanId },
      { traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: expect.any(String) },
    ]);
    expect(new Set(traces.map((trace) => trace?.traceId)).size).toBe(3);
    expect(new Set(traces.map((trace) => trace?.spanId)).size).toBe(3);
  });

  test("loses no entry that is added during delivery", async () => {
    const things = await freshCollection();
    await add(things, "a", "1");
    const delivered: string[] = [];
    start(things, async (_, kind) => {
      delivered.push(kind);
      if (kind === "1")
        await things.updateOne(
          { _id: "a" },
          { $push: { outbox: entry("2") }, $set: { outboxDueAt: new Date() } },
        );
      if (kind === "2") await things.updateOne({ _id: "a" }, { $push: { outbox: entry("3") } });
    });
    await eventually(isDone(things));
    expect(delivered).toEqual(["1", "2", "3"]);
  });

  test("shares many documents with another worker, and each entry is delivered once", async () => {
    const things = await freshCollection();
    const ids = Array.from({ length: 120 }, (_, i) => `t${i}`);
    await things.insertMany(ids.map((_id) => ({ _id, outbox: [entry("1")], outboxDueAt: new Date() })));
    const delivered: string[][] = [[], []];
    for (const mine of delivered) start(things, async (id) => mine.push(id));
    await eventually(isDone(things));
    expect(delivered.flat().sort()).toEqual([...ids].sort());
    for (const mine of delivered) expect(mine).not.toBeEmpty();
  });

  test("when another worker has the lease, leaves new entries to it", async () => {
    const things = await freshCollection();
    const gate = Promise.withResolvers<void>();
    const delivered: string[] = [];
    await add(things, "a", "1");
    const begun = Promise.withResolvers<void>();
    start(
      things,
      async (_, kind) => {
        delivered.push(kind);
        begun.resolve();
        await gate.promise;
      },
      1_000_000,
    );
    await begun.promise;
    await things.updateOne(
      { _id: "a" },
      { $push: { outbox: entry("2") }, $set: { outboxDueAt: new Date() } },
    );
    const elsewhere: string[] = [];
    const other = start(things, async (id, kind) => elsewhere.push(id + kind));
    // One after the other, so that it has looked again after each.
    for (const id of ["b", "c", "d"]) {
      await add(things, id, "1");
      await eventually(async () => elsewhere.includes(`${id}1`));
    }
    expect(elsewhere).toEqual(["b1", "c1", "d1"]);
    await other.stop();
    gate.resolve();
    await eventually(isDone(things));
    expect(delivered).toEqual(["1", "2"]);
  });

  test("when its delivery fails after another worker has delivered, makes nothing due", async () => {
    const things = await freshCollection();
    const gate = Promise.withResolvers<void>();
    await add(things, "a", "1");
    const begun = Promise.withResolvers<void>();
    const slow = start(
      things,
      async () => {
        begun.resolve();
        await gate.promise;
        throw new Error("too late");
      },
      1_000_000,
    );
    await begun.promise;
    const leaseIsOver = { outboxDueAt: new Date(0), outboxLeasedUntil: new Date(0) };
    await things.updateOne({ _id: "a" }, { $set: leaseIsOver });
    const other = start(things, async () => undefined);
    await eventually(isDone(things));
    await other.stop();
    gate.resolve();
    await slow.stop();
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", outbox: [] });
  });

  test("when woken, delivers at once", async () => {
    const things = await freshCollection();
    const delivered: string[] = [];
    const worker = start(things, async (id) => delivered.push(id), 1_000_000);
    await add(things, "woken", "1");
    worker.wake();
    await eventually(isDone(things));
    expect(delivered).toEqual(["woken"]);
  });

  test("finishes the current delivery before it stops", async () => {
    const things = await freshCollection();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await add(things, "a", "1");
    const worker = start(things, async () => {
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    const stopped = worker.stop();
    gate.resolve();
    await stopped;
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", outbox: [] });
  });

  test("reports how many documents wait and for how long", async () => {
    const things = await freshCollection();
    const worker = start(things, () => Promise.reject(new Error("never")), 1_000_000);
    expect(await worker.pending()).toEqual({ count: 0, oldestAgeMs: 0 });
    const old = { ...entry("1"), at: new Date(Date.now() - 60_000) };
    await things.insertOne({ _id: "a", outbox: [old], outboxDueAt: new Date(Date.now() + 60_000) });
    await add(things, "b", "1");
    const pending = await worker.pending();
    expect(pending.count).toBe(2);
    expect(pending.oldestAgeMs).toBeWithin(60_000, 70_000);
  });
});
