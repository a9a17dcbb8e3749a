import { beforeAll, expect, test } from "bun:test";
import type { Db } from "mongodb";
import { describeWithDatabases, testBase } from "../../../testing/service.ts";
import { type OneTimeLink, type OneTimeLinks, oneTimeLinks } from "./one-time-links.ts";

describeWithDatabases("a one-time link", () => {
  let db: Db;
  let links: OneTimeLinks;
  beforeAll(async () => {
    ({ db } = (await testBase("accounts")).mongo);
    links = oneTimeLinks(db);
    await links.ensureIndexes();
  });
  const issue = (change: object = {}) =>
    links.issue({ purpose: "reset", accountId: "acc_1", ttlMs: 60_000, ...change });

  test("has a token of at least 128 random bits, of which only the hash is stored", async () => {
    const token = await issue({ accountId: "acc_hash" });
    expect(Buffer.from(token, "base64url").length).toBeGreaterThanOrEqual(16);
    const stored = await db.collection("links").find({ accountId: "acc_hash" }).toArray();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  test("is found any number of times, and consumed once by many at once", async () => {
    const token = await issue({ data: { side: "new" } });
    for (let i = 0; i < 2; i++)
      expect(await links.find("reset", token)).toMatchObject({ accountId: "acc_1", data: { side: "new" } });
    const consumed = await Promise.all(Array.from({ length: 10 }, () => links.consume("reset", token)));
    expect(consumed.filter(Boolean)).toHaveLength(1);
    expect(await links.find("reset", token)).toBeNull();
  });

  test("is not valid for another purpose, when expired, and when unknown", async () => {
    const token = await issue();
    const expired = await issue({ ttlMs: -1 });
    for (const [purpose, text] of [
      ["verify", token],
      ["reset", expired],
      ["reset", "x"],
      ["reset", ""],
    ] as const) {
      expect(await links.find(purpose, text)).toBeNull();
      expect(await links.consume(purpose, text)).toBeNull();
    }
    expect(await links.consume("reset", token)).not.toBeNull();
  });

  test("ends when the account's links of its purpose are withdrawn, and no other link does", async () => {
    const [ended, otherPurpose, otherAccount] = await Promise.all([
      issue({ accountId: "acc_2" }),
      issue({ accountId: "acc_2", purpose: "verify" }),
      issue({ accountId: "acc_3" }),
    ]);
    await links.withdraw("reset", "acc_2");
    expect(await links.find("reset", ended)).toBeNull();
    expect(await links.find("verify", otherPurpose)).not.toBeNull();
    expect(await links.find("reset", otherAccount)).not.toBeNull();
  });

  test("is deleted by MongoDB after it expires", async () => {
    const indexes = await db.collection<OneTimeLink>("links").indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  });
});
