// What is built twice must be the same twice: only so can anybody check that an image holds these sources.
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const ELSEWHERE = join(ROOT, "dist", "elsewhere");

const hashOf = async (path: string) =>
  new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");

afterAll(() => rmSync(ELSEWHERE, { recursive: true, force: true }));

test("a build in another folder makes the same bytes", async () => {
  rmSync(ELSEWHERE, { recursive: true, force: true });
  mkdirSync(ELSEWHERE, { recursive: true });
  const inputs = ["package.json", "bun.lock", "tsconfig.json", "node_modules", "shared", "services", "dev"];
  const copied = Bun.spawnSync(["cp", "-a", "--link", ...inputs, ELSEWHERE], { cwd: ROOT });
  expect(copied.stderr.toString()).toBe("");
  const built = Bun.spawnSync([process.execPath, "dev/build.ts", "order"], { cwd: ELSEWHERE });
  expect(built.stderr.toString()).toBe("");
  expect(await hashOf(join(ELSEWHERE, "dist/order"))).toBe(await hashOf(join(ROOT, "dist/order")));
}, 60_000);

test("a build leaves the binaries alone, their source maps inside", () => {
  const files = [...new Bun.Glob("*").scanSync({ cwd: join(ROOT, "dist") })];
  expect(files.sort()).toEqual(["customer", "delivery", "order", "restaurant"]);
});
