// The customers of the demo: someone gets hungry, chooses from a menu and its options, orders, and sometimes tips.
import type { Order } from "@food/shared/contracts/order";
import type { Menu, Restaurant } from "@food/shared/contracts/restaurant";
import type { Page } from "@food/shared/values/page";
import type { Town } from "../seed.ts";
import { between, oneOf, type Pace } from "./pace.ts";

type Customer = Town["customers"][number];
type MenuDish = Menu["categories"][number]["dishes"][number];

/** One choice for each group that demands one, and sometimes one more. */
function chooseOptions(menu: Menu, dish: MenuDish) {
  return (dish.optionGroups ?? []).flatMap(({ optionGroupId }) => {
    const group = menu.optionGroups?.find((one) => one.optionGroupId === optionGroupId);
    const offered = group?.options.filter(({ available }) => available) ?? [];
    const wants = group && (group.minSelections > 0 || Math.random() < 0.4);
    return wants && offered.length > 0 ? [{ optionId: oneOf(offered).optionId }] : [];
  });
}

function chooseLines(menu: Menu) {
  const dishes = menu.categories.flatMap((category) => category.dishes).filter(({ available }) => available);
  const count = Math.min(dishes.length, 1 + Math.floor(Math.random() * 3));
  return Array.from({ length: count }, () => {
    const dish = oneOf(dishes);
    const options = chooseOptions(menu, dish);
    return {
      dishId: dish.dishId,
      quantity: Math.random() < 0.8 ? 1 : 2,
      ...(options.length > 0 && { options }),
    };
  });
}

/** Places one order; a refusal (closed, sold out) is everyday life. */
async function orderDinner({ restaurants }: Town, { session, addressId }: Customer): Promise<void> {
  const page = await session.send<Page<Restaurant>>({ method: "GET", path: "/v1/restaurants?limit=100" });
  const ours = new Set(restaurants.map(({ name }) => name));
  const open = page.ok ? page.body.items.filter(({ name, openNow }) => openNow && ours.has(name)) : [];
  if (open.length === 0) return;
  const { restaurantId } = oneOf(open);
  const menu = await session.send<Menu>({ method: "GET", path: `/v1/restaurants/${restaurantId}/menu` });
  if (!menu.ok) return;
  const items = chooseLines(menu.body);
  if (items.length === 0) return;
  await session.send<Order>({
    ...{ method: "POST", path: "/v1/orders", expected: [404, 409, 422] },
    headers: { "idempotency-key": crypto.randomUUID() },
    body: { restaurantId, addressId, items, ...(Math.random() < 0.3 && { tipCents: 200 }) },
  });
}

/** Orders come in at `perMinute` in minutes of the town, from customers who have nothing under way. */
export async function liveAsCustomers(town: Town, pace: Pace, perMinute: number): Promise<void> {
  while (await pace.sleep(between(0.5, 1.5) * (60 / perMinute))) {
    const customer = oneOf(town.customers);
    const path = "/v1/orders?open=true&limit=1";
    const under = await customer.session.send<Page<Order>>({ method: "GET", path });
    if (under.ok && under.body.items.length === 0) await orderDinner(town, customer);
  }
}

/** The PIN of an order of one of the demo's customers. */
export async function askForPin({ customers }: Town, contactName: string | undefined, orderId: string) {
  const customer = customers.find(({ name }) => name === contactName);
  const order = await customer?.session.send<Order>({
    ...{ method: "GET", path: `/v1/orders/${orderId}`, expected: [404] },
  });
  return order?.ok ? order.body.handoverPin : undefined;
}
