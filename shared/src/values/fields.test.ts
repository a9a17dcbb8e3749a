import { describe, expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
// Registers the formats that the schemas use.
import "elysia";
import { cpuMsOf } from "../../testing/tools.ts";
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
  requirePostalCode,
  StoredAddress,
  Text,
} from "./fields.ts";
import { hasRules } from "./ruled.ts";

function holds(schema: TSchema, { takes, refuses }: { takes: unknown[]; refuses: unknown[] }) {
  test.each(takes.map((value) => [value]))("accepts %j", (value) => {
    expect(Value.Check(schema, value)).toBe(true);
  });
  test.each(refuses.map((value) => [value]))("refuses %j", (value) => {
    expect(Value.Check(schema, value)).toBe(false);
  });
}

describe("Line", () => {
  holds(Line(5), {
    takes: [
      "a",
      " a ",
      "ä 𝄞",
      "$gt",
      "🍝".repeat(5),
      "寿司",
      "שלום",
      "\u200eabc",
      "a\u200db",
      "!",
      "①",
      "☺",
      "e\u0301",
    ],
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
      "🍝".repeat(6),
      "\u200b",
      "\u200d\ufeff",
      "\u2800",
      "\u3164",
      "\u115f\u1160",
      "\u00ad",
      "\u0301",
      "\ufe0f",
      "\u{e0041}",
      "\ue000",
      "a\u0085",
      "a\u009bb",
      "a\u2028b",
      "a\u2029b",
      ...[..."\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"].map((mark) => `a${mark}b`),
      1,
      null,
      ["a"],
    ],
  });

  test.each([
    ["letters before a control character", `${"a".repeat(60_000)}\u0001`],
    ["blanks", " ".repeat(60_000)],
    ["blanks before a control character", `${" ".repeat(60_000)}\u0001`],
  ])("is checked quickly even when it is much too long: %s", (_, text) => {
    const cpuMs = cpuMsOf(() => expect([...Value.Errors(Line(120), text)]).not.toBeEmpty());
    expect(cpuMs).toBeLessThan(250);
  });
});

describe("Text", () => {
  holds(Text(10), {
    takes: ["", "a\nb", "a\tb", "a\r\nb", "🍝".repeat(10)],
    refuses: [
      "a\u0000b",
      "\u001b[31m",
      "12345678901",
      "🍝".repeat(11),
      "a\u009b31m",
      "a\u2028b",
      "a\u202eb",
      "a\u2067b",
      1,
    ],
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
    takes: [
      "12345678",
      "ä".repeat(8),
      "x".repeat(128),
      "🍝".repeat(8),
      "🍝".repeat(128),
      "a\u0308".repeat(128),
    ],
    refuses: [
      "1234567",
      "x".repeat(129),
      "",
      "🍝".repeat(4),
      "🍝".repeat(7),
      "a\u0308".repeat(7),
      12345678,
      { $ne: "" },
    ],
  });
});

describe("Phone", () => {
  holds(Phone, {
    takes: ["+49 30 1234567", "030/123-456", "12345"],
    refuses: [
      "1234",
      "1    ",
      "0(((((",
      "+1 2 3 4 ()",
      "+",
      "phone",
      "+49 30 1234567\n",
      "++49301234567",
      `+${"1".repeat(30)}`,
      49301234567,
    ],
  });
});

describe("Currency", () => {
  holds(Currency, {
    takes: ["EUR", "USD", "JPY", "CHF", "XOF"],
    refuses: ["eur", "EU", "EURO", "EU1", "EUR\n", "", "ZZZ", "DEM", "XAU", "XXX", "XTS"],
  });
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
  const { postalCode: _, ...withoutCode } = address;

  test.each(["HK", "AE", "QA", "UG"])("needs no postal code in %s", (country) => {
    expect(() => requirePostalCode({ ...withoutCode, country }, "")).not.toThrow();
    expect(() => requirePostalCode({ ...address, country }, "")).not.toThrow();
  });

  test.each(["DE", "GB", "US", "JP", "IN", "SE", "FI", "XK"])("needs one in %s", (country) => {
    const details = [expect.objectContaining({ pointer: "/address/postalCode" })];
    expect(() => requirePostalCode({ ...withoutCode, country }, "/address")).toThrow(
      expect.objectContaining({ status: 422, extras: { details } }),
    );
    expect(() => requirePostalCode({ ...address, country }, "/address")).not.toThrow();
  });

  test("accepts a stored address that breaks today's rules", () => {
    const old = { ...address, line1: "\u202eold", city: "\u200b", country: "QQ", postalCode: "1".repeat(60) };
    expect([Value.Check(PostalAddress, old), Value.Check(StoredAddress, old)]).toEqual([false, true]);
    expect(Value.Check(StoredAddress, { ...address, extra: 1 })).toBe(false);
    expect([hasRules(PostalAddress), hasRules(StoredAddress)]).toEqual([true, false]);
  });

  holds(PostalAddress, {
    takes: [address, { ...address, country: "XK" }, withoutCode],
    refuses: [
      { ...address, country: "de" },
      { ...address, country: "DEU" },
      { ...address, city: " " },
      { ...address, line1: "a".repeat(201) },
      { ...address, location: { lat: 91, lng: 0 } },
      { ...address, extra: 1 },
      ...["QQ", "ZZ", "EU", "UK", "AN"].map((country) => ({ ...address, country })),
    ],
  });
});
