// The quote that a customer sees, and the check of one that is given back. An order with a quote is placed only at its price. Nothing is stored: its id carries when it ends and the hash of what it says, so a later
// pricing of the cart can be compared with it.
import { type CartQuote, QUOTE_VALID_MS } from "@food/shared/contracts/price";
import { conflict } from "@food/shared/values/errors";
import type { Location } from "@food/shared/values/geo";

export function cartQuote(
  content: Omit<CartQuote, "quoteId" | "expiresAt">,
  dropoff: Location,
  now: Date,
): CartQuote {
  const expiresAt = new Date(now.getTime() + QUOTE_VALID_MS);
  const hash = new Bun.CryptoHasher("sha256")
    .update(JSON.stringify([content, dropoff.lat, dropoff.lng]))
    .digest("base64url");
  return {
    quoteId: `${expiresAt.getTime().toString(36)}.${hash}`,
    expiresAt: expiresAt.toISOString(),
    ...content,
  };
}

/** Throws 409 with the current quote when the given one has expired or says something else. A forged id gives no other
 * price. */
export function requireQuoted(quoteId: string | undefined, current: CartQuote, now: Date): void {
  if (quoteId === undefined) return;
  const [expiry = "", hash] = quoteId.split(".");
  if (hash !== current.quoteId.split(".")[1])
    throw conflict("QUOTE_CHANGED", "The price or the cart has changed since this quote. See `current`.", {
      current,
    });
  if (Number.parseInt(expiry, 36) < now.getTime())
    throw conflict("QUOTE_EXPIRED", "This quote has expired. `current` has a new one at the same price.", {
      current,
    });
}
