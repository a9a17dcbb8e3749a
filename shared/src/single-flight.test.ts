import { expect, test } from "bun:test";
import { singleFlight } from "./single-flight.ts";

test("all who ask while one works get that one's result", async () => {
  const once = singleFlight<number>();
  const gate = Promise.withResolvers<number>();
  let runs = 0;
  const ask = () =>
    once("key", () => {
      runs++;
      return gate.promise;
    });
  const asked = Array.from({ length: 50 }, ask);
  gate.resolve(7);
  expect(await Promise.all(asked)).toEqual(Array(50).fill(7));
  expect(runs).toBe(1);
});

test("another key does its own work", async () => {
  const once = singleFlight<string>();
  expect(await Promise.all([once("a", async () => "a"), once("b", async () => "b")])).toEqual(["a", "b"]);
});

test("a failure reaches all who waited and nobody after them", async () => {
  const once = singleFlight<string>();
  const failing = () => once("key", () => Promise.reject(new Error("no")));
  const results = await Promise.allSettled([failing(), failing()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await once("key", async () => "again")).toBe("again");
});
