import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { locationKey, orderChannel, restaurantChannel } from "@food/shared/contracts/live";
import { createLog } from "@food/shared/observe/log";
import {
  connectRedis,
  connectSubscriber,
  isCluster,
  publishCommand,
  type Redis,
} from "@food/shared/storage/redis";
import {
  cleanUp,
  describeWithDatabases,
  eventually,
  PATIENT,
  testRedisUrl,
  untilReady,
} from "@food/shared/testing/service";
import { anOrder } from "../orders/order.builder.ts";
import { liveOrderOf, redisLiveCopy } from "./live-copy.ts";

describeWithDatabases("the live copy", () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = connectRedis(testRedisUrl(), createLog("test", "silent"), PATIENT.redisMs);
    await untilReady(redis);
  });
  afterAll(() => redis.disconnect());

  test("ignores a late write of an order that was read before the estimate moved", async () => {
    const copy = redisLiveCopy(redis);
    const order = anOrder();
    const before = liveOrderOf(order);
    await copy.keep(before);
    expect((await copy.read(order._id)).order).toEqual(before);
    const { version, estimateReason } = order;
    const estimatedDeliveryAt = new Date(Date.now() + 3_000_000).toISOString();
    copy.publishEstimate(order._id, { kind: "estimate", version, estimateReason, estimatedDeliveryAt });
    await copy.keep(before);
    expect((await copy.read(order._id)).order).toBeUndefined();
    const next = { ...before, version: version + 1 };
    await copy.keep(next);
    expect((await copy.read(order._id)).order).toEqual(next);
  });

  test("is replaced when Redis refuses to publish", async () => {
    const order = anOrder();
    const run = redis.eval.bind(redis) as (...given: unknown[]) => Promise<unknown>;
    const refusing = (...given: unknown[]) =>
      run(...given.map((one) => (one === publishCommand(redis) ? "no_such_command" : one)));
    const sent = spyOn(redis, "eval").mockImplementationOnce(refusing);
    try {
      await redisLiveCopy(redis).publish(order, () => undefined);
      await expect(sent.mock.results[0]?.value).rejects.toThrow("command");
      expect((await redisLiveCopy(redis).read(order._id)).order).toEqual(liveOrderOf(order));
    } finally {
      sent.mockRestore();
    }
  });

  test("the end of an order is one command: the copy, its position and both messages; one more in a cluster", async () => {
    const order = { ...anOrder(), status: "delivered" as const };
    const channels = [orderChannel(order._id), restaurantChannel(order.restaurantId)];
    const subscriber = connectSubscriber(testRedisUrl(), createLog("test", "silent"));
    cleanUp(() => subscriber.disconnect());
    await untilReady(subscriber);
    const received: string[] = [];
    subscriber.on("message", (channel: string) => received.push(channel));
    for (const channel of channels) await subscriber.subscribe(channel);
    await redis.set(locationKey(order._id), "{}");
    const sent = spyOn(redis, "sendCommand");
    try {
      await redisLiveCopy(redis).publish(order, () => undefined);
      expect(sent).toHaveBeenCalledTimes(isCluster(redis) ? 2 : 1);
    } finally {
      sent.mockRestore();
    }
    await eventually(async () => received.length >= channels.length);
    expect(received.toSorted()).toEqual(channels.toSorted());
    expect(await redis.exists(locationKey(order._id))).toBe(0);
    expect((await redisLiveCopy(redis).read(order._id)).order).toEqual(liveOrderOf(order));
  });
});
