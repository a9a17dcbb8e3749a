// Public reads, served from Redis as response bytes. A write drops the changed entries after MongoDB has acknowledged it.
// If the process dies in between, the old bytes stay until their TTL. Quotes for orders never use this cache: they read
// MongoDB.

import type { BrowseQuery, DeliveryQuery } from "@food/shared/contracts/browse";
import type { DeliveryOffer } from "@food/shared/contracts/delivery-zones";
import type { Cache } from "@food/shared/storage/cache";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { currencyExponent } from "@food/shared/values/codes";
import { momentOf, nextChange } from "../dishes/availability.ts";
import { menuDish } from "../dishes/menu-dish.ts";
import type { DishStore } from "../dishes/store.ts";
import { groupsOf, withOptions } from "../option-groups/option-group.ts";
import { groupView } from "../option-groups/store.ts";
import type { RestaurantStore } from "../restaurants/store.ts";
import { publicView } from "../restaurants/view.ts";
import { type Deliverer, offerAt } from "../zones/zones.ts";
import { menuOf } from "./menu.ts";
import { locationIn } from "./near.ts";
import { packPage, unpackPage } from "./page-for.ts";
import { questionOf, searchRestaurants } from "./search.ts";

export interface Storefront {
  /** A page of restaurants. Throws 400 for an invalid cursor and 422 for a position out of range. */
  search: (query: BrowseQuery) => Promise<CachedBytes | undefined>;
  restaurant: (restaurantId: string) => Promise<CachedBytes | undefined>;
  menu: (restaurantId: string) => Promise<CachedBytes | undefined>;
  /** Delivery to a place. Throws 422 for a position out of range. */
  delivery: (restaurantId: string, query: DeliveryQuery) => Promise<DeliveryOffer | undefined>;
  /** Loads restaurant and menu into the cache. */
  warm: (restaurantId: string) => Promise<unknown>;
  /** Call after the restaurant was added or changed. Drops its menu too, which has its name, and all pages. */
  restaurantChanged: (restaurantId: string) => Promise<void>;
  dishesChanged: (restaurantId: string) => Promise<void>;
}

const MENU_LIFETIME = { ttlMs: 5 * 60_000, refreshAfterMs: 4 * 60_000 };
const MINUTE_MS = 60_000;
/** One group for all pages, as a change of a restaurant may affect any. The number of places is limited, so that queries
 * cannot fill Redis. */
const PAGES = { group: "pages", places: 1_024 };

/** Opening times change on full minutes, so `openNow` is right until the next one. */
export const untilNextMinute = (now: number) => Math.max(1, MINUTE_MS - (now % MINUTE_MS));

const restaurantGroup = (restaurantId: string) => `restaurant:${restaurantId}`;
const menuGroup = (restaurantId: string) => `menu:${restaurantId}`;

export function storefront(deps: {
  cache: Cache;
  restaurants: RestaurantStore;
  dishes: DishStore;
}): Storefront {
  const { cache, restaurants, dishes } = deps;

  async function loadRestaurant(restaurantId: string) {
    const found = await restaurants.find(restaurantId);
    return found ? JSON.stringify(publicView(found, new Date())) : undefined;
  }

  async function loadDeliverer(restaurantId: string) {
    const found = await restaurants.find(restaurantId);
    if (!found) return undefined;
    const { address, currency, deliveryRadiusMeters, deliveryFeeCents, deliveryZones = [] } = found;
    return JSON.stringify({
      ...{ address, currency, deliveryRadiusMeters, deliveryFeeCents, deliveryZones },
    } satisfies Deliverer);
  }

  async function loadMenu(restaurantId: string) {
    const [found, rows] = await Promise.all([restaurants.find(restaurantId), dishes.menuOf(restaurantId)]);
    if (!found) return undefined;
    const { name: restaurantName, currency, categoryOrder } = found;
    const optionGroups = (found.optionGroups ?? []).map(groupView);
    const groups = groupsOf(optionGroups);
    const moment = momentOf(found, new Date());
    const shown = rows.map((dish) => menuDish(withOptions(dish, groups), moment));
    const restaurant = {
      ...{ restaurantId, restaurantName, currency },
      currencyExponent: currencyExponent(currency),
    };
    const menu = menuOf(restaurant, shown, categoryOrder, moment.times, optionGroups);
    return { bytes: JSON.stringify(menu), until: nextChange(rows, moment) };
  }

  type Read = Cache["read"];
  const restaurant = (read: Read, restaurantId: string) =>
    read({ group: restaurantGroup(restaurantId) }, { ttlMs: untilNextMinute(Date.now()) }, () =>
      loadRestaurant(restaurantId),
    );
  const menu = (read: Read, restaurantId: string) =>
    read({ group: menuGroup(restaurantId) }, MENU_LIFETIME, () => loadMenu(restaurantId));

  return {
    async search(query) {
      const question = questionOf(query);
      const now = Date.now();
      const shared = await cache.read(
        { ...PAGES, member: JSON.stringify(question) },
        { ttlMs: untilNextMinute(now) },
        async () => packPage(await searchRestaurants(restaurants, question, new Date(now)), question),
      );
      return shared && unpackPage(shared, query);
    },
    restaurant: (restaurantId) => restaurant(cache.read, restaurantId),
    menu: (restaurantId) => menu(cache.read, restaurantId),
    async delivery(restaurantId, { near }) {
      const place = locationIn(near);
      const key = { group: restaurantGroup(restaurantId), member: "delivery" };
      const cached = await cache.read(key, MENU_LIFETIME, () => loadDeliverer(restaurantId));
      return cached && offerAt(JSON.parse(cached.bytes) as Deliverer, place);
    },
    warm: (restaurantId) =>
      Promise.all([menu(cache.warm, restaurantId), restaurant(cache.warm, restaurantId)]),
    restaurantChanged: (restaurantId) =>
      cache.drop(restaurantGroup(restaurantId), menuGroup(restaurantId), PAGES.group),
    dishesChanged: (restaurantId) => cache.drop(menuGroup(restaurantId)),
  };
}
