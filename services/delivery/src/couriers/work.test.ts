import { expect, test } from "bun:test";
import { noWorkOf } from "./work.ts";

const NOW = new Date(1_000_000_000);
const MAX_AGE_MS = 300_000;
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const free = { available: true, claim: null, location: {}, locationAt: secondsAgo(300) };
const reasonOf = (courier: Parameters<typeof noWorkOf>[0]) =>
  noWorkOf(courier, NOW, MAX_AGE_MS)?.noWorkReason;

test("an available courier with a position as old as the bound may be given an order", () => {
  expect(noWorkOf(free, NOW, MAX_AGE_MS)).toBeUndefined();
});

test.each([
  ["position_too_old", { ...free, locationAt: secondsAgo(301) }],
  ["no_position", { available: true, claim: null }],
  ["off_duty", { ...free, available: false }],
  ["off_duty", { ...free, available: false, locationAt: secondsAgo(900) }],
  ["on_delivery", { ...free, claim: {} }],
  ["on_delivery", { ...free, available: false, claim: {}, locationAt: secondsAgo(900) }],
] as const)("%s: %o", (reason, courier) => {
  expect(reasonOf(courier)).toBe(reason);
});

test("a courier who goes off duty with a delivery reads that it goes on", () => {
  expect(noWorkOf({ ...free, available: false, claim: {} }, NOW, MAX_AGE_MS)?.notice).toContain("goes on");
});
