import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { eventually } from "../../testing/service.ts";
import type { Log } from "../observe/log.ts";
import { currentScope, runInScope, scopeOf } from "../observe/request-scope.ts";
import { newId } from "../values/id.ts";
import { redisLocks } from "./lock.ts";
import { connectRedis, connectSubscriber, orUndefined, type Redis } from "./redis.ts";

const EMULATOR = join(import.meta.dir, "../../../emulators/redis/main.ts");
const KINDS = [
  ["redis-server", "redis-server", "--bind", "127.0.0.1", "--save", ""],
  ["the emulator", process.execPath, EMULATOR],
] as const;

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}

for (const [kind, program, ...options] of KINDS)
  describe.skipIf(!Bun.which(program))(`a paused Redis (${kind})`, () => {
    const port = freePort();
    const url = `redis://127.0.0.1:${port}`;
    const said: string[] = [];
    const requests: unknown[] = [];
    const say = (_: object, text: string) => {
      said.push(text);
      requests.push(currentScope());
    };
    const log = { warn: say, info: say } as unknown as Log;
    let server: Bun.Subprocess;
    let redis: Redis;
    beforeAll(async () => {
      server = Bun.spawn([program, ...options, "--port", String(port)], { stdout: "ignore" });
      redis = connectRedis(url, log);
      await back();
    });
    afterEach(async () => {
      server.kill("SIGCONT");
      await back();
    });
    afterAll(() => {
      redis.disconnect();
      server.kill();
    });
    const back = () => eventually(async () => redis.status === "ready");
    /** How long the command took to fail. */
    const failing = async (command: () => Promise<unknown>) => {
      const begunAt = performance.now();
      expect(await orUndefined(command())).toBeUndefined();
      return performance.now() - begunAt;
    };

    test("delays only the first command: later ones fail at once until it answers again", async () => {
      server.kill("SIGSTOP");
      const first = await failing(() => redis.get("key"));
      await eventually(async () => redis.status !== "ready");
      const others: number[] = [];
      for (let i = 0; i < 30; i++) {
        others.push(await failing(() => redis.get("key")));
        others.push(await failing(() => redis.multi().incr("key").exec()));
        await Bun.sleep(50);
      }
      // On a busy machine one may be late, but none waits as the first did.
      expect(others.filter((ms) => ms > first / 2).length).toBeLessThan(3);
      server.kill("SIGCONT");
      await back();
      expect(await redis.set("key", "value")).toBe("OK");
    });

    test("is logged once when it stops answering and once when it is back", async () => {
      said.length = 0;
      server.kill("SIGSTOP");
      for (let i = 0; i < 60; i++) {
        await failing(() => redis.get("key"));
        await Bun.sleep(i < 2 ? 0 : 30);
      }
      server.kill("SIGCONT");
      await back();
      expect(said).toEqual(["Redis does not answer; continuing without it", "Redis answers again"]);
    });

    test("is logged outside every request, also when a request notices it", async () => {
      const scope = scopeOf(new Headers(), () => "10.0.0.1", performance.now());
      requests.length = 0;
      server.kill("SIGSTOP");
      await runInScope(scope, () => failing(() => redis.get("key")));
      await eventually(async () => requests.length === 1);
      server.kill("SIGCONT");
      await eventually(async () => requests.length === 2);
      expect(requests).toEqual([undefined, undefined]);
    });

    test("lets work run without the lock, and a lock it takes later expires", async () => {
      const locks = redisLocks(redis);
      const key = newId("key");
      server.kill("SIGSTOP");
      expect(await locks.withLock(key, 200, async () => "first")).toBe("first");
      await eventually(async () => redis.status !== "ready");
      const begunAt = performance.now();
      for (let i = 0; i < 100; i++) await locks.withLock(key, 200, async () => "unlocked");
      expect(performance.now() - begunAt).toBeLessThan(500);
      server.kill("SIGCONT");
      await back();
      await eventually(async () => (await locks.withLock(key, 200, async () => "last")) === "last");
    });

    test("keeps subscriptions", async () => {
      const subscriber = connectSubscriber(url, log);
      const received: string[] = [];
      subscriber.on("message", (_, message) => received.push(message));
      await subscriber.subscribe("channel");
      server.kill("SIGSTOP");
      void subscriber.ping().catch(() => undefined);
      await eventually(async () => subscriber.status !== "ready");
      server.kill("SIGCONT");
      await back();
      await eventually(async () => {
        await redis.publish("channel", "again");
        return received.length > 0;
      });
      subscriber.disconnect();
    });
  });
