import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { AppError } from "./errors.ts";
import { decodeCursor, encodeCursor, toPage } from "./page.ts";

const Position = Type.Object(
  { after: Type.String({ pattern: "^[a-z]+$" }) },
  { additionalProperties: false },
);

describe("a cursor", () => {
  test("decodes to the position that was encoded", () => {
    expect(decodeCursor(Position, encodeCursor({ after: "abc" }))).toEqual({ after: "abc" });
  });

  test("needs no escaping in a URL", () => {
    const cursor = encodeCursor({ after: "??>>~~ü" });
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  test("is absent on the first page", () => {
    expect(decodeCursor(Position, undefined)).toBeUndefined();
  });

  test.each([
    ["no base64", "!!!"],
    ["no JSON", Buffer.from("abc").toString("base64url")],
    ["of another list", encodeCursor({ before: "abc" })],
    ["with an operator in it", encodeCursor({ after: { $gt: "" } })],
    ["with something more in it", encodeCursor({ after: "abc", $where: "1" })],
    ["null", Buffer.from("null").toString("base64url")],
    ["empty", ""],
  ])("that is %s answers 400", (_, cursor) => {
    const decode = () => decodeCursor(Position, cursor);
    expect(decode).toThrow(AppError);
    expect(decode).toThrow(expect.objectContaining({ status: 400, code: "MALFORMED_CURSOR" }));
  });
});

describe("toPage", () => {
  const page = (rows: string[]) =>
    toPage(
      rows,
      2,
      (row) => row.toUpperCase(),
      (row) => ({ after: row }),
    );

  test("when there are more rows, points at the last item of the page", () => {
    const { items, nextCursor } = page(["a", "b", "c"]);
    expect(items).toEqual(["A", "B"]);
    expect(decodeCursor(Position, nextCursor ?? "")).toEqual({ after: "b" });
  });

  test("has no next page when the rows just fill it, or when there are none", () => {
    expect(page(["a", "b"])).toEqual({ items: ["A", "B"], nextCursor: null });
    expect(page([])).toEqual({ items: [], nextCursor: null });
  });
});
