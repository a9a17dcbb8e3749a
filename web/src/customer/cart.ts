// The cart of this tab. All lines are of one restaurant.

import { useState } from "preact/hooks";
import type { ChosenOption } from "../api/bodies.ts";

export interface CartLine {
  dishId: string;
  name: string;
  quantity: number;
  options: ChosenOption[];
  /** The chosen options in words. */
  chosen: string;
  note: string;
}
export interface Cart {
  restaurantId: string;
  restaurantName: string;
  lines: CartLine[];
}

const KEY = "cart";

export const sendable = ({ dishId, quantity, options, note }: CartLine) => ({
  dishId,
  quantity,
  ...(options.length > 0 && { options }),
  ...(note && { note }),
});

/** Another restaurant's dish begins a new cart. */
export function withLine(cart: Cart | undefined, place: Omit<Cart, "lines">, line: CartLine): Cart {
  if (cart?.restaurantId !== place.restaurantId) return { ...place, lines: [line] };
  const same = (one: CartLine) =>
    JSON.stringify({ ...one, quantity: 0 }) === JSON.stringify({ ...line, quantity: 0 });
  if (!cart.lines.some(same)) return { ...cart, lines: [...cart.lines, line] };
  return {
    ...cart,
    lines: cart.lines.map((one) => (same(one) ? { ...one, quantity: one.quantity + line.quantity } : one)),
  };
}

/** A line of none leaves the cart. */
export function withQuantity(cart: Cart, index: number, quantity: number): Cart | undefined {
  const lines = cart.lines
    .map((line, i) => (i === index ? { ...line, quantity } : line))
    .filter((line) => line.quantity > 0);
  return lines.length > 0 ? { ...cart, lines } : undefined;
}

export function useCart() {
  const [cart, setCart] = useState<Cart | undefined>(
    () => JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? undefined,
  );
  const change = (next: Cart | undefined) => {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
    setCart(next);
  };
  return { cart, change };
}
