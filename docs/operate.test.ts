import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const pages = new Map<string, string>();
for (const name of new Bun.Glob("*.md").scanSync(join(ROOT, "docs/operate")))
  pages.set(name, await Bun.file(join(ROOT, "docs/operate", name)).text());

test("the index links every page", async () => {
  const index = await Bun.file(join(ROOT, "docs/operate.md")).text();
  expect(pages.size).toBeGreaterThan(4);
  for (const name of pages.keys()) expect(index).toContain(`(operate/${name})`);
});

test("a service logs every message that the guide explains", async () => {
  const sources = await Promise.all(
    ["shared/src/**/*.ts", "services/*/src/**/*.ts"]
      .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })])
      .map((path) => Bun.file(join(ROOT, path)).text()),
  );
  const messages = [...(pages.get("observe.md") ?? "").matchAll(/^\| `([A-Z][^`]+)`/gm)].map(
    ([, message = ""]) => message,
  );
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !sources.some((source) => source.includes(`"${message}"`)))).toEqual(
    [],
  );
});

test("a service reads every variable that the guide names", async () => {
  const errors = await Bun.file(join(ROOT, "docs/errors.md")).text();
  const page = [...pages.values()].join("\n");
  const table = page.slice(page.indexOf("<!-- environment"), page.indexOf("<!-- /environment"));
  const named = [...page.matchAll(/`([A-Z][A-Z_]{5,})`/g)].map(([, name = ""]) => name);
  const unknown = named.filter(
    (name) => !table.includes(`\`${name}\``) && !errors.includes(`\n## ${name}\n`),
  );
  // The suffix for files.
  expect([...new Set(unknown)].sort()).toEqual(["NAME_FILE"]);
});
