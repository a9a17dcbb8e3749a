import { describe, expect, test } from "bun:test";
import type { ItemOption } from "@food/shared/contracts/order-lines";
import { type Cart, type CartLine, priceCart, taxOf } from "./price-cart.ts";

const option = (
  optionId: string,
  quantity: number,
  priceCents: number,
  options: ItemOption[] = [],
): ItemOption => ({
  ...{ optionId, optionGroupId: "ogp", groupName: "Group", name: optionId, quantity, priceCents },
  ...(options.length > 0 && { options }),
});
const line = (
  quantity: number,
  dishPriceCents: number,
  taxBasisPoints?: number,
  ...options: ItemOption[]
) => {
  const cost = ({ quantity: each, priceCents, options: inner = [] }: ItemOption): number =>
    each * (priceCents + inner.reduce((sum, one) => sum + cost(one), 0));
  const unitPriceCents = dishPriceCents + options.reduce((sum, one) => sum + cost(one), 0);
  const item = {
    dishId: "dsh",
    name: "Dish",
    quantity,
    unitPriceCents,
    ...(options.length > 0 && { options }),
  };
  return { item, dishPriceCents, ...(taxBasisPoints !== undefined && { taxBasisPoints }) } satisfies CartLine;
};
const cart = (lines: CartLine[], overrides: Partial<Cart> = {}) =>
  priceCart({ lines, deliveryFeeCents: 250, tax: { pricesIncludeTax: true }, ...overrides });
const taxes = ({ components }: ReturnType<typeof cart>) =>
  components.flatMap(({ kind, rateBasisPoints, netCents, amountCents }) =>
    kind === "tax" ? [[rateBasisPoints, netCents, amountCents]] : [],
  );

describe("priceCart", () => {
  test("lists every dish and option, the fee and the tip, and adds them up", () => {
    const large = option("large", 1, 150);
    const price = cart(
      [line(2, 900, undefined, option("cola", 2, 300, [large]), option("ham", 3, 50)), line(1, 400)],
      {
        tipCents: 100,
      },
    );
    expect(price).toEqual({
      components: [
        { kind: "dish", line: 0, quantity: 2, unitCents: 900, amountCents: 1800 },
        { kind: "option", line: 0, optionId: "cola", quantity: 4, unitCents: 300, amountCents: 1200 },
        { kind: "option", line: 0, optionId: "large", quantity: 4, unitCents: 150, amountCents: 600 },
        { kind: "option", line: 0, optionId: "ham", quantity: 6, unitCents: 50, amountCents: 300 },
        { kind: "dish", line: 1, quantity: 1, unitCents: 400, amountCents: 400 },
        { kind: "delivery_fee", amountCents: 250 },
        { kind: "tip", amountCents: 100 },
      ],
      subtotalCents: 4300,
      deliveryFeeCents: 250,
      totalCents: 4650,
    });
  });

  test("has the surcharge of a small order", () => {
    const { components, subtotalCents, totalCents } = cart([line(1, 400)], { surchargeCents: 199 });
    expect(components).toContainEqual({ kind: "small_order_surcharge", amountCents: 199 });
    expect([subtotalCents, totalCents]).toEqual([400, 849]);
  });

  test("does not add a tax that the prices contain", () => {
    const price = cart([line(1, 1190, 1900)]);
    expect(taxes(price)).toEqual([[1900, 1000, 190]]);
    expect(price.components.find(({ kind }) => kind === "tax")?.included).toBe(true);
    expect(price.totalCents).toBe(1190 + 250);
  });

  test("adds a tax that the prices do not contain", () => {
    const price = cart([line(1, 1000, 1900)], { tax: { pricesIncludeTax: false } });
    expect(taxes(price)).toEqual([[1900, 1000, 190]]);
    expect(price.totalCents).toBe(1000 + 190 + 250);
  });

  test("rounds once for each rate, not for each line", () => {
    const lines = Array.from({ length: 10 }, () => line(1, 7, 700));
    // Of each line 0.49, so 0; of all together 4.9.
    expect(taxes(cart(lines, { tax: { pricesIncludeTax: false } }))).toEqual([[700, 70, 5]]);
  });

  test("lists the tax of each rate, lowest first, with options at the rate of their dish and fees at theirs", () => {
    const lines = [
      line(1, 1000, 1900, option("ham", 1, 100)),
      line(2, 500, 700),
      line(1, 300, 0),
      line(1, 999),
    ];
    const price = cart(lines, { surchargeCents: 50, tax: { pricesIncludeTax: false, feeBasisPoints: 1900 } });
    expect(taxes(price)).toEqual([
      [0, 300, 0],
      [700, 1000, 70],
      [1900, 1100 + 300, 266],
    ]);
  });

  test("does not tax the tip", () => {
    const price = cart([line(1, 1000, 1000)], { deliveryFeeCents: 0, tipCents: 500 });
    expect(taxes(price)).toEqual([[1000, 909, 91]]);
  });

  test.each([
    [true, 10_000],
    [false, 10_000],
    [true, 1],
  ])(
    "stays exact for the largest cart, with prices that include tax: %p, at rate %d",
    (pricesIncludeTax, rate) => {
      const lines = Array.from({ length: 50 }, () => line(99, 100_000_000, rate));
      const price = cart(lines, { tipCents: 100_000_000, tax: { pricesIncludeTax, feeBasisPoints: rate } });
      const sum = 50n * 99n * 100_000_000n + 250n;
      const divisor = pricesIncludeTax ? 10_000n + BigInt(rate) : 10_000n;
      const tax = (2n * sum * BigInt(rate) + divisor) / (2n * divisor);
      expect(BigInt(taxes(price)[0]?.[2] ?? 0)).toBe(tax);
      expect(BigInt(price.totalCents)).toBe(sum + 100_000_000n + (pricesIncludeTax ? 0n : tax));
      expect(price.totalCents).toBeLessThan(Number.MAX_SAFE_INTEGER);
    },
  );
});

test.each([
  [1, 5_000, false, 1],
  [1, 4_999, false, 0],
  [3, 5_000, false, 2],
  [107, 700, true, 7],
  [1, 10_000, true, 1],
  [0, 1_900, true, 0],
  [100, 0, true, 0],
])("taxOf(%d, %d, included: %p) is %d", (amount, rate, included, expected) => {
  expect(taxOf(amount, rate, included)).toBe(expected);
});
