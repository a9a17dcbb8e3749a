// S1, S2, S22, S33: the running binaries admit exactly the callers of the access tables.
import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { call } from "@food/shared/testing/tools";
import { SERVICES } from "../platform.ts";
import { openCast, type PlatformWithMail, startWithMail } from "./cast.ts";
import { type Outcome, playMatrix, TABLES } from "./matrix.ts";

interface Operation {
  responses: Record<string, unknown>;
  security: object[];
}

/** The operations of a service's OpenAPI document, by route. */
async function documentOf(url: string): Promise<Map<string, Operation>> {
  const { body } = await call<{ paths: Record<string, Record<string, Operation>> }>(url, "GET /swagger/json");
  const named = (path: string, method: string) =>
    `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
  return new Map(
    Object.entries(body.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [named(path, method), operation] as const),
    ),
  );
}

const isHidden = (route: string) => /^GET \/($|swagger|metrics)/.test(route);

describeWithDatabases("the binaries", () => {
  let platform: PlatformWithMail;
  let outcome: Outcome;
  beforeAll(async () => {
    platform = await startWithMail();
    outcome = await playMatrix(await openCast(platform));
    process.stdout.write(`${outcome.cells} cells\n`);
  });

  test("answer every caller at every route as its row demands, and another owner like a missing id", () => {
    expect(outcome.faults).toEqual([]);
    expect(outcome.cells).toBeGreaterThan(1_500);
  });

  test.each([...SERVICES])(
    "of %s answer only what their document declares, and 401 and 403 where it does",
    async (service) => {
      const wrong: string[] = [];
      for (const [route, { responses, security }] of await documentOf(platform.urls[service])) {
        const answered = outcome.statuses.get(`${service} ${route}`) ?? new Set();
        const declared = new Set(Object.keys(responses).map(Number));
        const fault = (why: string) => wrong.push(`${route}: ${why}`);
        for (const status of answered.difference(declared))
          fault(`answers ${status}, which it does not declare`);
        if (security.length > 0)
          for (const status of [401, 403])
            if (declared.has(status) && !answered.has(status)) fault(`declares ${status}, which nobody gets`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each([...SERVICES])("of %s have the routes of the document, and no other method", async (service) => {
    const url = platform.urls[service];
    const rows = Object.keys(TABLES[service]);
    const documented = [...(await documentOf(url)).keys()];
    expect(documented.sort()).toEqual(rows.filter((route) => !isHidden(route)).sort());
    const isRouted = (method: string, path: string) =>
      rows.some((route) => new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`).test(`${method} ${path}`));
    const open: string[] = [];
    for (const path of new Set(rows.map((route) => (route.split(" ")[1] ?? "").replaceAll(/:\w+/g, "x"))))
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        if (isRouted(method, path)) continue;
        const { status } = await call(url, `${method} ${path}` as "GET /");
        if (status !== 405) open.push(`${method} ${path}: ${status}`);
      }
    expect(open).toEqual([]);
  });
});
