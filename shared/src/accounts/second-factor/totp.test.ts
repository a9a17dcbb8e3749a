import { describe, expect, test } from "bun:test";
import { codeAt, newRecoveryCodes, newSecret, recoveryForm, stepOf, uriOf } from "./totp.ts";

/** RFC 6238, appendix B: "12345678901234567890" in base32, and the last six digits of each code. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const VECTORS: [number, string][] = [
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
];
const at = (seconds: number) => new Date(seconds * 1000);

describe("a code", () => {
  test.each(VECTORS)("at %d s is that of RFC 6238", (seconds, code) => {
    expect(codeAt(SECRET, at(seconds))).toBe(code);
    expect(stepOf(SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test("is accepted one step early and late, and no more", () => {
    const code = codeAt(SECRET, at(3_000));
    const steps = [2_969, 2_970, 3_000, 3_029, 3_059, 3_060].map((s) => stepOf(SECRET, code, at(s)));
    expect(steps).toEqual([undefined, 100, 100, 100, 100, undefined]);
  });

  test.each(["287083", "28708", "2870820", "", "abcdef", "000000"])("%j is refused", (code) => {
    expect(stepOf(SECRET, code, at(59))).toBeUndefined();
  });
});

test("a secret has 160 random bits, and its URI is what apps read", () => {
  const secret = newSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newSecret()).not.toBe(secret);
  const uri = new URL(uriOf(secret, "Food platform", "ada@example.com"));
  expect(uri.href).toStartWith("otpauth://totp/Food%20platform:ada%40example.com?");
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    secret,
    issuer: "Food platform",
    digits: "6",
  });
});

test("recovery codes are ten different ones of 120 bits, in any case and with or without hyphens", () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(recoveryForm(code.toUpperCase().replaceAll("-", ""))).toBe(recoveryForm(code));
  }
});
