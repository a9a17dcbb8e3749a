import { describe, expect, test } from "bun:test";
import { etagOf, isFresh } from "./etag.ts";

describe("etagOf", () => {
  test("is a quoted validator, equal only for equal bytes", () => {
    expect(etagOf("menu")).toMatch(/^"[\w]+"$/);
    expect(etagOf("menu")).toBe(etagOf("menu"));
    expect(etagOf("menu")).not.toBe(etagOf("menU"));
  });
});

describe("isFresh", () => {
  test.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"x", W/"a" ,"y"', true],
    ["*", true],
    ['"b"', false],
    ['"aa"', false],
    ["a", false],
    ["", false],
    [null, false],
    [undefined, false],
  ])("for If-None-Match %p is %p", (header, fresh) => {
    expect(isFresh(header, '"a"')).toBe(fresh);
  });
});
