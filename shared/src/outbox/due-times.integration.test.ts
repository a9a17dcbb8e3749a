import { expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import { cleanUp, describeWithDatabases, eventually, testBase } from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { type OutboxEntry, outboxWorker, type WithOutbox } from "./outbox.ts";

const HOURS_MS = 3_600_000;

describeWithDatabases("an outbox worker that nothing wakes", () => {
  test("between two polls retries what has failed, and takes over what a crashed worker has leased", async () => {
    const { mongo } = await testBase("outbox");
    const things = mongo.db.collection<WithOutbox<OutboxEntry>>(newId("things"));
    const outbox = [{ id: newId("eff"), kind: "entry", at: new Date() }];
    const until = new Date(Date.now() + 500);
    await things.insertMany([
      { _id: "crashed", outbox, outboxDueAt: until, outboxLeasedUntil: until },
      { _id: "failing", outbox, outboxDueAt: new Date() },
    ]);
    const calls: string[] = [];
    const worker = outboxWorker<OutboxEntry, WithOutbox<OutboxEntry>>({
      collection: things,
      async deliver(id) {
        calls.push(id);
        if (id === "crashed") expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
        else if (calls.filter((one) => one === id).length < 3) throw new Error("not taken");
      },
      everyMs: HOURS_MS,
      log: silentLog,
    });
    cleanUp(worker.stop);
    await eventually(async () => (await things.countDocuments({ outboxDueAt: { $exists: true } })) === 0);
    expect(calls.sort()).toEqual(["crashed", "failing", "failing", "failing"]);
  });
});
