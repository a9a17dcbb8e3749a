import { expect, test } from "bun:test";
import { POSITION_PATTERN, spotFrom } from "./position.ts";

test.each([
  ["49.0175, 12.0974", { lat: 49.0175, lng: 12.0974 }],
  [" -33;151.2 ", { lat: -33, lng: 151.2 }],
  ["49.0175", undefined],
  ["north, west", undefined],
])("reads a position: %s", (text, spot) => {
  expect(spotFrom(text)).toEqual(spot as never);
  expect(new RegExp(`^(?:${POSITION_PATTERN})$`, "v").test(text)).toBe(spot !== undefined);
});
