import { afterAll, expect, test } from "bun:test";
import { connectSubscriber } from "@food/shared/storage/redis";
import { describeDocument, queryTypeOf } from "@food/shared/testing/openapi-document";
import { NO_DATABASES, NO_REDIS, testBase } from "@food/shared/testing/service";
import { restaurantApp } from "./app.ts";

const base = await testBase("restaurant", NO_DATABASES);
const { app, stop } = restaurantApp({
  ...base,
  subscriber: connectSubscriber(NO_REDIS, base.log),
  CUSTOMER_URL: "http://127.0.0.1:1",
  ORDER_URL: "http://127.0.0.1:1",
  ACCESS_TOKEN_SECONDS: 900,
  SESSION_MAX_DAYS: 90,
  SIGN_UPS_PER_HOUR: 1,
});
afterAll(stop);

const document = await describeDocument(app, (route) =>
  /^POST \/v1\/(restaurants|staff\/invitations\/accept)$|^GET \/v1\/(restaurants($|\/\{)|search$)/.test(
    route,
  ),
);

test("the document has the stream as text/event-stream", () => {
  const { content } = document.paths["/v1/orders/events"]?.get?.responses["200"] ?? {};
  expect(Object.keys(content ?? {})).toEqual(["text/event-stream"]);
});

test("the document has query numbers as numbers", () => {
  const types = ["limit", "open", "query"].map((name) => queryTypeOf(document, "/v1/restaurants", name));
  expect(types).toEqual(["integer", "boolean", "string"]);
});
