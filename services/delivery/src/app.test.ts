import { afterAll, describe, expect, test } from "bun:test";
import SwaggerParser from "@apidevtools/swagger-parser";
import { testBase } from "@food/shared/testing/service";
import { deliveryApp } from "./app.ts";

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: Record<string, unknown>[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  parameters?: { name: string; in: string; required: boolean; schema: { type?: string } }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const base = await testBase("delivery");
const { app, stop } = deliveryApp({
  ...base,
  ORDER_URL: "http://127.0.0.1:1",
  ACCESS_TOKEN_SECONDS: 900,
  MAX_PICKUP_DISTANCE_METERS: 30_000,
});
afterAll(stop);
const get = (path: string) => Promise.resolve(app.fetch(new Request(`http://localhost${path}`)));
const document = (await (await get("/swagger/json")).json()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): [string, Operation] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);
const isPublic = (route: string) =>
  /^GET \/(health|\.well-known)|\/v1\/sessions|^POST \/v1\/couriers$/.test(route);
const isInternal = (route: string) => route.includes(" /internal/");

/** What a courier's and the order service's own routes may answer, besides what any route may. */
const ANSWERS = {
  "POST /v1/couriers": ["201", "409", "422"],
  "GET /v1/couriers/me": ["200", "401", "403"],
  "PATCH /v1/couriers/me": ["200", "401", "403", "422"],
  "PUT /v1/couriers/me/availability": ["200", "401", "403", "422"],
  "PUT /v1/couriers/me/location": ["204", "401", "403", "422"],
  "GET /v1/deliveries": ["200", "400", "401", "403", "422"],
  "GET /v1/deliveries/{deliveryId}": ["200", "401", "403", "404"],
  "POST /v1/deliveries/{deliveryId}/decline": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/deliveries/{deliveryId}/pickup": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/deliveries/{deliveryId}/deliver": ["200", "401", "403", "404", "409", "422", "429", "503"],
  "POST /v1/deliveries/{deliveryId}/fail": ["200", "401", "403", "404", "409", "422", "503"],
  "PUT /internal/deliveries/{deliveryId}": ["200", "401", "403", "404", "422", "503"],
  "PUT /internal/deliveries/{deliveryId}/order": ["204", "401", "403", "404", "422", "503"],
};

describe("GET /swagger/json", () => {
  test("is valid OpenAPI", async () => {
    expect(document.openapi).toBe("3.1.0");
    const copy = structuredClone(document);
    await SwaggerParser.validate(copy as never);
  });

  test("has every route and nothing else", () => {
    const routed = app.routes
      .filter(({ path }) => !path.startsWith("/swagger") && path !== "/metrics")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    expect(operations.map(([route]) => route).sort()).toEqual(routed.sort());
    expect(routed).toEqual(expect.arrayContaining(Object.keys(ANSWERS)));
  });

  test("names every operation once", () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(Object.entries(ANSWERS))("%s declares every status that it answers", (route, statuses) => {
    const operation = operations.find(([name]) => name === route)?.[1];
    expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(statuses));
  });

  test.each(operations)("%s says what it is and how it answers", (_, operation) => {
    expect(operation.operationId).toMatch(/^[a-z]\w+$/);
    expect(operation.summary).not.toBeEmpty();
    expect(operation.tags).not.toBeEmpty();
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

  test.each(operations)("%s takes a body as application/json alone, and shows its shape", (_, operation) => {
    const { requestBody, responses } = operation;
    if (!requestBody) return expect(responses).not.toHaveProperty("415");
    expect(Object.keys(requestBody.content)).toEqual(["application/json"]);
    const schema = requestBody.content["application/json"]?.schema;
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(Object.keys((schema as { properties: object }).properties)).not.toBeEmpty();
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["400", "413", "415", "422"]));
  });

  test.each(operations)("%s names a token where one is needed and none where not", (route, operation) => {
    if (isPublic(route)) return expect(operation.security).toBeUndefined();
    expect(operation.security).toEqual([isInternal(route) ? { service: [] } : { bearer: [] }]);
    expect(Object.keys(operation.responses)).toContain("401");
  });

  test("shows numbers of a query as numbers", () => {
    const parameters = document.paths["/v1/deliveries"]?.get?.parameters ?? [];
    expect(parameters.find(({ name }) => name === "limit")?.schema.type).toBe("integer");
  });
});

describe("GET /swagger", () => {
  test("is a page of local files alone, and all of them are there", async () => {
    const page = await (await get("/swagger")).text();
    const references = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target ?? "");
    expect(references.length).toBeGreaterThanOrEqual(3);
    expect(page).not.toMatch(/https?:\/\//);
    for (const target of references) expect([target, (await get(target)).status]).toEqual([target, 200]);
  });
});

test("GET /.well-known/jwks.json publishes the public key alone", async () => {
  const { keys } = (await (await get("/.well-known/jwks.json")).json()) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x"]]);
});
