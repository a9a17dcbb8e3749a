import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { type Gate, gateToRedis, whyNotCutOff } from "../../testing/gate.ts";
import {
  describeWithDatabases,
  eventually,
  PATIENT,
  publishTo,
  subscriptionsTo,
  testRedisUrl,
} from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { currentScope, runInScope, scopeOf } from "../observe/request-scope.ts";
import { connectRedis, connectSubscriber, type Redis, type Subscriber } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { type Hub, startHub } from "./hub.ts";

const log = createLog("test", "silent");

describeWithDatabases("a hub", () => {
  let gate: Gate;
  let redis: Redis;
  let subscriber: Subscriber;
  let hub: Hub<{ n: number }>;
  beforeAll(async () => {
    gate = gateToRedis();
    redis = connectRedis(testRedisUrl(), log, PATIENT.redisMs);
    subscriber = connectSubscriber(gate.url, log);
    hub = startHub({ subscriber, log });
    await eventually(async () => hub.isLive() && redis.status === "ready");
  });
  afterAll(async () => {
    await hub.stop();
    redis.disconnect();
    gate.stop();
  });

  const publish = (channel: string, n: number) => publishTo(redis, channel, JSON.stringify({ n }));
  const subscriptions = (channel: string) => subscriptionsTo(redis, channel);
  const why = whyNotCutOff();
  async function aListener(channel = newId("channel")) {
    const received: number[] = [];
    const links: boolean[] = [];
    const leave = await hub.listen(channel, {
      receive: ({ n }) => received.push(n),
      linkChanged: (isLive) => links.push(isLive),
    });
    return { channel, received, links, leave };
  }

  test("receives all messages while it listens, and none after it has left", async () => {
    const { channel, received, leave } = await aListener();
    const other = await aListener(channel);
    await publish(channel, 1);
    await eventually(async () => received.length > 0);
    leave();
    await publish(channel, 2);
    await eventually(async () => other.received.length === 2);
    expect([received, other.received]).toEqual([[1], [1, 2]]);
    other.leave();
  });

  test("has one subscription for all listeners of a channel, and none after the last has left", async () => {
    const channel = newId("channel");
    const listeners = await Promise.all(Array.from({ length: 100 }, () => aListener(channel)));
    expect(await subscriptions(channel)).toBe(1);
    for (const { leave } of listeners.slice(1)) leave();
    expect(await subscriptions(channel)).toBe(1);
    listeners[0]?.leave();
    listeners[0]?.leave();
    await eventually(async () => (await subscriptions(channel)) === 0);
  });

  test.skipIf(why !== "")(
    `receives outside every request, also on a connection that a request has replaced${why}`,
    async () => {
      const scope = scopeOf(new Headers(), () => "10.0.0.1", performance.now());
      const channel = newId("channel");
      const requests: unknown[] = [];
      gate.close();
      const leave = await runInScope(scope, () =>
        hub.listen(channel, {
          receive: () => requests.push(currentScope()),
          linkChanged: () => requests.push(currentScope()),
        }),
      );
      await eventually(async () => !hub.isLive());
      gate.cut();
      gate.open();
      await eventually(async () => hub.isLive());
      await publish(channel, 1);
      await eventually(async () => requests.length >= 3);
      expect(requests.filter((request) => request !== undefined)).toEqual([]);
      leave();
    },
  );

  test("listens again right after it has left", async () => {
    const { channel, leave } = await aListener();
    leave();
    const { received, leave: leaveAgain } = await aListener(channel);
    await publish(channel, 1);
    await eventually(async () => received.length === 1);
    leaveAgain();
  });

  test("notifies the listeners of its process without Redis", async () => {
    const { channel, received, leave } = await aListener();
    hub.notify(channel, { n: 7 });
    expect(received).toEqual([7]);
    leave();
  });

  test("when the subscription comes late, notifies the listener that the link is live", async () => {
    const subscribe = subscriber.subscribe.bind(subscriber);
    const channel = newId("channel");
    const isTime = Promise.withResolvers<void>();
    const slow = spyOn(subscriber, "subscribe").mockImplementationOnce(async () => {
      await isTime.promise;
      return subscribe(channel);
    });
    const { received, links, leave } = await aListener(channel);
    slow.mockRestore();
    expect([hub.isLive(), links, await subscriptions(channel)]).toEqual([true, [], 0]);
    isTime.resolve();
    await eventually(async () => links.length > 0);
    expect([links, await subscriptions(channel)]).toEqual([[true], 1]);
    await publish(channel, 1);
    await eventually(async () => received.length > 0);
    leave();
  });

  test("ignores text that is not JSON", async () => {
    const { channel, received, leave } = await aListener();
    for (const nonsense of ["", "{", "null"]) await publishTo(redis, channel, nonsense);
    await publish(channel, 1);
    await eventually(async () => received.length > 0);
    expect(received).toEqual([1]);
    leave();
  });

  test.skipIf(why !== "").each([
    ["stops answering", () => gate.close()],
    ["goes away", () => gate.cut()],
  ])(
    `when Redis %s, reports it once, and once when it is back, and keeps listening${why}`,
    async (_, breakIt) => {
      const { channel, received, links, leave } = await aListener();
      breakIt();
      await eventually(async () => links.length === 1);
      expect([links, hub.isLive()]).toEqual([[false], false]);
      const late = await aListener();
      gate.open();
      await eventually(async () => links.length === 2);
      expect([links, late.links, hub.isLive()]).toEqual([[false, true], [true], true]);
      await publish(channel, 3);
      await publish(late.channel, 4);
      await eventually(async () => received.includes(3) && late.received.includes(4));
      leave();
      late.leave();
    },
  );
});
