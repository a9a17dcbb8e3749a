// Makes a shared page of `delivers` exact for each position. Near the border of a restaurant's range some positions that
// share the page are inside and others outside. Only a page with such a restaurant, or with one that has zones, is filtered
// for each reader. All other pages are sent as cached.
import type { BrowseQuery } from "@food/shared/contracts/browse";
import type { Restaurant } from "@food/shared/contracts/restaurant";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { etagOf } from "@food/shared/values/etag";
import { deliversTo, metersTo } from "../zones/zones.ts";
import { locationIn, SHARED_WITHIN_METERS } from "./near.ts";
import type { FoundPage } from "./search.ts";

/** Marks a page to filter. No JSON text begins with it. */
const DIFFERS = "~";

/** The page as cached. */
export function packPage({ page, zones }: FoundPage, { near, delivers }: BrowseQuery): string {
  const place = delivers && near !== undefined ? locationIn(near) : undefined;
  const isAtBorder = (restaurant: Restaurant) =>
    place !== undefined &&
    (restaurant.restaurantId in zones ||
      metersTo(restaurant, place) > restaurant.deliveryRadiusMeters - SHARED_WITHIN_METERS);
  return page.items.some(isAtBorder) ? `${DIFFERS}${JSON.stringify({ page, zones })}` : JSON.stringify(page);
}

/** The page for the exact position of the query. */
export function unpackPage(packed: CachedBytes, { near }: BrowseQuery): CachedBytes {
  if (!packed.bytes.startsWith(DIFFERS) || near === undefined) return packed;
  const { page, zones } = JSON.parse(packed.bytes.slice(DIFFERS.length)) as FoundPage;
  const place = locationIn(near);
  const items = page.items.filter((item) => {
    const deliveryZones = zones[item.restaurantId];
    return deliversTo({ ...item, ...(deliveryZones && { deliveryZones }) }, place);
  });
  const bytes = JSON.stringify({ items, nextCursor: page.nextCursor });
  return { bytes, etag: etagOf(bytes) };
}
