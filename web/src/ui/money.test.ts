import { expect, test } from "bun:test";
import { minorUnits, money } from "./money.ts";

test("an amount has the digits of its currency, and the signs of the language", () => {
  expect(money(1_250, "EUR", 2, "en")).toBe("€12.50");
  expect(money(1_250, "EUR", 2, "de")).toBe("12,50\u00a0€");
  expect(money(900, "JPY", 0, "en")).toBe("¥900");
  expect(money(12_345, "KWD", 3, "en")).toContain("12.345");
  expect([money(0, "EUR"), money(900, "JPY")]).toEqual(["€0.00", "¥900"]);
});

test("a typed amount is exact in the minor unit", () => {
  expect(["4.35", "4,35", "4", "4.", "0", " 1.5 "].map((text) => minorUnits(text))).toEqual([
    435, 435, 400, 400, 0, 150,
  ]);
  expect([minorUnits("300", 0), minorUnits("1.234", 3)]).toEqual([300, 1234]);
});

test("what is no amount is refused", () => {
  for (const text of ["", "-1", "1.234", "a", "1e3", "1.2.3", "."]) expect(minorUnits(text)).toBeUndefined();
  expect(minorUnits("1.5", 0)).toBeUndefined();
});
