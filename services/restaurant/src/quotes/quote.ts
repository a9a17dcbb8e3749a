// The current price of an order. Reads MongoDB, never the cache, so that no price is stale and no dish sold out.
import { isClosing } from "@food/shared/accounts/deletion/closing";
import type { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import { type TaxTerms, tipMaxCents } from "@food/shared/contracts/price";
import type { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { currencyExponent } from "@food/shared/values/codes";
import { type AppError, conflict, type ProblemExtras, unprocessable } from "@food/shared/values/errors";
import { type Moment, momentOf, portionsAt, unavailability } from "../dishes/availability.ts";
import type { DishDocument, DishStore } from "../dishes/store.ts";
import { groupsOf, withOptions } from "../option-groups/option-group.ts";
import { isOpenAt, nextOpening } from "../restaurants/opening-hours.ts";
import { noSuchRestaurant, type RestaurantDocument, type RestaurantStore } from "../restaurants/store.ts";
import { portionsOf } from "../stock/stock.ts";
import type { StockStore } from "../stock/store.ts";
import { chargesFor, hasZones, offerAt } from "../zones/zones.ts";
import { cartQuote, requireQuoted } from "./cart-quote.ts";
import { type CartPrice, priceCart, subtotalOf } from "./price-cart.ts";
import { priceLine } from "./price-line.ts";

export interface QuoteDeps {
  restaurants: RestaurantStore;
  dishes: DishStore;
  stock: StockStore;
  /** Drops the restaurant's cached menu. */
  changed: (restaurantId: string) => Promise<void>;
}

type Details = NonNullable<ProblemExtras["details"]>;

/** One reason why the cart cannot be ordered. */
interface Refusal {
  code: string;
  message: string;
  /** Where it is in the request, when there are several refusals. */
  pointer: string;
  details?: Details;
}

const TIP_TOO_LARGE = {
  code: "TIP_TOO_LARGE",
  message: "The tip is larger than an order may have.",
  pointer: "/tipCents",
};

/** Of a restaurant that states none. */
const TAX_DEFAULT: TaxTerms = { pricesIncludeTax: true };

/** Bounds the size of a refusal. */
const DETAILS_MAX = 100;

function closed(restaurant: RestaurantDocument, now: Date): Refusal[] {
  const { acceptingOrders, openingHours } = restaurant;
  const refusal = (message: string) => [{ code: "RESTAURANT_CLOSED", message, pointer: "/restaurantId" }];
  if (!acceptingOrders || isClosing(restaurant, now))
    return refusal("The restaurant takes no orders at the moment.");
  if (isOpenAt(openingHours, now)) return [];
  const opens = nextOpening(openingHours, now);
  const when = opens ? ` It opens at ${opens.toISOString()}.` : "";
  return refusal(`The restaurant is closed now.${when}`);
}

/** Why the address, or so small an order to it, is refused. */
function undeliverable(
  restaurant: RestaurantDocument,
  offer: DeliveryOffer,
  missingCents: number,
): Refusal[] {
  const { deliverable, distanceMeters, currency, minimumCents } = offer;
  const refusal = (code: string, pointer: string, message: string) => [{ code, pointer, message }];
  if (deliverable && missingCents === 0) return [];
  if (deliverable)
    return refusal(
      "BELOW_MINIMUM_ORDER",
      "/items",
      `The minimum order to this address is ${minimumCents}, and ${missingCents} are missing, in minor units of ${currency}.`,
    );
  const range = hasZones(restaurant)
    ? "outside the restaurant's delivery zones."
    : `${distanceMeters} m away; the restaurant delivers within ${restaurant.deliveryRadiusMeters} m.`;
  return refusal("OUT_OF_RANGE", "/addressId", `The address is ${range}`);
}

function tooLargeTip({ tipCents = 0 }: QuoteRequest, { subtotalCents }: CartPrice): Refusal[] {
  const most = tipMaxCents(subtotalCents);
  if (tipCents <= most) return [];
  return [{ ...TIP_TOO_LARGE, details: [{ pointer: "/tipCents", detail: `At most ${most} for this cart` }] }];
}

type Menu = ReadonlyMap<string, DishDocument>;

function priceLines({ items }: QuoteRequest, menu: Menu, restaurant: RestaurantDocument, moment: Moment) {
  const groups = groupsOf(restaurant.optionGroups);
  const portions = portionsOf(items);
  const missing: Details = [];
  const unavailable: Details = [];
  const wrongOptions: Details = [];
  const lines = items.flatMap((line, i) => {
    const at = `/items/${i}`;
    const dish = menu.get(line.dishId);
    const refuse = (list: Details, detail: string) => {
      list.push({ pointer: `${at}/dishId`, detail });
      return [];
    };
    if (!dish) return refuse(missing, "Not on this menu");
    const why = whyUnavailable(withOptions(dish, groups), portions.get(dish._id) ?? 0, moment);
    if (why !== undefined) return refuse(unavailable, why);
    const { faults, ...priced } = priceLine(line, dish, groups, at);
    wrongOptions.push(...faults);
    return priced;
  });
  const refusals: Refusal[] = [
    { code: "DISH_NOT_FOUND", message: "Not everything is on this restaurant's menu.", details: missing },
    { code: "DISH_UNAVAILABLE", message: "Not everything is to be had at the moment.", details: unavailable },
    { code: "OPTIONS_INVALID", message: "Some options cannot be chosen like this.", details: wrongOptions },
  ].flatMap((refusal) => (refusal.details.length > 0 ? { ...refusal, pointer: "/items" } : []));
  return { lines, refusals };
}

/** All reasons in one problem, with the code and message of the first. */
function refusalOf([first, ...others]: Refusal[]): AppError | undefined {
  if (!first) return undefined;
  const all = [first, ...others].flatMap(
    ({ pointer, message, details = [{ pointer, detail: message }] }) => details,
  );
  const details = others.length > 0 ? all : first.details;
  return unprocessable(first.code, first.message, {
    ...(details && { details: details.slice(0, DETAILS_MAX) }),
  });
}

/** Why so many portions of a dish cannot be ordered now. */
function whyUnavailable(dish: DishDocument, portions: number, moment: Moment): string | undefined {
  const unavailable = unavailability(dish, moment);
  const left = portionsAt(moment, dish._id);
  if (!unavailable) return left < portions ? `Only ${left} left` : undefined;
  const why = unavailable.because === "sold_out" ? "Sold out" : "Not served at this time";
  return unavailable.from ? `${why}, available from ${unavailable.from.toISOString()}` : why;
}

const ended = () => conflict("ORDER_ENDED", "This order can take no portions any more. Place a new one.");

/** Takes limited portions for the order. Returns whether there was anything to take, or the stock when it is not enough. */
async function takeStock(
  { stock, changed }: QuoteDeps,
  order: QuoteRequest & { orderId: string },
  restaurant: RestaurantDocument,
  { now, today }: Moment,
): Promise<boolean | Moment["stock"]> {
  const taken = await stock.take(order, portionsOf(order.items), restaurant, today.date, now);
  if (taken.outcome === "settled") throw ended();
  if (taken.outcome === "not_enough") return taken.stock;
  if (taken.outcome === "unlimited") return false;
  if (taken.soldOut) await changed(order.restaurantId);
  return true;
}

/** Throws 404 for an unknown restaurant. Throws 422 with all reasons when it is closed or too far away, a dish is not
 * available, options do not fit, or the tip is too large. Throws 409 when the given quote no longer holds.
 *
 * With an order id it takes limited portions for that order. A repeated request finds its own portions taken, so only the
 * take itself decides whether there are enough. */
export async function quote(deps: QuoteDeps, request: QuoteRequest, now: Date): Promise<Quote> {
  const { restaurants, dishes } = deps;
  const { orderId } = request;
  const dishIds = [...new Set(request.items.map(({ dishId }) => dishId))];
  const [restaurant, ordered] = await Promise.all([
    restaurants.find(request.restaurantId),
    dishes.these(request.restaurantId, dishIds),
  ]);
  if (!restaurant) throw noSuchRestaurant();
  const menu = new Map(ordered.map((dish) => [dish._id, dish]));
  const moment = momentOf(restaurant, now);
  const offer = offerAt(restaurant, request.dropoff);
  const { currency, tax = TAX_DEFAULT } = restaurant;
  const priceAt = (stock: Moment["stock"]) => {
    const { lines, refusals } = priceLines(request, menu, restaurant, { ...moment, stock });
    const charges = chargesFor(offer, subtotalOf(lines));
    const fees = { deliveryFeeCents: charges.feeCents, surchargeCents: charges.surchargeCents };
    const price = priceCart({ lines, ...fees, tax, tipCents: request.tipCents ?? 0 });
    // The price of a cart with refused lines is not known.
    const isKnown = refusals.length === 0;
    const refusal = refusalOf([
      ...closed(restaurant, now),
      ...refusals,
      ...undeliverable(restaurant, offer, isKnown ? charges.missingCents : 0),
      ...(isKnown ? tooLargeTip(request, price) : []),
    ]);
    return { items: lines.map(({ item }) => item), charges, price, refusal };
  };
  const { items, charges, price, refusal } = priceAt(orderId === undefined ? moment.stock : {});
  if (refusal) throw refusal;
  const seller = { restaurantId: restaurant._id, restaurantName: restaurant.name };
  const money = { ...price, currency, currencyExponent: currencyExponent(currency) };
  const cart = cartQuote({ ...seller, items, ...money }, request.dropoff, now);
  // Before any portion is taken.
  requireQuoted(request.quoteId, cart, now);
  const stockTaken =
    orderId !== undefined && (await takeStock(deps, { ...request, orderId }, restaurant, moment));
  if (typeof stockTaken === "object") throw priceAt(stockTaken).refusal ?? ended();
  return {
    ...seller,
    address: restaurant.address,
    currency,
    // An order service of an older release adds only this to the lines.
    deliveryFeeCents: charges.feeCents + charges.surchargeCents,
    prepMinutes: restaurant.prepMinutes,
    ...(stockTaken && { stockTaken }),
    items: ordered.map(({ _id, name, priceCents }) => ({ dishId: _id, name, unitPriceCents: priceCents })),
    cart,
  };
}
