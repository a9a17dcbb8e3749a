import { describe, expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
// Brings the formats that the schemas name.
import "elysia";
import {
  CalendarDate,
  Cents,
  Currency,
  Email,
  Instant,
  Line,
  Password,
  Phone,
  PostalAddress,
  Text,
} from "./fields.ts";

function holds(schema: TSchema, { takes, refuses }: { takes: unknown[]; refuses: unknown[] }) {
  test.each(takes.map((value) => [value]))("takes %j", (value) => {
    expect(Value.Check(schema, value)).toBe(true);
  });
  test.each(refuses.map((value) => [value]))("refuses %j", (value) => {
    expect(Value.Check(schema, value)).toBe(false);
  });
}

describe("Line", () => {
  holds(Line(5), {
    takes: ["a", " a ", "ä 𝄞", "$gt"],
    refuses: [
      "",
      " ",
      "   ",
      "\u00a0",
      "a\nb",
      "a\n",
      "a\r",
      "\ta",
      "a\u0000",
      "a\u007f",
      "abcdef",
      1,
      null,
      ["a"],
    ],
  });

  test.each([
    ["letters before a control character", `${"a".repeat(60_000)}\u0001`],
    ["blanks", " ".repeat(60_000)],
    ["blanks before a control character", `${" ".repeat(60_000)}\u0001`],
  ])("is checked in no time even when it is much too long: %s", (_, text) => {
    const startedAt = performance.now();
    expect([...Value.Errors(Line(120), text)]).not.toBeEmpty();
    expect(performance.now() - startedAt).toBeLessThan(250);
  });
});

describe("Text", () => {
  holds(Text(10), {
    takes: ["", "a\nb", "a\tb", "a\r\nb"],
    refuses: ["a\u0000b", "\u001b[31m", "12345678901", 1],
  });
});

describe("CalendarDate", () => {
  holds(CalendarDate, {
    takes: ["2026-12-25", "2028-02-29"],
    refuses: ["2026-13-01", "2026-00-10", "26-12-25", "2026-12-25T00:00:00Z", "", 20261225],
  });
});

describe("Email", () => {
  holds(Email, {
    takes: ["ada@example.com", "ada.l+food@sub.example.org", "o'neil@example.com"],
    refuses: [
      "",
      "ada",
      "ada@",
      "@example.com",
      "a b@example.com",
      "ada@example.com\n",
      "ada@example.com\u0000",
      "ada@exa mple.com",
      `${"a".repeat(250)}@example.com`,
      { $gt: "" },
      ["ada@example.com"],
    ],
  });
});

describe("Password", () => {
  holds(Password, {
    takes: ["12345678", "ä".repeat(8), "x".repeat(128)],
    refuses: ["1234567", "x".repeat(129), "", 12345678, { $ne: "" }],
  });
});

describe("Phone", () => {
  holds(Phone, {
    takes: ["+49 30 1234567", "030/123-456", "12345"],
    refuses: ["1234", "+", "phone", "+49 30 1234567\n", "++49301234567", `+${"1".repeat(30)}`, 49301234567],
  });
});

describe("Currency", () => {
  holds(Currency, { takes: ["EUR", "USD"], refuses: ["eur", "EU", "EURO", "EU1", "EUR\n", ""] });
});

describe("Cents", () => {
  holds(Cents, {
    takes: [0, 1, 100_000_000],
    refuses: [-1, 100_000_001, 0.5, "1", Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, null],
  });
});

describe("Instant", () => {
  holds(Instant, {
    takes: ["2026-11-23T12:00:00.000Z", "2026-11-23T12:00:00Z", "2026-11-23T12:00:00+02:00"],
    refuses: [
      "2026-11-23",
      "2026-11-23T12:00:00",
      "2026-11-23 12:00:00Z",
      "2026-11-23T25:00:00Z",
      "2026-11-23T23:59:60Z",
      "now",
      "",
      "2026-13-45T99:00:00Z",
      1_700_000_000,
      `2026-11-23T12:00:00.${"0".repeat(40)}Z`,
    ],
  });
});

describe("PostalAddress", () => {
  const address = {
    line1: "Torstr. 1",
    city: "Berlin",
    postalCode: "10119",
    country: "DE",
    location: { lat: 52.5, lng: 13.4 },
  };
  holds(PostalAddress, {
    takes: [address],
    refuses: [
      { ...address, country: "de" },
      { ...address, country: "DEU" },
      { ...address, city: " " },
      { ...address, line1: "a".repeat(201) },
      { ...address, location: { lat: 91, lng: 0 } },
      { ...address, extra: 1 },
      { ...address, postalCode: undefined },
    ],
  });
});
