import { expect, test } from "bun:test";
import { type CartLine, sendable, withLine, withQuantity } from "./cart.ts";

const place = { restaurantId: "rst_1", restaurantName: "Da Enzo" };
const line = (dishId: string, quantity = 1, note = ""): CartLine => ({
  dishId,
  name: dishId,
  quantity,
  options: [],
  chosen: "",
  note,
});

test("equal lines of a cart are one, and different ones stay apart", () => {
  const cart = withLine(
    withLine(withLine(undefined, place, line("a")), place, line("a", 2)),
    place,
    line("a", 1, "hot"),
  );
  expect(cart.lines.map(({ quantity, note }) => [quantity, note])).toEqual([
    [3, ""],
    [1, "hot"],
  ]);
});

test("another restaurant's dish begins a new cart", () => {
  const cart = withLine(undefined, place, line("a"));
  expect(withLine(cart, { ...place, restaurantId: "rst_2" }, line("b")).lines).toEqual([line("b")]);
});

test("a line of none leaves the cart, and the last one ends it", () => {
  const cart = withLine(withLine(undefined, place, line("a")), place, line("b"));
  const smaller = withQuantity(cart, 0, 0);
  expect(smaller?.lines).toEqual([line("b")]);
  expect(smaller && withQuantity(smaller, 0, 0)).toBeUndefined();
});

test("sends no empty note and no empty options", () => {
  expect(sendable(line("a", 2))).toEqual({ dishId: "a", quantity: 2 });
});
