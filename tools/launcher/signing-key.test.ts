import { expect, test } from "bun:test";
import { join } from "node:path";
import { readSigningKeys } from "@food/shared/auth/tokens";
import { newSigningKey, nextKeys } from "./signing-key.ts";

const published = async (text: string) =>
  (await readSigningKeys(text)).publicKeys.keys.map(({ x }) => String(x));

test("a rotation publishes the next key, signs with it, then drops the old one", async () => {
  const first = await newSigningKey();
  const [old = ""] = await published(first);
  const added = await nextKeys("add", first);
  const [, next = ""] = await published(added);
  expect(await published(added)).toEqual([old, next]);
  const switched = await nextKeys("switch", `${added}\n`);
  expect(await published(switched)).toEqual([next, old]);
  const dropped = await nextKeys("drop", switched);
  expect(await published(dropped)).toEqual([next]);
  expect(await published(await nextKeys("add", dropped))).toHaveLength(2);
});

test("refuses a step that does not follow from the keys", async () => {
  const key = await newSigningKey();
  for (const step of ["switch", "drop"] as const)
    await expect(nextKeys(step, key)).rejects.toThrow(`${step} starts from 2 keys, not from 1`);
  await expect(nextKeys("add", await nextKeys("add", key))).rejects.toThrow("add starts from 1 keys");
});

test.each([
  ["an unknown step", ["back"], "", 2, "usage: "],
  ["a word too many", ["new", "key"], "", 2, "usage: "],
  ["no key on stdin", ["add"], "no key", 1, "stdin holds no JSON Web Key: "],
  ["a step that does not follow", ["drop"], "{}", 1, "drop starts from 2 keys, not from 1: "],
])("with %s: prints one line and exits with the code", (_, words, stdin, code, message) => {
  const { exitCode, stderr, stdout } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, "signing-key.ts"), ...words],
    { stdin: Buffer.from(stdin) },
  );
  expect([exitCode, stdout.toString()]).toEqual([code, ""]);
  expect(stderr.toString()).toStartWith(message);
  expect(stderr.toString().trimEnd().split("\n")).toHaveLength(1);
});
