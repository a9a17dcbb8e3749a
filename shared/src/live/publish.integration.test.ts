import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type Gate, gateToRedis, whyNotCutOff } from "../../testing/gate.ts";
import { describeWithDatabases, eventually, testRedisUrl, untilReady } from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { connectRedis, connectSubscriber, type Redis, type Subscriber } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { type Publish, publisherOn } from "./publish.ts";

const log = createLog("test", "silent");

describeWithDatabases("a publisher", () => {
  const channel = newId("channel");
  const received: number[] = [];
  let gate: Gate;
  let redis: Redis;
  let listener: Subscriber;
  let publish: Publish;
  const why = whyNotCutOff();
  beforeAll(async () => {
    gate = gateToRedis();
    redis = connectRedis(gate.url, log);
    publish = publisherOn(redis);
    listener = connectSubscriber(testRedisUrl(), log);
    listener.on("message", (_, text) => received.push(JSON.parse(text).n));
    await untilReady(listener);
    await listener.subscribe(channel);
    await eventually(async () => redis.status === "ready");
  });
  beforeEach(() => received.splice(0));
  afterAll(() => {
    redis.disconnect();
    listener.disconnect();
    gate.stop();
  });

  test("publishes a message", async () => {
    publish(channel, { n: 1 });
    await eventually(async () => received.length > 0);
    expect(received).toEqual([1]);
  });

  test.skipIf(why !== "").each([
    ["gone", () => gate.cut()],
    ["not answering", () => gate.close()],
  ])(`when Redis was %s, publishes the failed messages once it is back${why}`, async (_, breakIt) => {
    breakIt();
    for (const n of [1, 2, 3]) publish(channel, { n });
    await eventually(async () => redis.status !== "ready");
    publish(channel, { n: 4 });
    expect(received).toEqual([]);
    gate.open();
    // Redis may still execute commands that it received before, so a message can come twice.
    await eventually(async () => new Set(received).size === 4);
    await eventually(async () => redis.status === "ready");
    publish(channel, { n: 5 });
    await eventually(async () => received.includes(5));
    expect(received.slice(-2)).toEqual([4, 5]);
  });

  test.skipIf(why !== "")(`keeps the last thousand messages${why}`, async () => {
    gate.cut();
    await eventually(async () => redis.status !== "ready");
    for (let n = 0; n < 1_010; n++) publish(channel, { n });
    gate.open();
    await eventually(async () => received.length >= 1_000);
    expect(received).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 10));
  });
});
