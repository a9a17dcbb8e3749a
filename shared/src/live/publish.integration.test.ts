import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type Gate, gateTo } from "../../testing/gate.ts";
import { describeWithDatabases, eventually, testRedisUrl } from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { connectRedis, connectSubscriber, type Redis } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { type Publish, publisherOn } from "./publish.ts";

const log = createLog("test", "silent");

describeWithDatabases("a publisher", () => {
  const channel = newId("news");
  const heard: number[] = [];
  let gate: Gate;
  let redis: Redis;
  let listener: Redis;
  let publish: Publish;
  beforeAll(async () => {
    gate = gateTo(testRedisUrl());
    redis = connectRedis(gate.url, log);
    publish = publisherOn(redis);
    listener = connectSubscriber(testRedisUrl(), log);
    listener.on("message", (_, text) => heard.push(JSON.parse(text).n));
    await listener.subscribe(channel);
    await eventually(async () => redis.status === "ready");
  });
  beforeEach(() => heard.splice(0));
  afterAll(() => {
    redis.disconnect();
    listener.disconnect();
    gate.stop();
  });

  test("says what it is given", async () => {
    publish(channel, { n: 1 });
    await eventually(async () => heard.length > 0);
    expect(heard).toEqual([1]);
  });

  test.each([
    ["gone", () => gate.cut()],
    ["silent", () => gate.close()],
  ])("says what it could not say while Redis was %s once it is back", async (_, breakIt) => {
    breakIt();
    for (const n of [1, 2, 3]) publish(channel, { n });
    await Bun.sleep(700);
    publish(channel, { n: 4 });
    expect(heard).toEqual([]);
    gate.open();
    // What a silent Redis was sent it may do after all.
    await eventually(async () => new Set(heard).size === 4);
    await eventually(async () => redis.status === "ready");
    publish(channel, { n: 5 });
    await eventually(async () => heard.includes(5));
    expect(heard.slice(-2)).toEqual([4, 5]);
  });

  test("keeps the last thousand", async () => {
    gate.cut();
    await eventually(async () => redis.status !== "ready");
    for (let n = 0; n < 1_010; n++) publish(channel, { n });
    gate.open();
    await eventually(async () => heard.length >= 1_000);
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 10));
  });
});
