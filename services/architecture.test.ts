// The house rules. Each failure names the file and what to do instead.
import { describe, expect, test } from "bun:test";
import { basename, dirname, join, relative, resolve } from "node:path";

const ROOT = join(import.meta.dir, "..");
const SERVICES = ["customer", "restaurant", "order", "delivery"];

const SELF = "services/architecture.test.ts";
const read = (path: string) => Bun.file(join(ROOT, path)).text();
const globbed = (pattern: string) =>
  [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })]
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();

const isTest = (path: string) => /\.(test|builder)\.ts$/.test(path) || path.startsWith("shared/testing/");
const every = globbed("{shared,services,dev,e2e,bench,docker,deploy}/**/*.ts");
const production = every.filter((path) => /^(shared|services)\//.test(path) && !isTest(path));
const sources = new Map<string, string>();
for (const path of every) sources.set(path, await read(path));
const sourceOf = (path: string) => sources.get(path) ?? "";

/** What a file imports, types included: a type is coupling too. */
const importsOf = (path: string) =>
  [...sourceOf(path).matchAll(/(?:^|\n)\s*(?:import|export)\b[^"'`;]*?["']([^"']+)["']/g)].map(
    (match) => match[1] ?? "",
  );

const withoutComments = (path: string) =>
  sourceOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");

/** The code without comments and string contents. */
const codeOf = (path: string) =>
  withoutComments(path).replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');

/** Fails with one line for each offender. */
const none = (offenders: string[], remedy: string) =>
  expect(offenders.map((offender) => `${offender}: ${remedy}`)).toEqual([]);

const serviceOf = (path: string) => /^services\/([^/]+)\//.exec(path)?.[1];

describe("services", () => {
  test("import no other service, types included", () => {
    const crosses = (path: string) => {
      const own = serviceOf(path);
      return importsOf(path).some((target) => {
        const local = target.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(path), target)) : target;
        const other = serviceOf(local) ?? /^@food\/(\w+)/.exec(local)?.[1];
        return other !== undefined && other !== "shared" && other !== own;
      });
    };
    const inServices = every.filter((path) => serviceOf(path) && SERVICES.includes(serviceOf(path) ?? ""));
    none(
      inServices.filter(crosses),
      "ask that service over HTTP and put the wire shape into shared/contracts",
    );
  });

  test("have the same shape", async () => {
    const expected = ["README.md", "package.json", "src/main.ts", "src/app.ts", "src/config.ts"];
    const missing = SERVICES.flatMap((service) => expected.map((file) => `services/${service}/${file}`));
    const there = await Promise.all(missing.map((path) => Bun.file(join(ROOT, path)).exists()));
    none(
      missing.filter((_, i) => !there[i]),
      "every service has it: add it",
    );
  });

  test("begin in a main.ts of at most 30 lines", () => {
    const long = SERVICES.filter(
      (service) => sourceOf(`services/${service}/src/main.ts`).split("\n").length > 31,
    );
    none(long, "move what is not config, connect, build, listen out of main.ts");
  });
});

describe("shared/src", () => {
  const files = production.filter((path) => path.startsWith("shared/src/"));

  test("has no domain noun", () => {
    const noun = /\b(customers?|restaurants?|couriers?|dish(es)?|menus?|deliver(y|ies)|orders?)\b/i;
    const words = (path: string) => withoutComments(path).replace(/([a-z])([A-Z])/g, "$1 $2");
    none(
      files.filter((path) => noun.test(words(path))),
      "what knows the domain belongs to a service or to shared/contracts",
    );
  });

  test("imports no service and no contract", () => {
    const reaches = (path: string) =>
      importsOf(path).some((target) => /(^|\/)(services|contracts)\/|@food\/(?!shared)/.test(target));
    none(files.filter(reaches), "turn the dependency round: pass it in");
  });
});

describe("domain files", () => {
  const DOMAIN = ["status.ts", "order.ts", "opening-hours.ts", "search-terms.ts", "delivery.ts"];
  const domain = production.filter((path) => serviceOf(path) && DOMAIN.includes(basename(path)));

  test("exist", () => {
    expect(domain.length).toBeGreaterThan(1);
  });

  test("do no I/O", () => {
    const impure = (path: string) =>
      importsOf(path).some((target) => /^(elysia|mongodb|ioredis|node:)/.test(target));
    none(domain.filter(impure), "pass in what it needs");
  });

  test("have no clock, no chance and no environment", () => {
    const impure = /\bDate\.now\(|new Date\(\)|Math\.random|Bun\.env|process\.env|crypto\./;
    none(
      domain.filter((path) => impure.test(codeOf(path))),
      "take `now`, ids and settings as arguments",
    );
  });
});

describe("frameworks stay at the edge", () => {
  const inServices = production.filter((path) => SERVICES.includes(serviceOf(path) ?? ""));
  const importing = (name: RegExp) =>
    inServices.filter((path) => importsOf(path).some((target) => name.test(target)));

  test("only routes.ts, app.ts and main.ts import elysia", () => {
    const elsewhere = importing(/^elysia$/).filter((path) => !/\/(routes|app|main)\.ts$/.test(path));
    none(elsewhere, "keep HTTP in routes.ts");
  });

  test("only store.ts and main.ts import mongodb or ioredis", () => {
    const elsewhere = importing(/^(mongodb|ioredis)$/).filter((path) => !/\/(store|main)\.ts$/.test(path));
    none(elsewhere, "keep the database in store.ts");
  });

  test("only config.ts reads the environment", () => {
    const reading = production.filter((path) => /\b(Bun|process)\.env\b/.test(codeOf(path)));
    none(
      reading.filter((path) => basename(path) !== "config.ts"),
      "read it in config.ts and pass it in",
    );
  });

  test("only neighbours/ know another service's paths", () => {
    const knowing = inServices.filter((path) => /path: [`"]\/(internal|v1)\//.test(sourceOf(path)));
    none(
      knowing.filter((path) => !path.includes("/neighbours/")),
      "move the call into neighbours/",
    );
  });

  test("a feature's dependencies point from routes to verbs to domain and store, never back", () => {
    const back = (path: string) => {
      if (/\/(routes|app|main)\.ts$/.test(path)) return false;
      return importsOf(path).some((target) => /(^|\/)(routes|app|main)(\.ts)?$/.test(target));
    };
    none(inServices.filter(back), "a verb, a store or a domain file knows no route");
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
