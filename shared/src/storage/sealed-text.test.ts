import { describe, expect, test } from "bun:test";
import { sealedText } from "./sealed-text.ts";

const newKey = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
const SECRET = "GEZDGNBVGY3TQOJQ";

describe("sealed text", () => {
  test("opens at its place with its key, and is never the same twice", async () => {
    const { seal, open } = await sealedText(newKey());
    const [one, other] = [await seal(SECRET, "cus_1"), await seal(SECRET, "cus_1")];
    expect(one).toMatch(/^aes256gcm\.[\w-]{8}\.[\w-]{59}$/);
    expect(one).not.toContain(SECRET);
    expect(one).not.toBe(other);
    expect([await open(one, "cus_1"), await open(other, "cus_1")]).toEqual([SECRET, SECRET]);
  });

  test("does not open at another place, with another key, or when any character was changed", async () => {
    const { seal, open } = await sealedText(newKey());
    const stored = await seal(SECRET, "cus_1");
    await expect(open(stored, "cus_2")).rejects.toThrow();
    await expect((await sealedText(newKey())).open(stored, "cus_1")).rejects.toThrow("has no key");
    await expect((await sealedText("")).open(stored, "cus_1")).rejects.toThrow("has no key");
    // The last character has bits that decode to nothing.
    for (let i = "aes256gcm.".length; i < stored.length - 1; i++) {
      const changed = stored.slice(0, i) + (stored[i] === "A" ? "B" : "A") + stored.slice(i + 1);
      await expect(open(changed, "cus_1")).rejects.toThrow();
    }
    await expect(open(stored.slice(0, 30), "cus_1")).rejects.toThrow();
  });

  test("without keys text stays as it is, and such text opens when there are keys", async () => {
    const [none, keyed] = [await sealedText(""), await sealedText(newKey())];
    expect(await none.seal(SECRET, "cus_1")).toBe(SECRET);
    expect(await keyed.open(SECRET, "cus_1")).toBe(SECRET);
    expect([none.isCurrent(SECRET), keyed.isCurrent(SECRET)]).toEqual([true, false]);
    expect([none.isOn, keyed.isOn]).toEqual([false, true]);
  });

  test("of several keys the first encrypts and all decrypt; `plain` as the first encrypts nothing", async () => {
    const [old, next] = [newKey(), newKey()];
    const [before, during, ready] = [
      await sealedText(old),
      await sealedText(`${next},${old}`),
      await sealedText(`plain,${old}`),
    ];
    const stored = await before.seal(SECRET, "cus_1");
    expect(await during.open(stored, "cus_1")).toBe(SECRET);
    expect(await ready.open(stored, "cus_1")).toBe(SECRET);
    const renewed = await during.seal(SECRET, "cus_1");
    await expect(before.open(renewed, "cus_1")).rejects.toThrow("has no key");
    expect([during.isCurrent(stored), during.isCurrent(renewed)]).toEqual([false, true]);
    expect([await ready.seal(SECRET, "cus_1"), ready.isCurrent(stored), ready.isOn]).toEqual([
      SECRET,
      false,
      false,
    ]);
  });
});
