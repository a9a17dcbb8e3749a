// The seven steps of the workflow in one test over the four compiled binaries.
import { expect, test } from "bun:test";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Order } from "@food/shared/contracts/order";
import type { CartQuote } from "@food/shared/contracts/price";
import { openEventStream } from "@food/shared/testing/event-stream";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import {
  type Actor,
  courierOnDuty,
  expectStatus,
  type Kitchen,
  menuAt,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { givenPlatform, startPlatform } from "./platform.ts";

interface Delivery {
  deliveryId: string;
  orderId: string;
  status: string;
  ready: boolean;
  dropoff?: object;
}

const followAs = ({ token }: Actor, url: string) =>
  openEventStream(url, { authorization: `Bearer ${token}` });

/** Adds sizes and toppings to the first dish. */
async function offerPizza(restaurant: Kitchen) {
  const add = async (group: object) =>
    expectStatus(await restaurant.send<OptionGroup>("POST /v1/restaurants/me/option-groups", group), 201);
  const sizes = await add({
    ...{ name: "Size", minSelections: 1, maxSelections: 1 },
    options: [
      { name: "Small", priceCents: 0 },
      { name: "Large", priceCents: 300 },
    ],
  });
  const toppings = await add({
    ...{ name: "Toppings", minSelections: 0, maxSelections: 4 },
    options: [{ name: "Cheese", priceCents: 120, maxQuantity: 2 }],
  });
  const [dishId = ""] = restaurant.dishIds;
  const optionGroups = [sizes, toppings].map(({ optionGroupId }) => ({ optionGroupId }));
  expectStatus(await restaurant.send(`PATCH /v1/restaurants/me/dishes/${dishId}`, { optionGroups }), 200);
  const [small, large, cheese] = [...sizes.options, ...toppings.options].map(({ optionId }) => ({
    optionId,
  }));
  if (!small || !large || !cheese) throw new Error("The groups have no options");
  return { dishId, small, large, cheese };
}

const given = givenPlatform();

describeWithDatabases("the journey", () => {
  test("a customer orders dinner and receives it", async () => {
    const platform = given ?? (await startPlatform());
    // Far from earlier runs.
    const lat = Math.random() * 50;
    const north = (degrees: number) => ({ lat: lat + degrees, lng: 13.405 });
    const restaurant = await openRestaurant(platform, north(0));
    const home = north(0.009);
    const customer = await newCustomer(platform, home);

    // The kitchen follows its orders and has none yet.
    const kitchenScreen = await followAs(restaurant, `${platform.urls.restaurant}/v1/orders/events`);
    const shown = (status: string) =>
      eventually(async () =>
        kitchenScreen.events.find(({ event, data }) => event === "order" && data.status === status),
      );

    // 1. The customer browses restaurants and menus.
    const { items } = expectStatus(
      await customer.send<{ items: { restaurantId: string; openNow: boolean }[] }>(
        `GET /v1/restaurants?near=${home.lat},${home.lng}&query=pizza&open=true&delivers=true`,
      ),
      200,
    );
    expect(items[0]).toMatchObject({ restaurantId: restaurant.id, openNow: true });
    const apples = { name: "Äpfel", category: "Food", description: "", priceCents: 100, available: true };
    expectStatus(await restaurant.send("POST /v1/restaurants/me/dishes", apples), 201);
    const menu = await menuAt(customer, restaurant.id);
    const names = menu.categories[0]?.dishes.map(({ name }) => name);
    expect(names).toEqual(["Äpfel", "Margherita", "Tiramisu"]);

    // The restaurant offers sizes and toppings with its pizza. The customer chooses, and gets everything that is wrong and
    // then the exact price, with a tip.
    const pizza = await offerPizza(restaurant);
    const cart = {
      ...{ restaurantId: restaurant.id, addressId: customer.addressId, note: "Third floor", tipCents: 150 },
      items: [
        { dishId: pizza.dishId, quantity: 1, options: [pizza.large, { ...pizza.cheese, quantity: 2 }] },
        { dishId: pizza.dishId, quantity: 1, options: [pizza.small], note: "well done" },
        { dishId: restaurant.dishIds[1], quantity: 1 },
      ],
    };
    const { note: _, ...quotable } = cart;

    // It delivers to one zone, from a minimum on, and has one portion of its dessert left.
    const [, dessert = ""] = restaurant.dishIds;
    const town = { name: "Town", radiusMeters: 5_000, feeCents: 250, minimumCents: 1_500 };
    expectStatus(await restaurant.send("PATCH /v1/restaurants/me", { deliveryZones: [town] }), 200);
    expectStatus(
      await restaurant.send(`PUT /v1/restaurants/me/dishes/${dessert}/stock`, { remaining: 1 }),
      200,
    );
    const onlyDessert = { ...quotable, items: [{ dishId: dessert, quantity: 1 }] };
    expect(expectStatus(await customer.send("POST /v1/quotes", onlyDessert), 422)).toMatchObject({
      code: "BELOW_MINIMUM_ORDER",
    });
    const wrong = { ...quotable, items: [{ ...cart.items[0], options: [{ ...pizza.cheese, quantity: 3 }] }] };
    expect(expectStatus(await customer.send("POST /v1/quotes", wrong), 422)).toMatchObject({
      code: "OPTIONS_INVALID",
      details: [{ pointer: "/items/0/options/0/quantity" }, { pointer: "/items/0/options" }],
    });
    const quote = expectStatus(await customer.send<CartQuote>("POST /v1/quotes", quotable), 200);
    const subtotalCents = 950 + 300 + 2 * 120 + 950 + 600;
    expect(quote).toMatchObject({ subtotalCents, totalCents: subtotalCents + 250 + 150 });

    // 2 and 3. The customer orders. The order service checks the menu, prices the order and stores it once.
    const key = crypto.randomUUID();
    const place = () =>
      customer.send<Order>(
        "POST /v1/orders",
        { ...cart, quoteId: quote.quoteId },
        { "idempotency-key": key },
      );
    const order = expectStatus(await place(), 201);
    const { totalCents, components, currencyExponent } = quote;
    expect(order).toMatchObject({
      status: "pending",
      subtotalCents,
      totalCents,
      components,
      currencyExponent,
    });
    expect(
      order.items.map((item) => item.options?.map(({ name, quantity }) => `${quantity} ${name}`)),
    ).toEqual([["1 Large", "2 Cheese"], ["1 Small"], undefined]);
    expect((await place()).body.orderId).toBe(order.orderId);

    // The dessert is sold out now.
    const soldOut = await customer.send("POST /v1/orders", cart, { "idempotency-key": crypto.randomUUID() });
    expect(expectStatus(soldOut, 422)).toMatchObject({
      code: "DISH_UNAVAILABLE",
      details: [{ pointer: "/items/2/dishId" }],
    });
    await eventually(async () => {
      const { categories } = await menuAt(customer, restaurant.id);
      return categories.some(({ dishes }) =>
        dishes.some(({ dishId, available }) => dishId === dessert && !available),
      );
    });

    // 7. From here on the customer follows the order live.
    const stream = await followAs(customer, `${platform.urls.order}/v1/orders/${order.orderId}/events`);

    // 4. A courier comes on duty and is assigned the waiting order.
    const courier = await courierOnDuty(platform, north(0.002));
    const courierPhone = await followAs(courier, `${platform.urls.delivery}/v1/deliveries/events`);
    const told = (is: (delivery: Delivery) => boolean) =>
      eventually(async () =>
        courierPhone.events
          .flatMap(({ event, data }) => (event === "snapshot" ? data.items : data) as Delivery | Delivery[])
          .find(is),
      );
    const delivery = await told(({ status }) => status === "assigned");
    expect(delivery).toMatchObject({
      ...{ orderId: order.orderId, ready: false },
      dropoff: { address: order.deliveryAddress, note: order.note, contact: { name: "Ada Lovelace" } },
    });
    await eventually(async () => {
      const { body } = await customer.send<Order>(`GET /v1/orders/${order.orderId}`);
      return body.courier?.courierId === courier.id;
    });
    const act = (action: string, body?: object) =>
      courier.send<Delivery & { code: string; currentStatus: string }>(
        `POST /v1/deliveries/${delivery.deliveryId}/${action}`,
        body,
      );

    // 5. The kitchen sees the new order. The restaurant accepts, prepares and marks it ready. The courier
    // cannot pick up before that.
    const { data: shownOrder } = await shown("pending");
    expect(shownOrder).toMatchObject({
      orderId: order.orderId,
      items: order.items,
      totalCents: order.totalCents,
    });
    expect(shownOrder.handoverPin).toBeUndefined();
    const kitchen = (action: string, body?: object) =>
      restaurant.send<Order>(`POST /v1/orders/${shownOrder.orderId}/${action}`, body);
    expect(expectStatus(await kitchen("accept", { prepMinutes: 12 }), 200).readyAt).toBeString();
    expect(expectStatus(await act("pickup"), 409)).toMatchObject({ currentStatus: "accepted" });
    expectStatus(await kitchen("prepare"), 200);
    expectStatus(await kitchen("ready"), 200);

    // 6. The courier sees that the food is ready, picks up, and delivers with the customer's PIN.
    await told(({ ready }) => ready);
    expectStatus(await act("pickup"), 200);
    await shown("out_for_delivery");
    await eventually(async () => {
      const onTheWay = { location: north(0.006) };
      expectStatus(await courier.send("PUT /v1/couriers/me/location", onTheWay), 204);
      return stream.events.some(({ event, data }) => {
        const { lat } = (data.location ?? {}) as { lat?: number };
        return event === "location" && lat === onTheWay.location.lat;
      });
    });
    const { handoverPin = "" } = expectStatus(
      await customer.send<Order>(`GET /v1/orders/${order.orderId}`),
      200,
    );
    const wrongPin = handoverPin === "0000" ? "0001" : "0000";
    expect(expectStatus(await act("deliver", { pin: wrongPin }), 422).code).toBe("WRONG_PIN");
    const delivered = expectStatus(await act("deliver", { pin: handoverPin }), 200);
    expect([delivered.status, delivered.dropoff]).toEqual(["delivered", undefined]);

    // The customer saw each event once, in order.
    await stream.closed;
    const statuses = stream.events.filter(({ event }) => event === "status").map(({ data }) => data.type);
    expect(statuses).toEqual([
      "courier_assigned",
      "accepted",
      "preparing",
      "ready",
      "picked_up",
      "delivered",
    ]);
    expect(stream.events.at(-1)).toMatchObject({ event: "end", data: { status: "delivered" } });
    const timeline = await fetch(`${platform.urls.order}/v1/orders/${order.orderId}/timeline`, {
      headers: { authorization: `Bearer ${customer.token}` },
    }).then((response) => response.json() as Promise<{ items: { type: string }[] }>);
    expect(timeline.items.map(({ type }) => type)).toEqual(["placed", ...statuses.map(String)]);

    // The customer raises the tip after the delivery. It is in the total, and in the order that all see.
    const tipped = expectStatus(
      await customer.send<Order>(`PUT /v1/orders/${order.orderId}/tip`, { tipCents: 400 }),
      200,
    );
    expect([tipped.tipCents, tipped.totalCents]).toEqual([400, totalCents + 250]);
    expect(tipped.components?.at(-1)).toEqual({ kind: "tip", amountCents: 400 });
    const toCourier = await courier.send(`GET /v1/deliveries/${delivery.deliveryId}/tip`);
    expect(expectStatus(toCourier, 200)).toEqual({ tipCents: 400, currency: "EUR", currencyExponent: 2 });

    // The kitchen and the courier saw the end, and each version at most once.
    await shown("delivered");
    await told(({ status }) => status === "delivered");
    for (const { events } of [kitchenScreen, courierPhone]) {
      const ids = events.flatMap(({ id }) => id ?? []);
      expect(ids.length).toBeGreaterThan(2);
      expect(ids).toEqual(
        [...new Set(ids)].sort((a, b) => Number(a.split(":")[1]) - Number(b.split(":")[1])),
      );
    }

    // The courier is free again for the next order.
    const next = expectStatus(
      await customer.send<Order>(
        "POST /v1/orders",
        { ...cart, items: cart.items.slice(0, 2) },
        { "idempotency-key": crypto.randomUUID() },
      ),
      201,
    );
    await told(({ orderId, status }) => orderId === next.orderId && status === "assigned");
  });
});
