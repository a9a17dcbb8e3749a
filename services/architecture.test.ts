// The architecture rules. Each failure names the file and the remedy.
import { describe, expect, test } from "bun:test";
import { basename, dirname, join, relative, resolve } from "node:path";
import {
  codeOf,
  every,
  importsOf,
  isTest,
  none,
  production,
  ROOT,
  resolved,
  SERVICES,
  serviceOf,
  sourceOf,
  withoutComments,
} from "./source-files.builder.ts";

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
    const expected = [
      "README.md",
      "package.json",
      "src/main.ts",
      "src/app.ts",
      "src/access.ts",
      "src/config.ts",
    ];
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
  /** A room imports itself and the rooms before it. */
  const ROOMS = "values observe process auth http storage mail outbox live accounts service".split(" ");
  const roomOf = (path = "") => ROOMS.indexOf(/^shared\/src\/([^/]+)\//.exec(path)?.[1] ?? "");

  test("has every file in a room", () => {
    none(
      files.filter((path) => roomOf(path) < 0),
      `move it into one of ${ROOMS.join(", ")}`,
    );
  });

  test("imports downwards only", () => {
    const upwards = files.flatMap((path) =>
      importsOf(path)
        .map((target) => resolved(path, target))
        .filter((target) => roomOf(target) > roomOf(path))
        .map((target) => `${path} imports ${target}`),
    );
    none(upwards, "pass it in, or move it to the lower room");
  });

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

test("the client imports itself and openapi-fetch alone, so that it runs anywhere", () => {
  const sources = every.filter((path) => path.startsWith("client/src/") && !isTest(path));
  const foreign = /\b(?:from|import) "(?!\.\/|openapi-fetch")|\bimport\(|\b(?:Bun|process|Buffer)\./;
  expect(sources).not.toBeEmpty();
  none(
    sources.filter((path) => foreign.test(withoutComments(path))),
    "use what browsers, Node and Bun have",
  );
});

test("the pages reach the services through the client alone", () => {
  const sources = every.filter((path) => path.startsWith("web/src/") && !isTest(path));
  const foreign = /\b(?:from|import) "@food\/(?!client")|\bfetch\((?!"(?:config\.json|demo)")/;
  expect(sources).not.toBeEmpty();
  none(
    sources.filter((path) => foreign.test(withoutComments(path))),
    "let @food/client do it, and take types from bodies.ts",
  );
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

  test("only new-password.ts hashes passwords, so that none is set that is easy to guess", () => {
    const hashing = production.filter((path) => /\bhashPassword\(/.test(codeOf(path)));
    none(
      hashing.filter((path) => !/accounts\/(new-password|passwords)\.ts$/.test(path)),
      "call hashNewPassword",
    );
  });

  test("only config.ts reads the environment", () => {
    const reading = production.filter((path) => /\b(Bun|process)\.env\b/.test(codeOf(path)));
    none(
      reading.filter((path) => basename(path) !== "config.ts"),
      "read it in config.ts and pass it in",
    );
  });

  test("only clients/ know another service's paths", () => {
    const knowing = inServices.filter((path) => /path: [`"]\/(internal|v1)\//.test(sourceOf(path)));
    none(
      knowing.filter((path) => !path.includes("/clients/")),
      "move the call into clients/",
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

describe("what outlives a request leaves its deadline and its ids behind:", () => {
  /** HTTP ends with its request, and a process begins and ends without one. */
  const lasting = production.filter(
    (path) =>
      !/^shared\/src\/http\/|\/(main|run|request-scope)\.ts$/.test(path) &&
      /^(shared\/src|services)\//.test(path),
  );
  const remedy = "pass it through outsideRequests or inBackground of shared/src/observe/request-scope.ts";

  test("timers", () => {
    // To resolve a promise begins nothing: who awaits it goes on as whoever they are.
    const inside = /\bset(Timeout|Interval)\((?!outsideRequests\(|resolve\b)/;
    none(
      lasting.filter((path) => inside.test(codeOf(path))),
      remedy,
    );
  });

  test("handlers of events", () => {
    const isInside = (path: string) =>
      [...codeOf(path).matchAll(/\.(?:on|once|addEventListener)\(\s*"",\s*(\w*)/g)].some(
        ([, handler = ""]) =>
          handler !== "outsideRequests" && !codeOf(path).includes(`const ${handler} = outsideRequests(`),
      );
    none(lasting.filter(isInside), remedy);
  });

  test("work that nobody waits for", () => {
    // The linter sees to it that every promise is awaited, handled or marked by `void`.
    const floating =
      /\bvoid +(?!\(await )[\w(]|^ *(?=\w)(?!return|await|const|throw)[\w.]+(\([^()]*\))?\.(then|catch|finally)\(.*\);$/m;
    none(
      lasting.filter((path) => floating.test(codeOf(path))),
      remedy,
    );
  });
});
