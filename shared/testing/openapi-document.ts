// Tests of every service's OpenAPI document and Swagger page.
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { runInScope, scopeOf } from "../src/observe/request-scope.ts";
import { withAnswers } from "./documented.ts";
import { describeInputs } from "./input-schemas.ts";
import { findingsIn } from "./redocly.ts";
import { TEST_MAX_MS } from "./service.ts";

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: Record<string, unknown>[];
  requestBody?: { required: boolean; content: Record<string, { schema: object; example?: object }> };
  parameters?: { name: string; in: string; required: boolean; schema: { type?: string } }[];
  responses: Record<string, Answer>;
}
interface Answer {
  description: string;
  content?: Record<string, { schema: object }>;
  headers?: Record<string, object>;
}
export interface OpenApiDocument {
  openapi: string;
  info: { title: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

type Hook = (context: { request: Request; route: string }) => unknown;
interface Shape {
  properties: Record<string, { maxLength?: number }>;
}
interface Route {
  method: string;
  path: string;
  hooks: { beforeHandle?: { fn: Hook }[]; query?: Shape; headers?: Shape; body?: object; response?: object };
}

interface DocumentedApp {
  fetch: (request: Request) => Response | Promise<Response>;
  routes: Route[];
}

const REFUSED = expect.objectContaining({ status: 422, code: "VALIDATION_FAILED" });

function describeQueries(routes: Route[]): void {
  const named = routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]);

  describe.each(named)("%s", (_, { method, path: route, hooks }) => {
    const known = Object.keys(hooks.query?.properties ?? {});
    const take = (query: string) => {
      const request = new Request(`http://localhost/?${query}`, { method });
      for (const { fn } of hooks.beforeHandle ?? []) fn({ request, route });
    };

    test("refuses unknown and repeated query parameters, and accepts each declared one", () => {
      expect(() => take("unheard-of=1")).toThrow(REFUSED);
      for (const name of known) {
        take(`${name}=1`);
        expect(() => take(`${name}=1&${name}=1`)).toThrow(REFUSED);
      }
    });

    test("accepts headers of any length", () => {
      for (const { maxLength } of Object.values(hooks.headers?.properties ?? {}))
        expect(maxLength).toBeUndefined();
    });
  });
}

const DOCUMENTS = join(import.meta.dir, "../../docs/openapi");

