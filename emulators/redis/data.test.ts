import { describe, expect, test } from "bun:test";
import { onEveryRedis, until } from "./every-redis.builder.ts";

onEveryRedis((subject) => {
  describe("strings and keys", () => {
    test("SET takes EX, PX, NX, XX, GET and KEEPTTL, in any case", async () => {
      const redis = subject.redis();
      expect(await redis.set("a", "1", "EX", 100, "NX")).toBe("OK");
      expect(await redis.set("a", "2", "NX")).toBeNull();
      expect(await redis.call("set", "a", "3", "xx", "get")).toBe("1");
      expect(await redis.ttl("a")).toBe(-1);
      await redis.set("a", "4", "PX", 100_000);
      await redis.set("a", "5", "KEEPTTL");
      expect(await redis.pttl("a")).toBeWithin(90_000, 100_001);
      expect(await redis.set("b", "1", "XX")).toBeNull();
      expect(await redis.mget("a", "b")).toEqual(["5", null]);
    });

    test("a key is gone once its time is over", async () => {
      const redis = subject.redis();
      const setAt = performance.now();
      await redis.set("short", "1", "PX", 50);
      await redis.set("long", "1", "PX", 60_000);
      await until(async () => (await redis.exists("short")) === 0);
      expect(performance.now() - setAt).toBeWithin(45, 1000);
      expect(await redis.get("short")).toBeNull();
      expect(await redis.keys("*")).toEqual(["long"]);
      expect(await redis.expire("long", -1)).toBe(1);
      expect(await redis.ttl("long")).toBe(-2);
    });

    test("counts, and refuses to count on from words", async () => {
      const redis = subject.redis();
      expect(await redis.incr("n")).toBe(1);
      expect(await redis.incrby("n", 41)).toBe(42);
      expect(await redis.decr("n")).toBe(41);
      await redis.set("n", "many");
      await expect(redis.incr("n")).rejects.toThrow("ERR value is not an integer or out of range");
    });

    test("GETRANGE and DEL", async () => {
      const redis = subject.redis();
      await redis.set("a", "hello");
      expect([await redis.getrange("a", 1, 3), await redis.getrange("a", -3, -1)]).toEqual(["ell", "llo"]);
      expect(await redis.getrange("missing", 0, -1)).toBe("");
      await redis.set("b", "1");
      expect(await redis.del("a", "b", "missing")).toBe(2);
      await expect(redis.set("a", "1", "PX", 0)).rejects.toThrow("ERR invalid expire time in 'set' command");
    });

    test("counting keeps the time to live", async () => {
      const redis = subject.redis();
      await redis.set("n", "1", "PX", 100_000);
      expect([await redis.incr("n"), await redis.decrby("n", 5)]).toEqual([2, -3]);
      expect(await redis.pttl("n")).toBeWithin(90_000, 100_001);
    });

    test("keeps any bytes", async () => {
      const redis = subject.redis();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      await redis.set("bytes", bytes);
      await redis.set("straße", "日本");
      expect(await redis.getBuffer("bytes")).toEqual(bytes);
      expect(await redis.mget("straße", "none")).toEqual(["日本", null]);
      const megabyte = "x".repeat(1024 * 1024);
      await redis.set("big", megabyte);
      expect(await redis.get("big")).toBe(megabyte);
    });

    test("SELECT keeps databases apart", async () => {
      const redis = subject.redis();
      const second = subject.client({ db: 1 });
      await second.set("a", "1");
      expect(await redis.get("a")).toBeNull();
      await second.flushdb();
      expect(await second.keys("*")).toEqual([]);
    });
  });

  test("sorted sets", async () => {
    const redis = subject.redis();
    expect(await redis.zadd("z", 1.5, "b", 1.5, "a", 3, "c")).toBe(3);
    expect(await redis.zincrby("z", 2, "a")).toBe("3.5");
    expect(await redis.zrevrange("z", 0, 1, "WITHSCORES")).toEqual(["a", "3.5", "c", "3"]);
    expect(await redis.zrange("z", "0", "-1")).toEqual(["b", "c", "a"]);
    expect(await redis.zrange("z", "0", "0", "REV")).toEqual(["a"]);
    expect(await redis.zadd("z", "NX", 9, "c", 9, "d")).toBe(1);
    expect(await redis.zadd("z", "XX", 10, "c", 10, "e")).toBe(0);
    expect([await redis.zcard("z"), await redis.zscore("z", "c"), await redis.zscore("z", "e")]).toEqual([
      4,
      "10",
      null,
    ]);
    expect(await redis.zremrangebyrank("z", 0, -2)).toBe(3);
    expect(await redis.zrem("z", "c", "missing")).toBe(1);
    expect(await redis.exists("z")).toBe(0);
    await expect(redis.zadd("z", "much", "a")).rejects.toThrow("ERR value is not a valid float");
    await expect(redis.zrange("z", "0", "-1", "LIMIT", "0", "1")).rejects.toThrow("ERR syntax error");
  });

  describe("errors", () => {
    test("an unknown command says its name and arguments", async () => {
      const redis = subject.redis();
      await expect(redis.call("FROBNICATE", "a", "b")).rejects.toThrow(
        /^ERR unknown command 'FROBNICATE', with args beginning with: 'a' 'b'/i,
      );
    });

    test("a command with too few or too many arguments", async () => {
      const redis = subject.redis();
      await expect(redis.call("GET")).rejects.toThrow("ERR wrong number of arguments for 'get' command");
      await expect(redis.call("ZSCORE", "z", "a", "b")).rejects.toThrow("ERR wrong number of arguments");
      await expect(redis.call("SET", "a", "1", "EX")).rejects.toThrow("ERR syntax error");
      await expect(redis.call("SET", "a", "1", "SOON")).rejects.toThrow("ERR syntax error");
    });

    test("a command on another kind of value changes nothing", async () => {
      const redis = subject.redis();
      await redis.set("a", "text");
      for (const call of [redis.zadd("a", 1, "1"), redis.zrange("a", "0", "-1"), redis.zscore("a", "1")]) {
        await expect(call).rejects.toThrow(
          "WRONGTYPE Operation against a key holding the wrong kind of value",
        );
      }
      expect(await redis.get("a")).toBe("text");
      await redis.zadd("z", 1, "m");
      await expect(redis.incr("z")).rejects.toThrow("WRONGTYPE");
    });
  });
});
