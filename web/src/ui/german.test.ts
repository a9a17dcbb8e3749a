import { expect, test } from "bun:test";
import { join } from "node:path";
import { ACTORS, COURIER_STATES, EVENTS } from "../town/words.ts";
import { GERMAN } from "./german.ts";

const SOURCE = join(import.meta.dir, "..");
const texts = await Promise.all(
  [...new Bun.Glob("**/*.ts").scanSync({ cwd: SOURCE })]
    .filter((path) => !/\.test\.ts$|german(-town)?\.ts$/.test(path))
    .map((path) => Bun.file(join(SOURCE, path)).text()),
);
const source = texts.join("\n");
/** From the services' schemas. */
const FOREIGN = ["vegan", "vegetarian", "halal", "kosher"];

test("every text of the pages has its German", () => {
  const used = [...source.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, text = ""]) => text);
  expect(used.length).toBeGreaterThan(100);
  for (const words of [ACTORS, COURIER_STATES, EVENTS]) used.push(...Object.values(words));
  expect(used.filter((text) => !(text in GERMAN))).toEqual([]);
});

test("no German text is left over, and each fills in the same values", () => {
  const isUsed = (text: string) =>
    FOREIGN.includes(text) || source.includes(`"${text}"`) || source.includes(`${text}: `);
  expect(Object.keys(GERMAN).filter((text) => !isUsed(text))).toEqual([]);
  const valuesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([value]) => value).sort();
  for (const [english, german] of Object.entries(GERMAN)) expect(valuesOf(german)).toEqual(valuesOf(english));
});
