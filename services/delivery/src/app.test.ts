import { afterAll, expect, test } from "bun:test";
import { connectSubscriber } from "@food/shared/storage/redis";
import { describeDocument, queryTypeOf } from "@food/shared/testing/openapi-document";
import { NO_DATABASES, NO_REDIS, testBase } from "@food/shared/testing/service";
import { deliveryApp } from "./app.ts";

const base = await testBase("delivery", NO_DATABASES);
const { app, stop } = deliveryApp({
  ...base,
  subscriber: connectSubscriber(NO_REDIS, base.log),
  ORDER_URL: "http://127.0.0.1:1",
  ACCESS_TOKEN_SECONDS: 900,
  SESSION_MAX_DAYS: 90,
  SIGN_UPS_PER_HOUR: 1,
  MAX_PICKUP_DISTANCE_METERS: 30_000,
  POSITION_MAX_AGE_SECONDS: 300,
  VEHICLE_CAPACITIES: "bicycle=2",
  ARCHIVE_AFTER_DAYS: 0,
});
afterAll(stop);

/** The statuses of the routes of couriers and of the order service, besides those of any route. */
const ANSWERS = {
  "POST /v1/couriers": ["201", "409", "422", "429"],
  "GET /v1/couriers/me": ["200", "401", "403"],
  "PATCH /v1/couriers/me": ["200", "401", "403", "422"],
  "PUT /v1/couriers/me/availability": ["200", "401", "403", "422"],
  "PUT /v1/couriers/me/location": ["200", "204", "401", "403", "422"],
  "GET /v1/deliveries": ["200", "400", "401", "403", "422"],
  "GET /v1/deliveries/events": ["200", "401", "403", "429", "503"],
  "GET /v1/deliveries/{deliveryId}": ["200", "401", "403", "404"],
  "POST /v1/deliveries/{deliveryId}/decline": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/deliveries/{deliveryId}/pickup": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/deliveries/{deliveryId}/deliver": ["200", "401", "403", "404", "409", "422", "429", "503"],
  "POST /v1/deliveries/{deliveryId}/fail": ["200", "401", "403", "404", "409", "422", "503"],
  "GET /v1/couriers/me/trip": ["200", "401", "403", "404"],
  "POST /v1/trips/{tripId}/pickup": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/trips/{tripId}/decline": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/trips/{tripId}/arrive": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /v1/deliveries/{deliveryId}/arrive": ["200", "401", "403", "404", "409", "422", "503"],
  "POST /internal/couriers/search": ["200", "401", "403", "422", "503"],
  "POST /internal/trips": ["200", "401", "403", "422", "503"],
  "PUT /internal/deliveries/{deliveryId}/order": ["204", "401", "403", "404", "422", "503"],
};

const document = await describeDocument(app, (route) => route === "POST /v1/couriers");

test.each(Object.entries(ANSWERS))("%s declares every status that it answers", (route, statuses) => {
  const [method = "", path = ""] = route.split(" ");
  const operation = document.paths[path]?.[method.toLowerCase()];
  expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(statuses));
});

test("the OpenAPI document describes the stream as text/event-stream", () => {
  const { content } = document.paths["/v1/deliveries/events"]?.get?.responses["200"] ?? {};
  expect(Object.keys(content ?? {})).toEqual(["text/event-stream"]);
});

test("the OpenAPI document describes numeric query parameters as numbers", () => {
  expect(queryTypeOf(document, "/v1/deliveries", "limit")).toBe("integer");
});
