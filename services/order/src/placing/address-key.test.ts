import { expect, test } from "bun:test";
import { addressKeyOf } from "./address-key.ts";

const home = {
  ...{ line1: "Torstraße 1", city: "Berlin", postalCode: "10 115", country: "DE" },
  location: { lat: 52.5, lng: 13.4 },
};

test.each([
  ["another case", { line1: "TORSTRAßE 1" }],
  ["other spaces and punctuation", { line1: " Torstraße, 1.", postalCode: "10115" }],
  ["another way to write the same letters", { line1: "Torstraße １" }],
  ["a position a few metres away", { location: { lat: 52.50001, lng: 13.4 } }],
])("one door with %s has one key", (_, change) => {
  expect(addressKeyOf({ ...home, ...change })).toBe(addressKeyOf(home));
});

test.each([
  ["number", { line1: "Torstraße 11" }],
  ["postal code", { postalCode: "10117" }],
  ["city", { city: "Bonn" }],
  ["country", { country: "AT" }],
  ["part", { line1: "Torstraße", postalCode: "10115 1" }],
])("a door with another %s has another key", (_, change) => {
  expect(addressKeyOf({ ...home, ...change })).not.toBe(addressKeyOf(home));
});
