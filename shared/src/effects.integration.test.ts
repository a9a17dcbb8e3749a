import { beforeAll, expect, test } from "bun:test";
import type { Collection, Db } from "mongodb";
import { silentLog } from "../testing/running-app.ts";
import { cleanUp, describeWithDatabases, eventually, testBase } from "../testing/service.ts";
import { EFFECTS_INDEX, type Effect, effectWorker, type WithEffects } from "./effects.ts";
import { newId } from "./id.ts";

type Thing = WithEffects<Effect>;
const OFTEN_MS = 10;

describeWithDatabases("the effects' worker", () => {
  let db: Db;
  beforeAll(async () => {
    db = (await testBase("effects")).mongo.db;
  });

  async function freshCollection() {
    const collection = db.collection<Thing>(newId("things"));
    await collection.createIndex(EFFECTS_INDEX.key, { name: EFFECTS_INDEX.name });
    return collection;
  }
  const effect = (kind: string): Effect => ({ id: newId("eff"), kind, at: new Date() });
  const add = (collection: Collection<Thing>, _id: string, ...kinds: string[]) =>
    collection.insertOne({ _id, effects: kinds.map(effect), effectsDueAt: new Date() });
  function start(
    collection: Collection<Thing>,
    deliver: (id: string, kind: string) => Promise<unknown>,
    everyMs = OFTEN_MS,
  ) {
    const worker = effectWorker<Effect, Thing>({
      collection,
      deliver: async (id, { kind }) => void (await deliver(id, kind)),
      everyMs,
      log: silentLog,
    });
    cleanUp(worker.stop);
    return worker;
  }
  const isDone = (collection: Collection<Thing>) => async () =>
    (await collection.countDocuments({ effectsDueAt: { $exists: true } })) === 0;

  test("delivers each effect once and in order, and leaves nothing to do", async () => {
    const things = await freshCollection();
    await add(things, "a", "1", "2", "3");
    const delivered: string[] = [];
    start(things, async (id, kind) => delivered.push(id + kind));
    await eventually(isDone(things));
    expect(delivered).toEqual(["a1", "a2", "a3"]);
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", effects: [] });
  });

  test("tries a failed delivery again, keeps the order, and lets nobody else wait for it", async () => {
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
    expect(await things.findOne({ _id: "bad" })).toEqual({ _id: "bad", effects: [] });
  });

  test("waits longer after each failure", async () => {
    const things = await freshCollection();
    await add(things, "a", "1");
    const worker = start(things, () => Promise.reject(new Error("never")), 1_000_000);
    const failed = async (times: number) =>
      eventually(async () => (await things.findOne({ effectsFailures: times }))?.effectsDueAt);
    const dueAt = await failed(1);
    expect(dueAt.getTime()).toBeWithin(Date.now() - 1_000, Date.now() + 401);
    await things.updateOne({ _id: "a" }, { $set: { effectsDueAt: new Date(), effectsFailures: 40 } });
    worker.wake();
    const later = await failed(41);
    expect(later.getTime()).toBeLessThan(Date.now() + 30_001);
    expect((await things.findOne({ _id: "a" }))?.effects).toHaveLength(1);
  });

  test("takes over what a process that died had begun, once its lease is over and not before", async () => {
    const things = await freshCollection();
    const delivered: string[] = [];
    const lease = { effects: [effect("2"), effect("3")], effectsFailures: 1 };
    await things.insertOne({ _id: "leased", ...lease, effectsDueAt: new Date(Date.now() + 60_000) });
    await add(things, "free", "1");
    start(things, async (id, kind) => delivered.push(id + kind));
    await eventually(async () => (await things.findOne({ _id: "free" }))?.effectsDueAt === undefined);
    expect(delivered).toEqual(["free1"]);
    await things.updateOne({ _id: "leased" }, { $set: { effectsDueAt: new Date() } });
    await eventually(isDone(things));
    expect(delivered).toEqual(["free1", "leased2", "leased3"]);
  });

  test("loses no effect that is added while it delivers", async () => {
    const things = await freshCollection();
    await add(things, "a", "1");
    const delivered: string[] = [];
    start(things, async (_, kind) => {
      delivered.push(kind);
      if (kind === "1")
        await things.updateOne(
          { _id: "a" },
          { $push: { effects: effect("2") }, $set: { effectsDueAt: new Date() } },
        );
      if (kind === "2") await things.updateOne({ _id: "a" }, { $push: { effects: effect("3") } });
    });
    await eventually(isDone(things));
    expect(delivered).toEqual(["1", "2", "3"]);
  });

  test("shares the work of many with another worker: each is delivered once", async () => {
    const things = await freshCollection();
    const ids = Array.from({ length: 120 }, (_, i) => `t${i}`);
    await things.insertMany(ids.map((_id) => ({ _id, effects: [effect("1")], effectsDueAt: new Date() })));
    const delivered: string[][] = [[], []];
    for (const mine of delivered) start(things, async (id) => mine.push(id));
    await eventually(isDone(things));
    expect(delivered.flat().sort()).toEqual([...ids].sort());
    for (const mine of delivered) expect(mine).not.toBeEmpty();
  });

  test("delivers at once when it is woken", async () => {
    const things = await freshCollection();
    const delivered: string[] = [];
    const worker = start(things, async (id) => delivered.push(id), 1_000_000);
    await add(things, "woken", "1");
    worker.wake();
    await eventually(isDone(things));
    expect(delivered).toEqual(["woken"]);
  });

  test("ends the delivery under way before it stops", async () => {
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
    expect(await things.findOne({ _id: "a" })).toEqual({ _id: "a", effects: [] });
  });

  test("says how many documents wait and since when", async () => {
    const things = await freshCollection();
    const worker = start(things, () => Promise.reject(new Error("never")), 1_000_000);
    expect(await worker.pending()).toEqual({ count: 0, oldestAgeMs: 0 });
    const old = { ...effect("1"), at: new Date(Date.now() - 60_000) };
    await things.insertOne({ _id: "a", effects: [old], effectsDueAt: new Date(Date.now() + 60_000) });
    await add(things, "b", "1");
    const pending = await worker.pending();
    expect(pending.count).toBe(2);
    expect(pending.oldestAgeMs).toBeWithin(60_000, 70_000);
  });
});
