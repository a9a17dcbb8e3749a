// Rules for every file and folder. Each failure names the file and the remedy.
import { describe, expect, test } from "bun:test";
import { basename, dirname, join } from "node:path";
import { services } from "../tools/services.ts";
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
      every.filter((path) => !isTest(path)),
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

describe("documents", async () => {
  const manifest = (await Bun.file(join(ROOT, "package.json")).json()) as {
    scripts: Record<string, string>;
    engines: { bun: string };
  };
  /** By the command that names it. */
  const MADE = "k8s/overlays/kind/secrets";
  const FOLDERS = "services|shared|client|emulators|tools|e2e|bench|docs|docker|k8s|patches|web";
  const texts = new Map(
    await Promise.all(
      globbed("**/*.md").map(async (path): Promise<[string, string]> => [path, await read(path)]),
    ),
  );
  const exists = async (path: string) =>
    (await Bun.file(join(ROOT, path)).exists()) || globbed(`${path}/**`).length > 0;
  /** Code between backticks and the lines of shell blocks. */
  const codeIn = (text: string) => [
    ...[...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n")),
    ...[...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code),
  ];
  const anchorsOf = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );

  test("link only to files and headings that exist", async () => {
    const faults: string[] = [];
    for (const [path, text] of texts)
      for (const [, target = "", anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const file = target ? join(dirname(path), target) : path;
        if (!(await exists(file))) faults.push(`${path}: no file ${target}`);
        else if (anchor && !anchorsOf(texts.get(file) ?? "").includes(anchor))
          faults.push(`${path}: no heading ${target}#${anchor}`);
      }
    expect(faults).toEqual([]);
  });

  test("give only commands whose scripts and files exist, for the Bun that is required", async () => {
    const faults: string[] = [];
    const builtIn = ["install", "test"];
    for (const [path, text] of texts)
      for (const code of codeIn(text)) {
        const [, bun, script = ""] =
          /^(?:[A-Z_]+=\S+ )*(bun|npx -y bun@\S+) (?:run )?(?:--\S+ )*([\w:-]+)(?![\w:./-])/.exec(code) ?? [];
        if (bun && !(script in manifest.scripts) && !builtIn.includes(script))
          faults.push(`${path}: no script ${script} for ${code}`);
        for (const [, version] of code.matchAll(/\bbun@([\d.]+)/g))
          if (`>=${version}` !== manifest.engines.bun) faults.push(`${path}: another Bun in ${code}`);
        for (const [file] of code.matchAll(new RegExp(`(?<![^ ])(${FOLDERS})/[\\w./-]+(?![^ ])`, "g")))
          if (file !== MADE && !(await exists(file))) faults.push(`${path}: no file ${file}`);
      }
    expect(faults).toEqual([]);
  });

  test("say what every folder at the top is for", () => {
    const [, tree = ""] = (texts.get("docs/architecture.md") ?? "").split("## The tree");
    const folders = new Set(globbed("*/**").map((path) => path.replace(/\/.*/, "")));
    none(
      [...folders].filter((folder) => !tree.includes(`[${folder}](`)),
      "add it to the table of docs/architecture.md",
    );
  });

  test("draw the calls between services as they are", () => {
    const [, containers = ""] = (texts.get("docs/architecture.md") ?? "").split("## Containers");
    const drawn = [...containers.matchAll(/^ {2}(\w+) -->(?:\|\w+\|)? (\w+)$/gm)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    const made = services.flatMap(({ name, calls }) => calls.map((callee) => `${name} ${callee}`));
    expect(drawn.sort()).toEqual(made.sort());
  });

  test("start the debugger where the editor attaches to it", async () => {
    const { configurations } = (await Bun.file(join(ROOT, ".vscode/launch.json")).json()) as {
      configurations: { url?: string }[];
    };
    const [, port] = /`ORDER_INSPECT=(\d+) bun start`/.exec(texts.get("CONTRIBUTING.md") ?? "") ?? [];
    expect(configurations.map(({ url }) => url)).toContain(`ws://127.0.0.1:${port}/order`);
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
