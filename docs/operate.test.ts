import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const page = await Bun.file(join(ROOT, "docs/operate.md")).text();
const section = (name: string) => page.split(/^## /m).find((part) => part.startsWith(name)) ?? "";

test("every message that the guide explains is one that a service logs", async () => {
  const sources = await Promise.all(
    ["shared/src/**/*.ts", "services/*/src/**/*.ts"]
      .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })])
      .map((path) => Bun.file(join(ROOT, path)).text()),
  );
  const messages = [...section("Watching").matchAll(/^\| `([A-Z][^`]+)`/gm)].map(
    ([, message = ""]) => message,
  );
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !sources.some((source) => source.includes(`"${message}"`)))).toEqual(
    [],
  );
});

test("every variable that the guide speaks of is one that a service reads", () => {
  const table = page.slice(page.indexOf("<!-- environment"), page.indexOf("<!-- /environment"));
  const named = [...page.matchAll(/`([A-Z][A-Z_]{5,})`/g)].map(([, name = ""]) => name);
  const unknown = named.filter((name) => !table.includes(`\`${name}\``));
  // Words of Redis, and the suffix for files.
  expect([...new Set(unknown)].sort()).toEqual(["NAME_FILE", "NOAUTH", "SPUBLISH", "WRONGPASS"]);
});
