// What the architecture tests read: every source file, what it imports, and how it reports offenders.
import { expect } from "bun:test";
import { dirname, join, relative, resolve } from "node:path";

export const ROOT = join(import.meta.dir, "..");
export const SERVICES = ["customer", "restaurant", "order", "delivery"];

export const read = (path: string) => Bun.file(join(ROOT, path)).text();
export const globbed = (pattern: string) =>
  [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })]
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();

export const isTest = (path: string) =>
  /\.(test|builder)\.ts$/.test(path) || path.startsWith("shared/testing/");
export const every = globbed("{shared,services,client,emulators,tools,e2e,bench,docker,k8s,web}/**/*.ts")
  // Written by a command.
  .filter((path) => !path.startsWith("client/src/api/"));
export const production = every.filter((path) => /^(shared|services)\//.test(path) && !isTest(path));
const sources = new Map<string, string>();
for (const path of every) sources.set(path, await read(path));
export const sourceOf = (path: string) => sources.get(path) ?? "";

/** What a file imports, types included: a type is coupling too. */
export const importsOf = (path: string) =>
  [...sourceOf(path).matchAll(/(?:^|\n)\s*(?:import|export)\b[^"'`;]*?["']([^"']+)["']/g)].map(
    (match) => match[1] ?? "",
  );

export const withoutComments = (path: string) =>
  sourceOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");

/** The code without comments and string contents. */
export const codeOf = (path: string) =>
  withoutComments(path).replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');

/** Fails with one line for each offender. */
export const none = (offenders: string[], remedy: string) =>
  expect(offenders.map((offender) => `${offender}: ${remedy}`)).toEqual([]);

export const serviceOf = (path: string) => /^services\/([^/]+)\//.exec(path)?.[1];

/** The file that an import names, or undefined when it is a package. */
export function resolved(path: string, target: string): string | undefined {
  if (target.startsWith(".")) return relative(ROOT, resolve(ROOT, dirname(path), target));
  const inShared = /^@food\/shared\/(.+)$/.exec(target)?.[1];
  if (!inShared) return undefined;
  return /^(contracts|testing)\//.test(inShared) ? `shared/${inShared}.ts` : `shared/src/${inShared}.ts`;
}
