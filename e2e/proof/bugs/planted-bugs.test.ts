import { expect, test } from "bun:test";
import { join } from "node:path";
import { PLANTED_BUGS, withSwitches } from "./planted-bugs.ts";

const root = join(import.meta.dir, "../../..");
const files = new Set(Object.values(PLANTED_BUGS).flatMap(({ patches }) => patches.map(({ file }) => file)));
const sourceOf = (file: string) => Bun.file(join(root, file)).text();

test("at least eight bugs are planted", () => {
  expect(Object.keys(PLANTED_BUGS).length).toBeGreaterThanOrEqual(8);
});

test.each([...files])("%s compiles with its switches", async (file) => {
  const patched = withSwitches(file, await sourceOf(file));
  expect(patched).toContain("process.env.PLANTED_BUG");
  expect(() => new Bun.Transpiler({ loader: "ts" }).transformSync(patched)).not.toThrow();
});

test("when the expression of a bug no longer exists, throws", async () => {
  const [file = ""] = files;
  const { right = "" } = Object.values(PLANTED_BUGS).flatMap(({ patches }) => patches)[0] ?? {};
  const changed = (await sourceOf(file)).replace(right, "undefined");
  expect(() => withSwitches(file, changed)).toThrow(`${file} must contain exactly once`);
});
