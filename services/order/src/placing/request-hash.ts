// The hash that tells the same request from another one under the same Idempotency-Key.
import type { PlaceOrderRequest } from "@food/shared/contracts/order";
import type { ChosenOption } from "@food/shared/contracts/order-lines";

/** Equal for any order of the same options. */
const chosen = (options: readonly ChosenOption[]): string[] =>
  options
    .map(({ optionId, quantity = 1, options: inner = [] }) =>
      JSON.stringify([optionId, quantity, ...chosen(inner)]),
    )
    .sort();

/** Covers exactly what the customer requested. A quote is a condition and no content. A line without options has the hash that it had before there were options. */
export function hashOf({ restaurantId, items, addressId, note, tipCents }: PlaceOrderRequest): string {
  const lines = items.map(({ dishId, quantity, note = "", options = [] }) => [
    ...[dishId, quantity, note],
    ...(options.length > 0 ? [chosen(options)] : []),
  ]);
  return new Bun.CryptoHasher("sha256")
    .update(JSON.stringify([restaurantId, lines, addressId, note ?? "", ...(tipCents ? [tipCents] : [])]))
    .digest("base64url");
}
