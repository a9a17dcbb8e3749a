import { expect, test } from "bun:test";
import { Redis } from "ioredis";
import { crossingIn, expectOneSlot } from "./one-slot.ts";

test("keys with one tag are in one slot, others are not", () => {
  expect(crossingIn("mget", ["a:{x}", "{x}:b", "x"])).toBeUndefined();
  expect(crossingIn("eval", ["a:{x}", "a:{y}"])).toBe("eval a:{x} a:{y}");
  expect(crossingIn("mget", ["live:location:a", "live:location:b"])).toBeUndefined();
  expect(crossingIn("del", ["live:location:a", "live:location:b"])).toBeString();
});

test("a command with keys of two slots is reported once, scripts included", async () => {
  const redis = new Redis({ lazyConnect: true, enableOfflineQueue: false });
  const sent = [redis.mget("a", "b"), redis.eval("return 1", 2, "a", "b", "c"), redis.mget("{a}b", "a")];
  await Promise.allSettled(sent);
  redis.disconnect();
  expect(expectOneSlot).toThrow("mget a b\neval a b");
  expect(expectOneSlot()).toBeUndefined();
});
