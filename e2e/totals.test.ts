// The quote, the order, the sum of its components and what its customer is shown are equal, for random menus and carts.
import { expect, test } from "bun:test";
import { totalOf } from "@food/shared/contracts/price";
import { anOrder, aRequest, TERMS } from "../services/order/src/orders/order.builder.ts";
import { newOrder } from "../services/order/src/orders/order.ts";
import { viewFor } from "../services/order/src/orders/view.ts";
import type { DishStore } from "../services/restaurant/src/dishes/store.ts";
import { quote } from "../services/restaurant/src/quotes/quote.ts";
import type { RestaurantStore } from "../services/restaurant/src/restaurants/store.ts";
import type { StockStore } from "../services/restaurant/src/stock/store.ts";
import { seededRandom } from "./proof/random.ts";
import { CURRENCIES, expectedOf, type RandomMenu, randomLines, randomMenu } from "./totals.builder.ts";

const CASES = 2_000;
const NOW = new Date("2026-11-23T12:00:00Z");
const { restaurantId, restaurantName, restaurantAddress: address } = anOrder();
const { deliveryAddress } = aRequest();
const ids = { orderId: "ord_1", deliveryId: "dlv_1", requestHash: "hash", handoverPin: "0417" };

/** Stores that have this menu. */
const storesOf = ({ dishes, groups, ...terms }: RandomMenu) => ({
  restaurants: {
    find: async () => ({
      ...{ _id: restaurantId, name: restaurantName, address, acceptingOrders: true, prepMinutes: 15 },
      ...{ deliveryRadiusMeters: 100_000, optionGroups: groups },
      ...terms,
    }),
  } as unknown as RestaurantStore,
  dishes: {
    these: async () =>
      dishes.map(({ dishId, ...dish }) => ({
        _id: dishId,
        name: "Dish",
        category: "Food",
        available: true,
        ...dish,
      })),
  } as unknown as DishStore,
  stock: {} as StockStore,
  changed: async () => undefined,
});

test(`${CASES} random carts cost what the menu says, in the quote, in the order and in its sum`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const seen = new Map<string, number>();
  for (let i = 0; i < CASES; i++) {
    const menu = randomMenu(random);
    const items = randomLines(random, menu);
    const expected = expectedOf(menu, items);
    const tipCents = random.chance(0.5) ? random.int(0, 5_000) : 0;
    const given = { restaurantId, items, ...(tipCents > 0 && { tipCents }) };
    const quoted = await quote(storesOf(menu), { ...given, dropoff: deliveryAddress.location }, NOW);
    const request = { ...aRequest(), ...given };
    const order = newOrder({ request, quote: quoted, now: NOW, terms: TERMS, ...ids });
    const shown = viewFor(order, "customer");
    const { cart } = quoted;
    const totals = [cart?.totalCents, order.totalCents, shown.totalCents, totalOf(shown.components ?? [])];
    const where = `case ${i} of seed ${seed}: ${JSON.stringify({ menu, items })}`;
    expect([where, ...totals]).toEqual([where, ...Array(4).fill(expected.totalCents + tipCents)]);
    expect([where, shown.subtotalCents]).toEqual([where, expected.subtotalCents]);
    expect([where, shown.components, shown.currencyExponent]).toEqual([
      where,
      cart?.components,
      CURRENCIES[menu.currency],
    ]);
    seen.set(menu.currency, (seen.get(menu.currency) ?? 0) + 1);
  }
  for (const currency of Object.keys(CURRENCIES)) expect(seen.get(currency) ?? 0).toBeGreaterThan(CASES / 10);
});
