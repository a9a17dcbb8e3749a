import { describe, expect, test } from "bun:test";
import Redlock from "../../shared/node_modules/redlock";
import { onEveryRedis, until } from "./every-redis.builder.ts";

onEveryRedis((subject) => {
  describe("scripts", () => {
    test("EVAL converts values between Lua and Redis", async () => {
      const redis = subject.redis();
      const script =
        "return {KEYS[1], ARGV[1], 3.9, true, {1, {2}}, redis.call('get', 'none') == false, 'end'}";
      expect(await redis.eval(script, 1, "k", "ä")).toEqual(["k", "ä", 3, 1, [1, [2]], 1, "end"]);
      expect(await redis.eval("return {1, nil, 3}", 0)).toEqual([1]);
      expect(await redis.eval("return redis.status_reply('FINE')", 0)).toBe("FINE");
      expect(await redis.eval("return #ARGV[1]", 0, "ä")).toBe(2);
      expect(await redis.eval("return redis.call('zscore', 'z', 'a') or 'none'", 0)).toBe("none");
      await expect(redis.eval("return redis.error_reply('MY own')", 0)).rejects.toThrow("MY own");
      await expect(redis.eval("this is not lua", 0)).rejects.toThrow("ERR Error compiling script");
      await redis.set("text", "1");
      await expect(redis.eval("return redis.call('zadd', 'text', 1, '1')", 0)).rejects.toThrow("WRONGTYPE");
      expect(await redis.eval("return redis.pcall('zadd', 'text', 1, '1').err ~= nil", 0)).toBe(1);
    });

    test("EVALSHA runs what EVAL ran before", async () => {
      const redis = subject.redis();
      const source = "return ARGV[1] .. KEYS[1]";
      const sha = new Bun.CryptoHasher("sha1").update(source).digest("hex");
      expect(await redis.eval(source, 1, "k", "first ")).toBe("first k");
      expect(await redis.evalsha(sha, 1, "k", "second ")).toBe("second k");
      await expect(redis.evalsha("0".repeat(40), 0)).rejects.toThrow("NOSCRIPT No matching script");
      await expect(redis.eval("return 1", 1)).rejects.toThrow("Number of keys can't be greater");
    });
  });

  describe("the lock library", () => {
    test("acquires, extends, releases and lets an unreleased lock run out", async () => {
      const redis = subject.redis();
      const redlock = new Redlock([redis], { retryCount: 0 });
      const other = new Redlock([redis], { retryCount: 0 });
      let lock = await redlock.acquire(["lock:a"], 1000);
      await expect(other.acquire(["lock:a"], 1000)).rejects.toThrow();
      lock = await lock.extend(60_000);
      expect(await redis.pttl("lock:a")).toBeGreaterThan(1000);
      await lock.release();
      await other.acquire(["lock:a"], 50);
      await until(async () => (await redis.exists("lock:a")) === 0);
      await redlock.acquire(["lock:a"], 50);
    });

    test("lets one of 30 workers in at a time", async () => {
      const redis = subject.redis();
      const redlock = new Redlock([subject.client()], { retryCount: 500, retryDelay: 5, retryJitter: 5 });
      redlock.on("error", () => undefined);
      let [inside, most, done] = [0, 0, 0];
      const work = async () => {
        const lock = await redlock.acquire(["lock:busy"], 10_000);
        inside += 1;
        most = Math.max(most, inside);
        await redis.ping();
        inside -= 1;
        done += 1;
        await lock.release();
      };
      await Promise.all(Array.from({ length: 30 }, work));
      expect([most, done]).toEqual([1, 30]);
    });
  });
});
