import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { configs, tables, withTable } from "./environment-tables.ts";

const documentOf = (path: string) => Bun.file(join(import.meta.dir, "..", path)).text();

describe.each(Object.entries(tables))("the environment in %s", (path, make) => {
  test("is what the schemas say: bun run docs writes it", async () => {
    const text = await documentOf(path);
    expect(withTable(text, make()) === text).toBe(true);
  });
});

test("every variable says what it is for and what it expects", () => {
  for (const { properties } of Object.values(configs))
    for (const [name, { description, expects }] of Object.entries(properties))
      expect([name, Boolean(description), Boolean(expects)]).toEqual([name, true, true]);
});

test("a change of a schema shows as a drift", () => {
  const text = "# A\n<!-- environment: made -->\n\nold\n\n<!-- /environment -->\nrest\n";
  expect(withTable(text, "new")).toBe(text.replace("old", "new"));
  expect(() => withTable("# A\n", "new")).toThrow("environment");
});