/** Defines the tests of an app's document and page, and returns the document for more tests. */
export async function describeDocument(
  app: DocumentedApp,
  /** Routes without a token, besides health, keys and sessions. */
  isPublicRoute: (route: string) => boolean,
): Promise<OpenApiDocument> {
  const get = (path: string) => Promise.resolve(app.fetch(new Request(`http://localhost${path}`)));
  const served = (await (await get("/swagger/json")).json()) as OpenApiDocument;
  const document = withAnswers(served);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
  const isPublic = (route: string) =>
    /^GET \/(health|\.well-known)|^POST \/v1\/(sessions|password-resets|email-changes|email-verifications)(\/|$)/.test(
      route,
    ) || isPublicRoute(route);
  /** The component, where the schema is a reference to one. */
  const shapeOf = (schema: object = {}) =>
    "$ref" in schema ? document.components.schemas[String(schema.$ref).split("/").at(-1) ?? ""] : schema;
  const isInternal = (route: string) => route.includes(" /internal/");
  const isPrivate = (route: string) => / \/(internal|health)\//.test(route);

  setDefaultTimeout(TEST_MAX_MS);
  describeQueries(app.routes);
  describeInputs(app.routes);

  describe("GET /swagger/json", () => {
    test("is valid OpenAPI, without a finding of Redocly's recommended rules", async () => {
      expect(document.openapi).toBe("3.1.0");
      expect(await findingsIn(served)).toEqual([]);
    });

    test("has exactly the app's routes", () => {
      const routed = app.routes
        .filter(({ path }) => !/^\/(swagger|metrics$|$)/.test(path))
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
      expect(operations.map(([route]) => route).sort()).toEqual(routed.sort());
    });

    test("has a component for each body and answer with fields, used by reference", () => {
      const anonymous = operations.flatMap(([route, { requestBody, responses }]) =>
        [requestBody, ...Object.values(responses)]
          .flatMap((part) => Object.values(part?.content ?? {}))
          .filter(({ schema }) => "properties" in schema)
          .map(() => route),
      );
      expect(anonymous).toEqual([]);
      const texts = Object.values(document.components.schemas).map((schema) => JSON.stringify(schema));
      expect(new Set(texts).size).toBe(texts.length);
    });

    test("has unique operation ids", () => {
      const ids = operations.map(([, { operationId }]) => operationId);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test.each(operations)("%s says what it is, its rules and how it answers", (route, operation) => {
      expect(operation.operationId).toMatch(/^[a-z]\w+$/);
      expect(operation.summary).not.toBeEmpty();
      expect(operation.tags).not.toBeEmpty();
      if (!isPrivate(route)) expect(operation.description ?? "").not.toBeEmpty();
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => /^2/.test(status))).toBe(true);
      expect(statuses).toContain("default");
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBeEmpty();
    });

    test.each(operations.filter(([route]) => !route.includes("/health/")))(
      "%s refuses with application/problem+json alone",
      (_, { responses }) => {
        for (const [status, { content }] of Object.entries(responses))
          if (status === "default" || Number(status) >= 400)
            expect(Object.keys(content ?? {})).toEqual(["application/problem+json"]);
      },
    );

    test.each(operations)(
      "%s takes a body as application/json alone, and shows its shape",
      (route, operation) => {
        const { requestBody, responses } = operation;
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["400", "422", "429", "503"]));
        expect("415" in responses).toBe(!route.startsWith("GET "));
        if (!requestBody) return;
        expect(Object.keys(requestBody.content)).toEqual(["application/json"]);
        const schema = shapeOf(requestBody.content["application/json"]?.schema);
        expect(schema).toMatchObject({ type: "object", additionalProperties: false });
        expect(Object.keys((schema as { properties: object }).properties)).not.toBeEmpty();
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["400", "413", "415", "422"]));
      },
    );

    test("shows an example of each body, which Redocly's rules compare with its schema", () => {
      const bare = operations.filter(
        ([route, { requestBody }]) =>
          route.includes(" /v1/") && requestBody && !requestBody.content["application/json"]?.example,
      );
      expect(bare.map(([route]) => route)).toEqual([]);
    });

    test.each(operations.filter(([route]) => route.includes(" /v1/")))(
      "%s declares the limit of requests and its headers",
      (_, { responses }) => {
        for (const [status, { headers }] of Object.entries(responses))
          if (/^[24]/.test(status) && status !== "408")
            expect(headers).toMatchObject({
              RateLimit: { $ref: "#/components/headers/RateLimit" },
              "RateLimit-Policy": { $ref: "#/components/headers/RateLimit-Policy" },
            });
        expect(Object.keys(responses["429"]?.headers ?? {})).toContain("Retry-After");
      },
    );

    test.each(operations)("%s names a token where one is needed and none where not", (route, operation) => {
      if (isPublic(route)) return expect(operation.security).toEqual([]);
      const ticket = /^GET .*\/events$/.test(route) ? [{ ticket: [] }] : [];
      expect(operation.security).toEqual([isInternal(route) ? { service: [] } : { bearer: [] }, ...ticket]);
      expect(Object.keys(operation.responses)).toContain("401");
    });

    test("documents the readiness shape for 200 and 503", () => {
      const responses = document.paths["/health/ready"]?.get?.responses ?? {};
      expect(Object.keys(responses["503"]?.content ?? {})).toEqual(["application/json"]);
    });
  });

  describe("from outside, the document", () => {
    const fromOutside = (path: string) =>
      runInScope({ ...scopeOf(new Headers(), () => "", 0), isFromOutside: true }, () => get(path));

    test("has no route for services or operators, and no finding", async () => {
      const shown = (await (await fromOutside("/swagger/json")).json()) as OpenApiDocument;
      const isShown = (path: string) => !/^\/(internal|health)\//.test(path);
      expect(Object.keys(shown.paths)).toEqual(Object.keys(document.paths).filter(isShown));
      expect(await findingsIn(shown)).toEqual([]);
    });

    test("is the one in docs/openapi, which `bun run docs` writes", async () => {
      const [service] = document.info.title.toLowerCase().split(" ");
      const file = Bun.file(join(DOCUMENTS, `${service}.yaml`));
      const text = `${await (await fromOutside("/swagger/yaml")).text()}\n`;
      if (Bun.env.WRITE_DOCUMENTS) await Bun.write(file, text);
      expect(await file.text()).toBe(text);
    });
  });

  test("GET /swagger/yaml is the same document", async () => {
    expect(Bun.YAML.parse(await (await get("/swagger/yaml")).text())).toEqual(served);
  });

  describe("GET /", () => {
    const PEOPLE = "text/html,application/xhtml+xml";
    const ask = async (accept: string) =>
      app.fetch(new Request("http://localhost/", { headers: { accept } }));

    test("is JSON for programs, whose links work", async () => {
      const { links } = (await (await ask("*/*")).json()) as { links: Record<string, string> };
      for (const path of Object.values(links)) expect([path, (await get(path)).status]).toEqual([path, 200]);
    });

    test("is a page for people, whose links work", async () => {
      const page = await (await ask(PEOPLE)).text();
      const targets = [...page.matchAll(/href="(\/[^"]*)"/g)].map(([, target = ""]) => target);
      expect(targets.length).toBeGreaterThanOrEqual(3);
      for (const path of targets) expect([path, (await get(path)).status]).toEqual([path, 200]);
    });
  });

  test("the type of a problem leads to the section of its code", async () => {
    const { type } = (await (await get("/nothing")).json()) as { type: string };
    const [path = "", anchor] = type.split("#");
    const page = await get(path);
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(await page.text()).toContain(`<h2 id="${anchor}">ROUTE_NOT_FOUND</h2>`);
  });

  describe("GET /swagger", () => {
    test("is in no other site's frame, and keeps no token after its tab", async () => {
      for (const path of ["/swagger", "/swagger/json", "/swagger/start.js"]) {
        const { headers } = await get(path);
        expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
        expect(headers.get("x-frame-options")).toBe("DENY");
      }
      expect(await (await get("/swagger/start.js")).text()).toContain("persistAuthorization: false");
    });

    test("is a page that uses only local files, which all exist", async () => {
      const response = await get("/swagger");
      const page = await response.text();
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      const references = [...page.matchAll(/(?:src|href)="(?!data:)([^"]*)"/g)].map(
        ([, target]) => target ?? "",
      );
      expect(references.length).toBeGreaterThanOrEqual(3);
      expect(page).not.toMatch(/https?:\/\//);
      for (const target of references) {
        expect(target).toStartWith("/swagger/");
        const asset = await get(target);
        expect([target, asset.status]).toEqual([target, 200]);
        expect(asset.headers.get("content-type")).toMatch(/^text\/(javascript|css)/);
        expect((await asset.text()).length).toBeGreaterThan(50);
      }
    });
  });

  test("GET /.well-known/jwks.json publishes only the public key", async () => {
    const { keys } = (await (await get("/.well-known/jwks.json")).json()) as { keys: object[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x"]]);
  });

  return document;
}

/** The documented type of a query parameter. */
export const queryTypeOf = (document: OpenApiDocument, path: string, name: string) =>
  document.paths[path]?.get?.parameters?.find((parameter) => parameter.name === name)?.schema.type;
