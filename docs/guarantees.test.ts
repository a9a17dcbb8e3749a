import { expect, test } from "bun:test";
import { join } from "node:path";

const page = await Bun.file(join(import.meta.dir, "guarantees.md")).text();
const flat = page.replaceAll(/\s+/g, " ");

/** Each link to a test file, and the titles in quotes that follow it up to the next link or sentence. */
function claims(): { file: string; title: string }[] {
  return [...flat.matchAll(/\]\(([^)]+\.test\.ts)\): ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
    ([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
  );
}

test("every test that holds a promise exists under its name", async () => {
  const missing: string[] = [];
  for (const { file, title } of claims())
    if (!(await Bun.file(join(import.meta.dir, file)).text()).includes(title))
      missing.push(`${file}: ${title}`);
  expect(missing).toEqual([]);
  expect(claims().length).toBeGreaterThan(20);
});

test("every promise says what holds it", () => {
  const promises = flat.split(/ - \*\*/).slice(1);
  const bare = promises
    .filter((promise) => !promise.includes("Held by"))
    .map((promise) => promise.slice(0, 60));
  // What is not promised needs none.
  expect(bare).toEqual(
    flat
      .slice(flat.indexOf("## What is not promised"))
      .split(/ - \*\*/)
      .slice(1)
      .map((one) => one.slice(0, 60)),
  );
});
