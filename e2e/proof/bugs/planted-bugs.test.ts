import { expect, test } from "bun:test";
import { join } from "node:path";
import { PLANTED_BUGS, withSwitches } from "./planted-bugs.ts";

const root = join(import.meta.dir, "../../..");
const files = new Set(Object.values(PLANTED_BUGS).flatMap(({ patches }) => patches.map(({ file }) => file)));
const sourceOf = (file: string) => Bun.file(join(root, file)).text();

test("there are at least eight", () => {
  expect(Object.keys(PLANTED_BUGS).length).toBeGreaterThanOrEqual(8);
});

test.each([...files])("%s takes its switches and is still TypeScript", async (file) => {
  const patched = withSwitches(file, await sourceOf(file));
  expect(patched).toContain("process.env.PLANTED_BUG");
  expect(() => new Bun.Transpiler({ loader: "ts" }).transformSync(patched)).not.toThrow();
});

test("an expression that is not there any more is said, not skipped", async () => {
  const [file = ""] = files;
  const { right = "" } = Object.values(PLANTED_BUGS).flatMap(({ patches }) => patches)[0] ?? {};
  const changed = (await sourceOf(file)).replace(right, "undefined");
  expect(() => withSwitches(file, changed)).toThrow(`${file} does not have exactly once`);
});
