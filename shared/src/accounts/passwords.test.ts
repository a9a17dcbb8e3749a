import { describe, expect, spyOn, test } from "bun:test";
import { hashPassword, isPassword } from "./passwords.ts";

describe("hashPassword", () => {
  test("is argon2id with at least 19 456 KiB, two passes and one lane", async () => {
    expect(await hashPassword("correct horse")).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43,}$/,
    );
  });

  test("salts: the same password never has the same hash", async () => {
    expect(await hashPassword("correct horse")).not.toBe(await hashPassword("correct horse"));
  });
});

describe("isPassword", () => {
  test("accepts the password and no similar one", async () => {
    const hash = await hashPassword("correct horse");
    const tries = ["correct horse", "correct horsE", "correct horse ", "", "correct\u0000horse"];
    expect(await Promise.all(tries.map((text) => isPassword(text, hash)))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test("accepts the password in any Unicode normalisation form", async () => {
    const hash = await hashPassword("Zo\u00eb's horse");
    expect(await isPassword("Zoe\u0308's horse", hash)).toBe(true);
    expect(await isPassword("Zoe's horse", hash)).toBe(false);
  });

  test("accepts a password whose older hash is not of the NFC form", async () => {
    const typed = "Zoe\u0308's horse";
    const hash = await Bun.password.hash(typed, { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 });
    expect(await isPassword(typed, hash)).toBe(true);
    expect(await isPassword(typed, undefined)).toBe(false);
  });

  test("without an account, does the same work and returns false", async () => {
    const hash = await hashPassword("correct horse");
    const timed = async (against: string | undefined) => {
      const startedAt = performance.now();
      for (let i = 0; i < 4; i++) expect(await isPassword("wrong horse", against)).toBe(false);
      return performance.now() - startedAt;
    };
    await timed(undefined);
    expect((await timed(undefined)) / (await timed(hash))).toBeWithin(0.2, 5);
  });

  test("runs two checks at once at most, which bounds the memory", async () => {
    const [verify, asked] = [Bun.password.verify, Array.from({ length: 12 }, () => "x")];
    let [running, most] = [0, 0];
    using _ = spyOn(Bun.password, "verify").mockImplementation(async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(0);
      running--;
      return true;
    });
    await Promise.all(asked.map((text) => isPassword(text, "hash")));
    expect([most, Bun.password.verify === verify]).toEqual([2, false]);
  });

  test("answers 503 when the queue is full, and serves all in the queue", async () => {
    const cheap = await Bun.password.hash("x", { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 230 }, () => isPassword("x", cheap)));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(230 - 202);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ status: 503, code: "OVERLOADED", extras: { retryAfterSeconds: 1 } });
    expect(await isPassword("x", cheap)).toBe(true);
  });
});
