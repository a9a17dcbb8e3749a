import { describe, expect, test } from "bun:test";
import { QUOTE_VALID_MS } from "@food/shared/contracts/price";
import type { AppError } from "@food/shared/values/errors";
import { cartQuote, requireQuoted } from "./cart-quote.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const CONTENT = {
  ...{ restaurantId: "rst_1", restaurantName: "Da Enzo", items: [], components: [] },
  ...{ subtotalCents: 0, deliveryFeeCents: 0, totalCents: 0, currency: "EUR", currencyExponent: 2 },
};
const PLACE = { lat: 52.52, lng: 13.4 };
const given = cartQuote(CONTENT, PLACE, NOW);

/** The refusal when the cart is priced again that much later. */
function refusal(laterMs: number, content = CONTENT, quoteId: string | undefined = given.quoteId) {
  const now = new Date(NOW.getTime() + laterMs);
  const current = cartQuote(content, PLACE, now);
  try {
    requireQuoted(quoteId, current, now);
    return undefined;
  } catch (error) {
    const { status, code, extras } = error as AppError;
    expect(extras.current).toEqual(current);
    return [status, code];
  }
}

describe("requireQuoted", () => {
  test("accepts a quote for five minutes, and no quote", () => {
    expect(QUOTE_VALID_MS).toBe(300_000);
    expect([refusal(0), refusal(QUOTE_VALID_MS)]).toEqual([undefined, undefined]);
    expect(() => requireQuoted(undefined, given, NOW)).not.toThrow();
  });

  test("throws 409 with the new quote for one that has expired", () => {
    expect(refusal(QUOTE_VALID_MS + 1)).toEqual([409, "QUOTE_EXPIRED"]);
  });

  test("throws 409 with the new quote for one that says something else, also when it has expired", () => {
    for (const laterMs of [0, QUOTE_VALID_MS + 1])
      expect(refusal(laterMs, { ...CONTENT, totalCents: 1 })).toEqual([409, "QUOTE_CHANGED"]);
  });
});
