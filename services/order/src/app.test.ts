import { afterAll, expect, test } from "bun:test";
import { connectSubscriber } from "@food/shared/storage/redis";
import { describeDocument, queryTypeOf } from "@food/shared/testing/openapi-document";
import { NO_DATABASES, NO_REDIS, testBase } from "@food/shared/testing/service";
import { orderApp } from "./app.ts";
import { DISPATCH_SETTINGS } from "./order-service.builder.ts";

const base = await testBase("order", NO_DATABASES);
const { app, stop } = orderApp({
  ...base,
  subscriber: connectSubscriber(NO_REDIS, base.log),
  CUSTOMER_URL: "http://127.0.0.1:1",
  RESTAURANT_URL: "http://127.0.0.1:1",
  DELIVERY_URL: "http://127.0.0.1:1",
  ACCESS_TOKEN_SECONDS: 900,
  SESSION_MAX_DAYS: 90,
  OPERATOR_EMAIL: "",
  OPERATOR_PASSWORD: "",
  ACCEPT_WITHIN_SECONDS: 600,
  ASSIGN_WITHIN_SECONDS: 2_700,
  PICKUP_WITHIN_SECONDS: 1_800,
  DISPATCH_EVERY_MS: 1_000_000,
  DEADLINES_EVERY_MS: 1_000_000,
  COURIER_METERS_PER_MINUTE: 250,
  ...DISPATCH_SETTINGS,
  OPEN_ORDERS_PER_CUSTOMER: 5,
  OPEN_ORDERS_PER_ADDRESS: 5,
  ARCHIVE_AFTER_DAYS: 90,
  WEBHOOK_TARGETS: "public",
});
afterAll(stop);

const document = await describeDocument(app, () => false);

test("the OpenAPI document describes the stream as text/event-stream", () => {
  const { content } = document.paths["/v1/orders/{orderId}/events"]?.get?.responses["200"] ?? {};
  expect(Object.keys(content ?? {})).toEqual(["text/event-stream"]);
  expect(queryTypeOf(document, "/internal/orders", "limit")).toBe("integer");
});
