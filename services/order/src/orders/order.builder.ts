// Orders, quotes and requests with defaults, so a test states only the fields that matter.
import type { FreeCourier } from "@food/shared/contracts/delivery";
import type { DeliveryAddress, PlaceOrderRequest } from "@food/shared/contracts/order";
import type { OrderItem } from "@food/shared/contracts/order-lines";
import { type CartQuote, totalOf } from "@food/shared/contracts/price";
import type { Quote } from "@food/shared/contracts/restaurant";
import { newId } from "@food/shared/values/id";
import { plainComponents } from "../totals/price.ts";
import { deliveryIdOf } from "./delivery-id.ts";
import { newOrder, type OrderDocument } from "./order.ts";
import type { Terms } from "./terms.ts";

export const TERMS: Terms = {
  acceptWithinMs: 600_000,
  assignWithinMs: 2_700_000,
  pickupWithinMs: 1_800_000,
  courierMetersPerMinute: 250,
  daySpeed: 1,
  openPerCustomer: 5,
  openPerAddress: 20,
};

const RESTAURANT_ID = newId("rst");
const DISH_ID = newId("dsh");
const address = (lat: number) => ({
  line1: "Main Street 1",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
  location: { lat, lng: 13.4 },
});

export const aQuote = (overrides: Partial<Quote> = {}): Quote => ({
  restaurantId: RESTAURANT_ID,
  restaurantName: "Da Enzo",
  address: address(52.52),
  currency: "EUR",
  deliveryFeeCents: 250,
  prepMinutes: 15,
  items: [{ dishId: DISH_ID, name: "Margherita", unitPriceCents: 950 }],
  ...overrides,
});

/** What the restaurant service answers for these lines, without taxes and tip. */
export function aCart(items: OrderItem[], overrides: Partial<CartQuote> = {}): CartQuote {
  const { restaurantId, restaurantName, currency, deliveryFeeCents } = aQuote();
  const components = plainComponents(items, deliveryFeeCents);
  return {
    ...{ quoteId: `zzzzzzzz.${"h".repeat(43)}`, expiresAt: new Date().toISOString() },
    ...{ restaurantId, restaurantName, currency, currencyExponent: 2, items, components, deliveryFeeCents },
    ...{ subtotalCents: totalOf(components) - deliveryFeeCents, totalCents: totalOf(components) },
    ...overrides,
  };
}

export const aRequest = (
  overrides: Partial<PlaceOrderRequest> = {},
): PlaceOrderRequest & { deliveryAddress: DeliveryAddress } => ({
  customerId: newId("cus"),
  idempotencyKey: crypto.randomUUID(),
  restaurantId: RESTAURANT_ID,
  items: [{ dishId: DISH_ID, quantity: 2 }],
  addressId: newId("adr"),
  deliveryAddress: { label: "Home", ...address(52.53) },
  ...overrides,
});

/** At the restaurant of all test orders. */
export const aFreeCourier = (overrides: Partial<FreeCourier> = {}): FreeCourier => ({
  courierId: newId("crr"),
  location: aQuote().address.location,
  reachMeters: 5_000,
  ...overrides,
});

export function anOrder(overrides: Partial<OrderDocument> = {}): OrderDocument {
  const orderId = overrides._id ?? newId("ord");
  const order = newOrder({
    request: aRequest(),
    requestHash: "hash",
    quote: aQuote(),
    orderId,
    deliveryId: deliveryIdOf(orderId, 1, RESTAURANT_ID),
    handoverPin: "0417",
    now: new Date(),
    terms: TERMS,
  });
  return { ...order, ...overrides };
}
