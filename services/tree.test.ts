// Rules for every file and folder. Each failure names the file and the remedy.
import { describe, expect, test } from "bun:test";
import { basename, dirname, join } from "node:path";
import {
  codeOf,
  every,
  globbed,
  importsOf,
  isTest,
  none,
  production,
  ROOT,
  read,
  resolved,
  SERVICES,
  sourceOf,
} from "./source-files.builder.ts";

const SELF = "services/tree.test.ts";

describe("the tree", () => {
  test("has no circle of imports", () => {
    const edges = new Map(
      production.map((path) => [path, importsOf(path).map((target) => resolved(path, target))]),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, way: string[]) => {
      const at = way.indexOf(path);
      if (at >= 0) circles.push([...way.slice(at), path].join(" -> "));
      if (at >= 0 || done.has(path)) return;
      for (const next of edges.get(path) ?? []) if (next && edges.has(next)) visit(next, [...way, path]);
      done.add(path);
    };
    for (const path of edges.keys()) visit(path, []);
    none(circles, "move what both need into a file of its own");
  });

  test("has at most 15 source files side by side", () => {
    const folders = Map.groupBy(
      every.filter((path) => !isTest(path) && !path.startsWith("emulators/")),
      (path) => dirname(path),
    );
    const full = [...folders].filter(([, paths]) => paths.length > 15).map(([folder]) => folder);
    none(full, "split the folder by purpose");
  });
});

describe("every file", () => {
  test("has at most 300 lines", () => {
    none(
      every.filter((path) => sourceOf(path).split("\n").length > 301),
      "split it by purpose",
    );
  });

  test("is named after what it holds", () => {
    const empty = /^(utils?|helpers?|common|types?|dtos?|misc|index)\.ts$/;
    none(
      every.filter((path) => empty.test(basename(path))),
      "name the one thing it is for",
    );
    none(
      every.filter((path) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/.test(basename(path))),
      "use kebab-case",
    );
  });

  test("uses no `any`, no console and no suppression", () => {
    const lazy = /(:\s*any\b|<any>|\bas any\b|\bconsole\.)/;
    none(
      every.filter((path) => lazy.test(codeOf(path)) && path !== SELF),
      "say the type; log through the logger",
    );
    none(
      every.filter(
        (path) => /@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(sourceOf(path)) && path !== SELF,
      ),
      "mend the cause",
    );
  });

  test("spells cancelled with two l", () => {
    none(
      every.filter((path) => /\bcancel(ed|ing)\b/i.test(sourceOf(path)) && path !== SELF),
      "cancelled, cancelling",
    );
  });

  test("leaves nothing open", () => {
    const open = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "HA" + "CK"].join("|")})\\b`);
    none(
      every.filter((path) => open.test(sourceOf(path))),
      "finish it or take it out",
    );
  });

  test("leaves no test out", () => {
    none(
      every.filter((path) => /\b(test|describe|it)\.(only|skip|todo)\(/.test(codeOf(path))),
      "run it, or skip it with skipIf and a reason that the runner prints",
    );
  });
});

describe("READMEs", () => {
  test("name only scripts and files that exist", async () => {
    const scripts = Object.keys(
      ((await Bun.file(join(ROOT, "package.json")).json()) as { scripts: object }).scripts,
    );
    const faults: string[] = [];
    for (const path of globbed("**/*.md")) {
      const text = await read(path);
      for (const [, script = ""] of text.matchAll(/\bbun run ([\w:-]+)/g))
        if (!scripts.includes(script)) faults.push(`${path}: no script ${script}`);
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        if (
          !(await Bun.file(join(ROOT, dirname(path), target)).exists()) &&
          globbed(`${join(dirname(path), target)}/**`).length === 0
        )
          faults.push(`${path}: no file ${target}`);
    }
    expect(faults).toEqual([]);
  });

  test("name every variable of their service's environment", async () => {
    const faults: string[] = [];
    for (const service of SERVICES) {
      const { Config } = (await import(`./${service}/src/config.ts`)) as { Config: { properties: object } };
      const text = await read(`services/${service}/README.md`);
      for (const name of Object.keys(Config.properties))
        if (!text.includes(`\`${name}\``)) faults.push(`services/${service}/README.md: no ${name}`);
    }
    expect(faults).toEqual([]);
  });
});
