import { expect, test } from "bun:test";
import { describeDocument, queryTypeOf } from "@food/shared/testing/openapi-document";
import { NO_DATABASES, testBase } from "@food/shared/testing/service";
import { customerApp } from "./app.ts";

const base = await testBase("customer", NO_DATABASES);
const { app } = customerApp({
  ...base,
  ORDER_URL: "http://127.0.0.1:1",
  RESTAURANT_URL: "http://127.0.0.1:1",
  ACCESS_TOKEN_SECONDS: 900,
  SESSION_MAX_DAYS: 90,
  SIGN_UPS_PER_HOUR: 1,
});

const document = await describeDocument(app, (route) =>
  /^POST \/v1\/customers$|^GET \/v1\/(restaurants|search)/.test(route),
);

test("the document has query numbers as numbers, and the idempotency key as required", () => {
  const types = ["limit", "open", "query"].map((name) => queryTypeOf(document, "/v1/restaurants", name));
  expect(types).toEqual(["integer", "boolean", "string"]);
  const [key] = document.paths["/v1/orders"]?.post?.parameters ?? [];
  expect(key).toMatchObject({ name: "idempotency-key", in: "header", required: true });
});
