import { expect, test } from "bun:test";
import { patched, ROOT } from "./hole.ts";
import { HOLES } from "./holes.ts";

const holes = Object.entries(HOLES).map(([name, hole]) => ({ name, hole }));

test.each(holes)("the hole $name fits the code, and compiles", async ({ hole }) => {
  for (const file of new Set(hole.patches.map((patch) => patch.file))) {
    const source = await Bun.file(`${ROOT}/${file}`).text();
    const opened = patched(hole, `${ROOT}/${file}`, source);
    expect(opened).not.toBe(source);
    expect(() => new Bun.Transpiler({ loader: "ts" }).transformSync(opened)).not.toThrow();
  }
});

test("when the code of a guard changes, says which hole no longer fits", () => {
  const [{ hole } = { hole: { what: "", patches: [], red: { file: "", test: "" } } }] = holes;
  const [patch] = hole.patches;
  expect(() => patched(hole, `${ROOT}/${patch?.file}`, "changed")).toThrow(
    `${patch?.file} must contain exactly once: ${patch?.right}`,
  );
});
