import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { runApp } from "../../testing/running-app.ts";
import { CommonConfig, readConfig } from "../process/config.ts";
import { notFound } from "../values/errors.ts";

const SHOP = "https://shop.example";
const start = (corsOrigins: string) =>
  runApp(
    (app) =>
      app
        .get("/v1/things", () => new Response("[]", { headers: { etag: '"1"' } }))
        .get("/v1/none", () => {
          throw notFound("NONE", "None.");
        }),
    { corsOrigins },
  );
const from = (origin: string, headers: Record<string, string> = {}) => ({ headers: { origin, ...headers } });
const preflight = (origin: string) => ({
  method: "OPTIONS",
  ...from(origin, {
    "access-control-request-method": "PUT",
    "access-control-request-headers": "authorization,last-event-id",
  }),
});

describe("a page of an allowed origin", () => {
  const { url } = start(`http://localhost:5173,${SHOP}`);

  test("gets its preflight answered", async () => {
    const { status, headers } = await fetch(`${url}/v1/things`, preflight(SHOP));
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, SHOP]);
    expect(headers.get("access-control-allow-methods")).toContain("PUT");
    for (const name of ["Authorization", "Idempotency-Key", "Last-Event-ID", "If-Match"])
      expect(headers.get("access-control-allow-headers")).toContain(name);
  });

  test.each([
    ["/v1/things", 200],
    ["/v1/none", 404],
    ["/nowhere", 404],
  ])("may read the response of %s and its exposed headers", async (path, status) => {
    const response = await fetch(`${url}${path}`, from(SHOP));
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(SHOP);
    for (const name of ["ETag", "Retry-After", "Location", "Idempotent-Replayed"])
      expect(response.headers.get("access-control-expose-headers")).toContain(name);
    expect(response.headers.get("vary")).toBe("Origin");
  });

  test("never gets Allow-Credentials, nor * as origin", async () => {
    for (const request of [preflight(SHOP), from(SHOP)]) {
      const { headers } = await fetch(`${url}/v1/things`, request);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("access-control-allow-origin")).not.toBe("*");
    }
  });
});

describe("a page of another origin", () => {
  test.each([
    ["when some are allowed", SHOP],
    ["when none is", ""],
  ])("may read no response and gets no preflight, %s", async (_, corsOrigins) => {
    const { url } = start(corsOrigins);
    for (const origin of ["https://evil.example", "null", `${SHOP}.evil.example`, `${SHOP}:444`]) {
      const { headers } = await fetch(`${url}/v1/things`, from(origin));
      expect(headers.get("access-control-allow-origin")).toBeNull();
      const answer = await fetch(`${url}/v1/things`, preflight(origin));
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([405, null]);
    }
  });
});

describe("CORS_ORIGINS", () => {
  const read = (text: string) =>
    readConfig(Type.Object({ CORS_ORIGINS: CommonConfig.CORS_ORIGINS }), { CORS_ORIGINS: text });

  test("accepts none, one or many origins", () => {
    for (const text of ["", SHOP, `${SHOP},http://localhost:5173`, "http://127.0.0.1:8080"])
      expect(read(text).CORS_ORIGINS).toBe(text);
  });

  test.each([
    "*",
    `${SHOP}/`,
    `${SHOP}/path`,
    "shop.example",
    `${SHOP},`,
    `${SHOP}, ${SHOP}`,
    "https://*.example",
  ])("refuses %s", (text) => {
    expect(() => read(text)).toThrow("CORS_ORIGINS is not valid");
  });
});
