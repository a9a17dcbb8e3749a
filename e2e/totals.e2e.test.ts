// Random menus and carts through the compiled binaries: what the quote says is what the order costs and what its customer
// and its restaurant are shown. e2e/totals.test.ts has many more of them.
import { expect, test } from "bun:test";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Order } from "@food/shared/contracts/order";
import { type CartQuote, totalOf } from "@food/shared/contracts/price";
import { describeWithDatabases } from "@food/shared/testing/service";
import { expectStatus, type Kitchen, newCustomer, openRestaurant } from "./actors.ts";
import { startPlatform } from "./platform.ts";
import { seededRandom } from "./proof/random.ts";
import { CURRENCIES, expectedOf, type RandomMenu, randomLines, randomMenu } from "./totals.builder.ts";

const CARTS = 5;

/** Puts the menu on the restaurant's own, and returns it with the ids that the service gave. */
async function offerMenu(restaurant: Kitchen, { groups, dishes, ...terms }: RandomMenu): Promise<RandomMenu> {
  const ids = new Map<string, string>();
  const idOf = (id: string) => ids.get(id) ?? id;
  const renamed = <T extends { optionGroupId: string }>(offered: T[] = []) =>
    offered.map((one) => ({ ...one, optionGroupId: idOf(one.optionGroupId) }));
  const made: OptionGroup[] = [];
  for (const { optionGroupId, options, ...group } of groups) {
    const body = {
      ...group,
      options: options.map(({ optionId: _, optionGroups, ...option }) => ({
        ...option,
        ...(optionGroups && { optionGroups: renamed(optionGroups) }),
      })),
    };
    const one = expectStatus(
      await restaurant.send<OptionGroup>("POST /v1/restaurants/me/option-groups", body),
      201,
    );
    ids.set(optionGroupId, one.optionGroupId);
    made.push(one);
  }
  const added: RandomMenu["dishes"] = [];
  for (const { dishId: _, optionGroups, ...dish } of dishes) {
    const body = {
      ...{ name: "Dish", category: "Food", description: "", available: true, ...dish },
      ...(optionGroups && { optionGroups: renamed(optionGroups) }),
    };
    const one = await restaurant.send<RandomMenu["dishes"][number]>("POST /v1/restaurants/me/dishes", body);
    added.push(expectStatus(one, 201));
  }
  return { ...terms, groups: made, dishes: added };
}

describeWithDatabases("totals", () => {
  test.each(Object.entries(CURRENCIES))(
    "in %s: random carts cost what was quoted and what the menu says",
    async (currency, exponent) => {
      const platform = await startPlatform();
      const seed = Math.floor(Math.random() * 2 ** 31);
      const random = seededRandom(seed);
      const made = { ...randomMenu(random), currency: currency as keyof typeof CURRENCIES };
      const { tax, deliveryFeeCents } = made;
      const restaurant = await openRestaurant(platform, undefined, { currency, tax, deliveryFeeCents });
      const menu = await offerMenu(restaurant, made);
      const customer = await newCustomer(platform);
      for (let i = 0; i < CARTS; i++) {
        const items = randomLines(random, menu);
        const tipCents = random.int(0, 1) * random.int(0, 5_000);
        const cart = { restaurantId: restaurant.id, addressId: customer.addressId, items, tipCents };
        const quote = expectStatus(await customer.send<CartQuote>("POST /v1/quotes", cart), 200);
        const placed = expectStatus(
          await customer.send<Order>(
            "POST /v1/orders",
            { ...cart, quoteId: quote.quoteId },
            { "idempotency-key": crypto.randomUUID() },
          ),
          201,
        );
        const route = `GET /v1/orders/${placed.orderId}` as const;
        const shown = expectStatus(await customer.send<Order>(route), 200);
        const toRestaurant = expectStatus(await restaurant.send<Order>(route), 200);
        const where = `cart ${i} of seed ${seed}`;
        const expected = expectedOf(menu, items).totalCents + tipCents;
        const totals = [quote, placed, shown, toRestaurant].map(({ totalCents }) => totalCents);
        expect([where, ...totals, totalOf(shown.components ?? [])]).toEqual([
          where,
          ...Array(5).fill(expected),
        ]);
        for (const order of [placed, shown, toRestaurant])
          expect([order.components, order.currencyExponent]).toEqual([quote.components, exponent]);
        expectStatus(await customer.send(`POST /v1/orders/${placed.orderId}/cancel`), 200);
      }
    },
  );
});
