import { expect, test } from "bun:test";
import { currencyExponent, isCurrency } from "./codes.ts";

test.each([
  ["EUR", 2],
  ["USD", 2],
  ["JPY", 0],
  ["KRW", 0],
  ["ISK", 0],
  ["KWD", 3],
  ["TND", 3],
  ["CLF", 4],
  // CLDR has other digits for these.
  ["HUF", 2],
  ["IDR", 2],
  ["IQD", 3],
  ["COP", 2],
])("the minor unit of %s has %d digits, as in ISO 4217", (code, digits) => {
  expect([isCurrency(code) || code === "CLF", currencyExponent(code)]).toEqual([true, digits]);
});
