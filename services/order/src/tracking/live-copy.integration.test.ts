import { afterAll, beforeAll, expect, test } from "bun:test";
import { createLog } from "@food/shared/observe/log";
import { connectRedis, type Redis } from "@food/shared/storage/redis";
import { describeWithDatabases, PATIENT, testRedisUrl, untilReady } from "@food/shared/testing/service";
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
});
