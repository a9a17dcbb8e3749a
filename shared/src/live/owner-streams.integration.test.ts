import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type EventReader, openEventStream } from "../../testing/event-stream.ts";
import { type Gate, gateToRedis, whyNotCutOff } from "../../testing/gate.ts";
import { type RunningApp, runApp, silentLog } from "../../testing/running-app.ts";
import {
  connectTestRedis,
  describeWithDatabases,
  eventually,
  publishTo,
  subscriptionsTo,
} from "../../testing/service.ts";
import { connectSubscriber, type Redis } from "../storage/redis.ts";
import { unavailable } from "../values/errors.ts";
import { newId } from "../values/id.ts";
import type { OwnedItem } from "./owner-feed.ts";
import { type OwnerStreams, startOwnerStreams } from "./owner-streams.ts";

const HOUR_MS = 3_600_000;
const OPEN_MAX = 5;
const channelOf = (ownerId: string) => `test:owner:${ownerId}`;
const named = ({ events }: EventReader, name: string) => events.filter(({ event }) => event === name);
/** The items received, each as name and state. */
const received = (stream: EventReader) =>
  named(stream, "item").map(({ data }) => `${data.name} ${data.state}`);

describeWithDatabases("the streams of owners' open items", () => {
  let gate: Gate;
  let redis: Redis;
  let app: RunningApp;
  let streams: OwnerStreams;
  /** Every item by owner and id. */
  const stored = new Map<string, Map<string, OwnedItem>>();
  const readings: string[] = [];
  let made = 0;
  let isAway = false;

  beforeAll(async () => {
    gate = gateToRedis();
    redis = await connectTestRedis();
    app = runApp((base, context) => {
      streams = startOwnerStreams({
        ...context,
        log: silentLog,
        subscriber: connectSubscriber(gate.url, silentLog),
        event: "item",
        openMax: OPEN_MAX,
        channelOf,
        async readChanged(ownerId, known) {
          readings.push(ownerId);
          if (isAway) throw unavailable("AWAY", "Away.");
          const items = [...(stored.get(ownerId)?.values() ?? [])];
          // The result is old when it arrives.
          await Bun.sleep(Math.random() * 5);
          return items.filter(({ id, isOpen }) => isOpen || known.has(id));
        },
      });
      return base.get("/events/:ownerId", ({ params }) =>
        streams.follow({ id: params.ownerId, expiresAt: Date.now() + HOUR_MS }),
      );
    });
  });
  afterAll(async () => {
    await streams.stop();
    redis.disconnect();
    gate.stop();
  });
  beforeEach(() => {
    readings.length = 0;
  });

  /** Changes an item without publishing a message. */
  function change(ownerId: string, name: string, state: string, isOpen = true): OwnedItem {
    const items = stored.get(ownerId) ?? new Map<string, OwnedItem>();
    stored.set(ownerId, items);
    const { id, version } = items.get(name) ?? { id: newId("itm", made++), version: 0 };
    const item = { id, version: version + 1, isOpen, view: { name, state } };
    items.set(name, item);
    return item;
  }
  async function publish(ownerId: string, { id, version }: OwnedItem) {
    await publishTo(redis, channelOf(ownerId), JSON.stringify({ id, version }));
  }
  const changeAndPublish = (...[ownerId, ...rest]: Parameters<typeof change>) =>
    publish(ownerId, change(ownerId, ...rest));
  const follow = (ownerId: string) => openEventStream(`${app.url}/events/${ownerId}`, {});
  /** A stream that has its snapshot and is live. */
  async function followLive(ownerId: string) {
    const stream = await follow(ownerId);
    await eventually(async () => named(stream, "snapshot").length === 1);
    await eventually(async () => named(stream, "live").length === named(stream, "degraded").length);
    return stream;
  }

  test("begin with the open items, oldest first, then send items that are added, change or end", async () => {
    const owner = newId("own");
    change(owner, "old", "open");
    change(owner, "done", "closed", false);
    const { id } = change(owner, "new", "open");
    const stream = await followLive(owner);
    expect(stream.events[0]).toEqual({
      event: "snapshot",
      data: {
        items: [
          { name: "old", state: "open" },
          { name: "new", state: "open" },
        ],
      },
    });
    await changeAndPublish(owner, "new", "moved");
    await eventually(async () => received(stream).length === 1);
    expect(named(stream, "item")[0]).toEqual({
      event: "item",
      id: `${id}:2`,
      data: { name: "new", state: "moved" },
    });
    await changeAndPublish(owner, "third", "open");
    await eventually(async () => received(stream).length === 2);
    await changeAndPublish(owner, "old", "closed", false);
    await eventually(async () => received(stream).length === 3);
    expect(received(stream)).toEqual(["new moved", "third open", "old closed"]);
    stream.close();
  });

  test("send no item twice or unchanged, and do not read for a known version", async () => {
    const owner = newId("own");
    const first = change(owner, "one", "open");
    const stream = await followLive(owner);
    readings.length = 0;
    for (let i = 0; i < 3; i++) await publish(owner, first);
    await changeAndPublish(owner, "one", "open");
    await eventually(async () => readings.includes(owner));
    await changeAndPublish(owner, "one", "moved");
    await eventually(async () => received(stream).includes("one moved"));
    expect(received(stream)).toEqual(["one moved"]);
    expect(readings.filter((id) => id === owner).length).toBeLessThanOrEqual(3);
    stream.close();
  });

  test("when an older version is read, do not send it", async () => {
    const owner = newId("own");
    const before = change(owner, "one", "before");
    const after = change(owner, "one", "after");
    const stream = await followLive(owner);
    stored.get(owner)?.set("one", before);
    await publish(owner, { ...after, version: 3 });
    await changeAndPublish(owner, "two", "open");
    await eventually(async () => received(stream).includes("two open"));
    expect(received(stream)).toEqual(["two open"]);
    stream.close();
  });

  test("send an end before the item that takes its place", async () => {
    const owner = newId("own");
    change(owner, "a", "mine");
    const stream = await followLive(owner);
    change(owner, "b", "mine");
    await changeAndPublish(owner, "a", "gone", false);
    await eventually(async () => received(stream).length === 2);
    expect(received(stream)).toEqual(["a gone", "b mine"]);
    stream.close();
  });

  test("send an owner no item of another owner, whatever is published", async () => {
    const [owner, other] = [newId("own"), newId("own")];
    const stream = await followLive(owner);
    const theirs = await followLive(other);
    await publish(owner, change(other, "secret", "open"));
    await publishTo(redis, channelOf(owner), "{}");
    await changeAndPublish(owner, "mine", "open");
    await publish(other, { id: "any", version: 9 } as OwnedItem);
    await eventually(async () => received(stream).length === 1 && received(theirs).length === 1);
    expect([received(stream), received(theirs)]).toEqual([["mine open"], ["secret open"]]);
    for (const { close } of [stream, theirs]) close();
  });

  test("lose and repeat no change while a follower joins", async () => {
    const join = async () => {
      const owner = newId("own");
      // So that the last change falls at any moment of the joining.
      const count = 1 + Math.floor(Math.random() * 8);
      change(owner, "item", "0");
      const changes = async () => {
        for (let nth = 1; nth <= count; nth++) {
          await changeAndPublish(owner, "item", `${nth}`);
          await Bun.sleep(Math.random() * 3);
        }
      };
      const [stream] = await Promise.all([follow(owner), changes()]);
      const states = () => {
        const [snapshot] = named(stream, "snapshot");
        const first = (snapshot?.data.items as { state: string }[] | undefined)?.map(({ state }) => state);
        return [...(first ?? []), ...named(stream, "item").map(({ data }) => String(data.state))].map(Number);
      };
      await eventually(async () => states().at(-1) === count);
      expect(states()).toEqual([...new Set(states())].sort((a, b) => a - b));
      stream.close();
    };
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 10 }, join));
  });

  test("when there are too many items, follow the oldest, report more, and continue with the next", async () => {
    const owner = newId("own");
    const more = (stream: EventReader) => named(stream, "more").map(({ data }) => data.more);
    const names = (stream: EventReader) =>
      ((named(stream, "snapshot")[0]?.data.items ?? []) as { name: string }[]).map(({ name }) => name);
    for (let nth = 0; nth < OPEN_MAX; nth++) change(owner, `item${nth}`, "open");
    const stream = await followLive(owner);
    expect(named(stream, "snapshot")[0]?.data.more).toBeUndefined();
    await changeAndPublish(owner, "sixth", "open");
    await eventually(async () => more(stream).length === 1);
    expect([more(stream), received(stream)]).toEqual([[true], []]);
    const late = await followLive(owner);
    expect(named(late, "snapshot")[0]?.data.more).toBe(true);
    expect(names(late)).toEqual(Array.from({ length: OPEN_MAX }, (_, nth) => `item${nth}`));
    await changeAndPublish(owner, "item0", "closed", false);
    for (const one of [stream, late]) {
      await eventually(async () => received(one).length === 2);
      expect(received(one)).toEqual(["item0 closed", "sixth open"]);
      await eventually(async () => more(one).at(-1) === false);
    }
    for (const { close } of [stream, late]) close();
  });

  test("share one subscription and one read, and clean up", async () => {
    const owner = newId("own");
    const all = await Promise.all(Array.from({ length: 20 }, () => followLive(owner)));
    readings.length = 0;
    const subscriptions = () => subscriptionsTo(redis, channelOf(owner));
    expect(await subscriptions()).toBe(1);
    await changeAndPublish(owner, "one", "open");
    await eventually(async () => all.every((stream) => received(stream).length === 1));
    expect(readings.filter((id) => id === owner)).toHaveLength(1);
    for (const { close } of all) close();
    await eventually(async () => (await subscriptions()) === 0);
  });

  test("when reading fails, are degraded and refuse new followers, then catch up", async () => {
    const owner = newId("own");
    const stream = await followLive(owner);
    isAway = true;
    const before = named(stream, "live").length;
    await changeAndPublish(owner, "one", "open");
    await eventually(async () => named(stream, "degraded").length === before + 1);
    expect((await follow(owner)).status).toBe(503);
    isAway = false;
    await eventually(async () => named(stream, "live").length === before + 1);
    expect(received(stream)).toEqual(["one open"]);
    stream.close();
  });

  test("send a change that was never published at a regular read", async () => {
    const owner = newId("own");
    const stream = await followLive(owner);
    change(owner, "one", "open");
    await eventually(async () => received(stream).length === 1);
    stream.close();
  });

  describe.skipIf(whyNotCutOff() !== "")(`when Redis${whyNotCutOff()}`, () => {
    for (const [what, breakIt] of [
      ["stops answering", () => gate.close()],
      ["goes away", () => gate.cut()],
    ] as const)
      test(`${what}: are degraded once, use one read for all in each round, and are live again`, async () => {
        const owner = newId("own");
        const all = await Promise.all(Array.from({ length: 5 }, () => followLive(owner)));
        const before = all.map((stream) => named(stream, "degraded").length);
        const haveSaid = (name: string) =>
          eventually(async () =>
            all.every((stream, i) => named(stream, name).length === (before[i] ?? 0) + 1),
          );
        breakIt();
        await haveSaid("degraded");
        readings.length = 0;
        const since = performance.now();
        for (const state of ["open", "moved", "closed"]) {
          change(owner, "one", state, state !== "closed");
          await eventually(async () => all.every((stream) => received(stream).at(-1) === `one ${state}`));
        }
        const seconds = (performance.now() - since) / 1000;
        expect(readings.filter((id) => id === owner).length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
        const late = await follow(owner);
        await eventually(async () => late.events.length === 2);
        expect(late.events.map(({ event }) => event)).toEqual(["snapshot", "degraded"]);
        change(owner, "late", "open");
        gate.open();
        await haveSaid("live");
        for (const stream of all) expect(received(stream).at(-1)).toBe("late open");
        await eventually(async () => named(late, "live").length === 1);
        await changeAndPublish(owner, "two", "open");
        await eventually(async () =>
          [...all, late].every((stream) => received(stream).at(-1) === "two open"),
        );
        for (const stream of all)
          expect(received(stream)).toEqual(["one open", "one moved", "one closed", "late open", "two open"]);
        for (const { close } of [...all, late]) close();
      });
  });
});
