import { expect, test } from "bun:test";
import { answers, connected, refusal, seen, useService } from "./service.builder.ts";

useService();

const fine = () => Response.json({ items: [] });

test("a read is repeated after 429, 503 and a lost answer", async () => {
  const outcomes = [
    () => refusal(429, "TOO_MANY_REQUESTS", { "retry-after": "0" }),
    () => refusal(503, "OVERLOADED", { "retry-after": "0" }),
    fine,
  ];
  answers(() => outcomes[seen.length - 1]?.() ?? fine());
  const lost = { left: 1 };
  const { response } = await connected({
    fetch: (request) => (lost.left-- > 0 ? Promise.reject(new TypeError("cut")) : fetch(request)),
  }).customer.GET("/v1/restaurants");
  expect([response.status, seen.length]).toEqual([200, 3]);
});

test("a PUT is repeated with its body", async () => {
  answers(() => (seen.length === 1 ? refusal(503, "OVERLOADED") : fine()));
  const params = { path: { orderId: "ord_1" } };
  await connected().customer.PUT("/v1/orders/{orderId}/tip", { params, body: { tipCents: 100 } });
  expect(seen.map(({ body }) => body)).toEqual(Array(2).fill('{"tipCents":100}'));
});

test("a POST without a key is not repeated", async () => {
  answers(() => refusal(503, "OVERLOADED"));
  const params = { path: { orderId: "ord_1" } };
  const { error, response } = await connected().customer.POST("/v1/orders/{orderId}/cancel", { params });
  expect([response.status, error?.code, seen.length]).toEqual([503, "OVERLOADED", 1]);
});

test("a refusal is not repeated", async () => {
  answers(() => refusal(404, "NOT_FOUND"));
  const { response } = await connected().customer.GET("/v1/customers/me");
  expect([response.status, seen.length]).toEqual([404, 1]);
});

test("the number of tries is limited", async () => {
  answers(() => refusal(500, "INTERNAL_ERROR"));
  const { response } = await connected({ triesMax: 3 }).customer.GET("/v1/restaurants");
  expect([response.status, seen.length]).toEqual([500, 3]);
});

test("Retry-After is waited for, and an answer that asks for too much is returned", async () => {
  answers(() => refusal(503, "STARTING", { "retry-after": seen.length === 1 ? "1" : "60" }));
  const startedAt = performance.now();
  const { response } = await connected({ waitMsMax: 1_500 }).customer.GET("/v1/restaurants");
  expect([response.status, seen.length]).toEqual([503, 2]);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
});

test("a service that does not answer in time counts as away", async () => {
  answers(() => (seen.length === 1 ? new Promise<never>(() => {}) : fine()));
  const { response } = await connected({ timeoutMs: 1_000 }).customer.GET("/v1/restaurants");
  expect([response.status, seen.length]).toEqual([200, 2]);
});

test("a caller's abort ends the tries", async () => {
  const abort = new AbortController();
  answers(() => {
    abort.abort();
    return refusal(503, "OVERLOADED");
  });
  const attempt = connected().customer.GET("/v1/restaurants", { signal: abort.signal });
  await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
  expect(seen).toHaveLength(1);
});
