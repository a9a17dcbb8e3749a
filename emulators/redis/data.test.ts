import { describe, expect, test } from "bun:test";
import { onEveryRedis, until } from "./every-redis.ts";

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
      expect(await redis.pexpire("long", 1, "GT")).toBe(0);
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

    test("SETEX, PSETEX, GETDEL, GETEX, MSET, DEL, TYPE, RENAME", async () => {
      const redis = subject.redis();
      await redis.setex("a", 100, "1");
      await redis.psetex("b", 100_000, "2");
      expect([await redis.ttl("a"), await redis.ttl("b")]).toEqual([100, 100]);
      expect(await redis.getdel("a")).toBe("1");
      expect(await redis.getex("b", "PERSIST")).toBe("2");
      expect(await redis.ttl("b")).toBe(-1);
      await redis.mset({ c: "3", d: "4" });
      await redis.rename("c", "e");
      expect(await redis.del("b", "c", "d", "missing")).toBe(2);
      expect([await redis.type("e"), await redis.type("missing")]).toEqual(["string", "none"]);
      await expect(redis.setex("a", 0, "1")).rejects.toThrow("ERR invalid expire time in 'setex' command");
    });

    test("keeps any bytes", async () => {
      const redis = subject.redis();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      await redis.set("bytes", bytes);
      await redis.hset("hash", "straße", "日本");
      expect(await redis.getBuffer("bytes")).toEqual(bytes);
      expect(await redis.hgetall("hash")).toEqual({ straße: "日本" });
      const megabyte = "x".repeat(1024 * 1024);
      await redis.set("big", megabyte);
      expect(await redis.get("big")).toBe(megabyte);
    });

    test("SCAN finds every key while they are deleted", async () => {
      const redis = subject.redis();
      for (let index = 0; index < 100; index += 1) await redis.set(`menu:${index}`, "1");
      await redis.set("other", "1");
      for await (const keys of redis.scanStream({ match: "menu:*", count: 10 })) {
        if (keys.length > 0) await redis.unlink(...(keys as string[]));
      }
      expect(await redis.keys("*")).toEqual(["other"]);
      expect(await redis.dbsize()).toBe(1);
    });

    test("SELECT keeps databases apart", async () => {
      const redis = subject.redis();
      const second = subject.client({ db: 1 });
      await second.set("a", "1");
      expect(await redis.get("a")).toBeNull();
      await second.flushdb();
      expect(await second.dbsize()).toBe(0);
    });
  });

  describe("collections", () => {
    test("hashes", async () => {
      const redis = subject.redis();
      expect(await redis.hset("h", { a: "1", constructor: "2" })).toBe(2);
      expect(await redis.hset("h", "a", "3")).toBe(0);
      expect(await redis.hget("h", "a")).toBe("3");
      expect(await redis.hget("h", "toString")).toBeNull();
      expect(await redis.hmget("h", "a", "b")).toEqual(["3", null]);
      expect(await redis.hincrby("h", "a", 4)).toBe(7);
      expect(await redis.hdel("h", "a", "constructor")).toBe(2);
      expect(await redis.exists("h")).toBe(0);
    });

    test("sorted sets", async () => {
      const redis = subject.redis();
      expect(await redis.zadd("z", 1.5, "b", 1.5, "a", 3, "c")).toBe(3);
      expect(await redis.zincrby("z", 2, "a")).toBe("3.5");
      expect(await redis.zrevrange("z", 0, 1, "WITHSCORES")).toEqual(["a", "3.5", "c", "3"]);
      expect(await redis.zrange("z", "0", "-1")).toEqual(["b", "c", "a"]);
      expect(await redis.zrange("z", "(1.5", "+inf", "BYSCORE", "LIMIT", "0", "1")).toEqual(["c"]);
      expect(await redis.zrangebyscore("z", 1.4, 1.6)).toEqual(["b"]);
      expect(await redis.zadd("z", "GT", "CH", 1, "a", 9, "c")).toBe(1);
      expect([await redis.zcard("z"), await redis.zscore("z", "c")]).toEqual([3, "9"]);
      expect(await redis.zrevrank("z", "c")).toBe(0);
      expect(await redis.zremrangebyrank("z", 0, -2)).toBe(2);
      expect(await redis.zrem("z", "c")).toBe(1);
      expect(await redis.exists("z")).toBe(0);
      await expect(redis.zadd("z", "much", "a")).rejects.toThrow("ERR value is not a valid float");
    });

    test("lists and sets", async () => {
      const redis = subject.redis();
      await redis.rpush("l", "a", "b", "c");
      expect(await redis.lrange("l", -100, -1)).toEqual(["a", "b", "c"]);
      expect(await redis.lpop("l", 2)).toEqual(["a", "b"]);
      expect(await redis.rpop("l")).toBe("c");
      expect(await redis.exists("l")).toBe(0);
      await redis.sadd("s", "a", "b", "a");
      expect((await redis.smembers("s")).sort()).toEqual(["a", "b"]);
      expect([await redis.sismember("s", "a"), await redis.scard("s")]).toEqual([1, 2]);
      expect(await redis.srem("s", "a", "b")).toBe(2);
    });
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
      await expect(redis.call("HSET", "h", "a", "1", "b")).rejects.toThrow("ERR wrong number of arguments");
      await expect(redis.call("SET", "a", "1", "EX")).rejects.toThrow("ERR syntax error");
      await expect(redis.call("SET", "a", "1", "SOON")).rejects.toThrow("ERR syntax error");
    });

    test("a command on another kind of value changes nothing", async () => {
      const redis = subject.redis();
      await redis.set("a", "text");
      for (const call of [
        redis.hset("a", "f", "1"),
        redis.lpush("a", "1"),
        redis.sadd("a", "1"),
        redis.zadd("a", 1, "1"),
        redis.zrange("a", "0", "-1"),
        redis.smembers("a"),
      ]) {
        await expect(call).rejects.toThrow(
          "WRONGTYPE Operation against a key holding the wrong kind of value",
        );
      }
      expect(await redis.get("a")).toBe("text");
    });

    test("a password that nobody set", async () => {
      const redis = subject.redis();
      await expect(redis.call("AUTH", "secret")).rejects.toThrow(
        "ERR AUTH <password> called without any password configured for the default user",
      );
    });
  });
});
