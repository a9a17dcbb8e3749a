import { expect, test } from "bun:test";
import { readSigningKeys } from "@food/shared/auth/tokens";
import { nextKeys } from "./signing-key.ts";

const published = async (text: string) =>
  (await readSigningKeys(text)).publicKeys.keys.map(({ x }) => String(x));

test("a key is followed by the next: known, then used, then alone", async () => {
  const first = await nextKeys("new", "");
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

test("a step that does not follow is refused", async () => {
  const key = await nextKeys("new", "");
  for (const step of ["switch", "drop", "back"]) await expect(nextKeys(step, key)).rejects.toThrow();
  await expect(nextKeys("add", await nextKeys("add", key))).rejects.toThrow("add needs 1 keys");
});
