import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cleanUp, eventually, TEST_MAX_MS } from "../../../testing/service.ts";
import { createLog } from "../../observe/log.ts";
import { connectSubscriber, type Subscriber, slotOf } from "../redis.ts";
import { type FakeNode, fakeNode } from "./cluster-nodes.builder.ts";

const LAST = 16_383;
const HALF = 8_191;
const channelIn = (from: number, to: number) => {
  for (let i = 0; ; i++)
    if (slotOf(`channel-${i}`) >= from && slotOf(`channel-${i}`) <= to) return `channel-${i}`;
};
const low = channelIn(0, HALF);
const high = channelIn(HALF + 1, LAST);

describe("subscriptions in a Redis Cluster", () => {
  let one: FakeNode;
  let other: FakeNode;
  let subscriber: Subscriber;
  let events: string[];

  beforeEach(async () => {
    [one, other] = [fakeNode(), fakeNode()];
    serve(one, other);
    subscriber = connectSubscriber(
      `redis+cluster://127.0.0.1:${one.port},127.0.0.1:${other.port}`,
      createLog("test", "silent"),
    );
    cleanUp(subscriber.disconnect);
    events = [];
    subscriber.on("resubscribed", (channels) => events.push(`resubscribed ${channels.toSorted()}`));
    subscriber.on("ready", () => events.push("ready"));
    subscriber.on("close", () => events.push("close"));
    await eventually(async () => subscriber.status === "ready");
    await subscriber.subscribe(low, high);
    events.length = 0;
  });
  afterEach(() => subscriber.disconnect());

  /** Both say that these are the masters of the lower and of the upper half; undefined for none. */
  function serve(lower: FakeNode | undefined, upper: FakeNode | undefined) {
    const slots: FakeNode["slots"] = [
      ...(lower ? [[0, HALF, lower.port] as [number, number, number]] : []),
      ...(upper ? [[HALF + 1, LAST, upper.port] as [number, number, number]] : []),
    ];
    one.slots = other.slots = slots;
  }
  const refuse = () => {
    throw new Error("CLUSTERDOWN Hash slot not served");
  };

  test("are at the master of each channel", () => {
    expect([one.subscribed(), other.subscribed()]).toEqual([[low], [high]]);
  });

  test("when a master loses its slots and has them back before another has the channels, are there again", async () => {
    const tries: string[] = [];
    other.onSubscribe = (channels) => {
      tries.push(...channels);
      refuse();
    };
    serve(other, other);
    await eventually(async () => tries.includes(low));
    serve(one, other);
    await eventually(async () => one.subscribed().includes(low));
    await eventually(async () => events.includes(`resubscribed ${low}`));
  });

  test("when some channels cannot follow yet, those that have are reported", async () => {
    other.onSubscribe = (channels) => channels.includes(high) && refuse();
    serve(other, other);
    other.giveAway(high);
    await eventually(async () => other.subscribed().includes(low));
    await eventually(async () => events.includes(`resubscribed ${low}`));
    expect(other.subscribed()).toEqual([low]);
    other.onSubscribe = () => undefined;
    await eventually(async () => events.includes(`resubscribed ${high}`));
  });

  test("when a node gives a slot away right after its answer, follow it", async () => {
    const channel = "{channel}";
    serve(one, one);
    await eventually(async () => events.includes(`resubscribed ${high}`));
    one.onSubscribe = () => queueMicrotask(() => one.giveAway(channel));
    await subscriber.subscribe(channel);
    one.onSubscribe = () => undefined;
    await eventually(async () => one.subscribed().includes(channel));
  });

  test("while another node gives a slot away, are left as usual", async () => {
    const channel = channelIn(slotOf(low) + 1, HALF);
    one.onSubscribe = () => other.giveAway(high);
    await subscriber.subscribe(channel);
    await subscriber.unsubscribe(channel);
    expect(one.subscribed()).not.toContain(channel);
  });

  test(
    "are made while a node of REDIS_URL still loads its data",
    async () => {
      const loading = fakeNode();
      loading.isLoading = true;
      const begun = connectSubscriber(
        `redis+cluster://127.0.0.1:${loading.port},127.0.0.1:${one.port}`,
        createLog("test", "silent"),
      );
      cleanUp(begun.disconnect);
      await eventually(async () => begun.status === "ready");
      begun.disconnect();
    },
    TEST_MAX_MS,
  );

  test("when a slot has no master for long, are away until it has one", async () => {
    serve(undefined, other);
    one.giveAway(low);
    await eventually(async () => events.includes("close"));
    expect(subscriber.status).toBe("connecting");
    serve(one, other);
    await eventually(async () => subscriber.status === "ready");
    expect(one.subscribed()).toEqual([low]);
    expect(events.filter((event) => !event.startsWith("resub"))).toEqual(["close", "ready"]);
  });
});
