// What everybody may read, served from Redis as the bytes of the answer. A write drops what it has changed, after
// MongoDB has it; if the process dies between the two, the old bytes live on until their TTL at most. Ordering never
// reads any of this: a quote asks MongoDB.
import type { Cache, CachedBytes } from "@food/shared/cache";
import type { DishStore } from "../dishes/store.ts";
import { dishView } from "../dishes/store.ts";
import { publicView, type RestaurantStore } from "../restaurants/store.ts";
import { menuOf } from "./menu.ts";

export interface Storefront {
  restaurant: (restaurantId: string) => Promise<CachedBytes | undefined>;
  menu: (restaurantId: string) => Promise<CachedBytes | undefined>;
  /** The restaurant itself has changed; its menu shows its name. */
  restaurantChanged: (restaurantId: string) => Promise<void>;
  dishesChanged: (restaurantId: string) => Promise<void>;
}

export const MENU_TTL_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** Opening times change on the minute, so what says `openNow` is right until the next one begins. */
export const untilNextMinute = (now: number) => Math.max(1, MINUTE_MS - (now % MINUTE_MS));

const restaurantKey = (restaurantId: string) => `restaurant:${restaurantId}`;
const menuKey = (restaurantId: string) => `menu:${restaurantId}`;

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

  async function loadMenu(restaurantId: string) {
    const [found, rows] = await Promise.all([restaurants.find(restaurantId), dishes.menuOf(restaurantId)]);
    if (!found) return undefined;
    const { name: restaurantName, currency } = found;
    return JSON.stringify(menuOf({ restaurantId, restaurantName, currency }, rows.map(dishView)));
  }

  return {
    restaurant: (restaurantId) =>
      cache.read(restaurantKey(restaurantId), untilNextMinute(Date.now()), () =>
        loadRestaurant(restaurantId),
      ),
    menu: (restaurantId) => cache.read(menuKey(restaurantId), MENU_TTL_MS, () => loadMenu(restaurantId)),
    restaurantChanged: (restaurantId) => cache.drop(restaurantKey(restaurantId), menuKey(restaurantId)),
    dishesChanged: (restaurantId) => cache.drop(menuKey(restaurantId)),
  };
}
