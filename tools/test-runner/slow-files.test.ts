import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SLOW_FILES, timingsOf } from "./slow-files.ts";

test.each(SLOW_FILES)("%s is there", (file) => {
  expect(existsSync(join(import.meta.dir, "../..", file))).toBe(true);
});

test("timingsOf gives each file a time, and a slow file a longer one", () => {
  const [slow = ""] = SLOW_FILES;
  const { files } = JSON.parse(timingsOf(["a.test.ts", slow]));
  expect(Object.keys(files)).toEqual(["a.test.ts", slow]);
  expect(files[slow]).toBeGreaterThan(files["a.test.ts"]);
});
