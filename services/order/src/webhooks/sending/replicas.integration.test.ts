// Several replicas that send from one database, slow receivers, and processes that die.
import { afterEach, beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, testBase } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { LEASE_MS, type Message, type MessageStore, messageStore, type Slot } from "../messages/store.ts";
import { newMessage } from "../queue-event.ts";
import { type EndpointStore, endpointStore } from "../store.ts";
import { heldPost } from "../webhooks.builder.ts";
import type { Post } from "./post.ts";
import { AT_ONCE, startSending } from "./send-messages.ts";

type Base = Awaited<ReturnType<typeof testBase>>;

describeWithDatabases("sending webhooks", () => {
  let base: Base;
  let endpoints: EndpointStore;
  let messages: MessageStore;
  const running: { stop: () => Promise<void> }[] = [];
  beforeAll(async () => {
    base = await testBase("order");
    endpoints = endpointStore(base.mongo.db, base.sealed);
    messages = messageStore(base.mongo.db);
    await Promise.all([endpoints.ensureIndexes(), messages.ensureIndexes()]);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await collection<Message>("webhook_messages").deleteMany({});
    await collection<Slot>("webhook_slots").deleteMany({});
  });
  const collection = <D extends { _id: string }>(name: string) => base.mongo.db.collection<D>(name);
  const stored = (filter: object = {}) =>
    collection<Message>("webhook_messages").find(filter).sort({ _id: 1 }).toArray();

  function replica(post: Post) {
    const sending = startSending({
      ...{ endpoints, messages, post, log: base.log },
      ...{ pauseMs: () => 5, everyMs: 20, onAttempt: () => undefined, onDisabled: () => undefined },
    });
    running.push(sending);
    return sending;
  }
  const opened = (url: string) => endpoints.add(newId("rst"), { url });
  /** Messages of so many orders to each endpoint, `each` of one order. */
  async function queued(webhookIds: string[], orders: number, each: number) {
    const now = new Date();
    const all = webhookIds.flatMap((webhookId) =>
      Array.from({ length: orders }, () => newId("ord")).flatMap((orderId) =>
        Array.from({ length: each }, (_, i) => ({ webhookId, orderId, sequence: i + 1 })),
      ),
    );
    const added = all.map((fields) =>
      newMessage(
        { _id: newId("msg"), ...fields, type: "order.placed", payload: JSON.stringify(fields) },
        now,
      ),
    );
    await messages.add(added, now);
    return added;
  }
  const isDone = async () => (await stored({ status: "pending" })).length === 0;

  test("two replicas: each message goes once, at most two at a time to an endpoint, and in order for each order", async () => {
    const ids = await Promise.all(["https://a.test", "https://b.test", "https://c.test"].map(opened));
    const webhookIds = ids.map(({ _id }) => _id);
    const seen: { orderId: string; sequence: number; url: string; by: number }[] = [];
    const open: string[] = [];
    let most = 0;
    const postBy =
      (by: number): Post =>
      async (url, _, body) => {
        const { orderId, sequence } = JSON.parse(body) as { orderId: string; sequence: number };
        open.push(url);
        most = Math.max(most, open.filter((one) => one === url).length);
        const isFirst = !seen.some((one) => one.orderId === orderId && one.sequence === sequence);
        seen.push({ orderId, sequence, url, by });
        await Bun.sleep(seen.length % 4);
        open.splice(open.indexOf(url), 1);
        const fails = sequence === 2 && isFirst;
        return { statusCode: fails ? 500 : 200, ...(fails && { error: "status" as const }), durationMs: 1 };
      };
    const replicas = [1, 2].map((by) => replica(postBy(by)));
    // Also while their slots are leased.
    for (let i = 0; i < 6; i++) {
      await queued(webhookIds, 1, 4);
      for (const one of replicas) one.wake();
    }
    await eventually(isDone);
    expect(most).toBe(2);
    for (const sent of Map.groupBy(seen, ({ orderId }) => orderId).values())
      expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2, 2, 3, 4]);
    expect(new Set(seen.map(({ by }) => by)).size).toBe(2);
  });

  test("an endpoint that does not answer has two requests, and all others get their messages meanwhile", async () => {
    const { open, post } = heldPost();
    const slow = await opened("https://slow.test");
    const others = await Promise.all(Array.from({ length: 30 }, (_, i) => opened(`https://o${i}.test`)));
    await queued([slow._id], 50, 1);
    await queued(
      others.map(({ _id }) => _id),
      2,
      1,
    );
    replica(async (...request) =>
      request[0] === slow.url ? post(...request) : { statusCode: 204, durationMs: 1 },
    );
    await eventually(async () => (await stored({ status: "succeeded" })).length === 60);
    expect(open.map(({ url }) => url)).toEqual([slow.url, slow.url]);
    expect(await stored({ webhookId: slow._id, attempts: { $gt: 0 } })).toEqual([]);
  });

  test("many endpoints that do not answer leave room for the others", async () => {
    const { open, post } = heldPost();
    const dead = await Promise.all(
      Array.from({ length: AT_ONCE.all }, (_, i) => opened(`https://dead${i}.test`)),
    );
    const slots = (
      await queued(
        dead.map(({ _id }) => _id),
        1,
        1,
      )
    ).map(({ slot }) => slot);
    await collection<Slot>("webhook_slots").updateMany({ _id: { $in: slots } }, { $set: { failing: true } });
    const sending = replica(async (...request) =>
      request[0].includes("dead") ? post(...request) : { statusCode: 204, durationMs: 1 },
    );
    await eventually(async () => open.length === AT_ONCE.failing);
    expect(await messages.oldestDueMs(new Date())).toBe(0);
    const good = await opened("https://good.test");
    await queued([good._id], 50, 1);
    sending.wake();
    await eventually(async () => (await stored({ webhookId: good._id, status: "succeeded" })).length === 50);
    expect(open).toHaveLength(AT_ONCE.failing);
  });

  test("a process that dies while it sends: another one sends the message again, with the same webhook-id", async () => {
    const { _id: webhookId } = await opened("https://example.test");
    const [first, second] = await queued([webhookId], 1, 2);
    const dying = heldPost();
    replica(dying.post);
    await eventually(async () => dying.open.length === 1);
    expect(dying.open[0]?.id).toBe(first?._id as string);
    const other = heldPost();
    const sending = replica(other.post);
    // The lease has ended.
    const past = new Date(Date.now() - LEASE_MS);
    await collection<Slot>("webhook_slots").updateMany({}, { $set: { dueAt: past, leasedUntil: past } });
    sending.wake();
    await eventually(async () => dying.open.length + other.open.length === 2);
    const again = [...dying.open, ...other.open].at(-1);
    expect(again?.id).toBe(first?._id as string);
    again?.answer(200);
    await eventually(async () => (await stored({ status: "succeeded" })).length === 1);
    // A late answer to the first request changes nothing.
    dying.open[0]?.answer(500);
    await eventually(async () => [...dying.open, ...other.open].some(({ id }) => id === second?._id));
    for (const one of [...dying.open, ...other.open]) one.answer(200);
    await eventually(isDone);
    expect((await stored()).map(({ attempts, status }) => [attempts, status])).toEqual([
      [1, "succeeded"],
      [1, "succeeded"],
    ]);
  });
});
