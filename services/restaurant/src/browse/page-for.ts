// Makes a shared page of `delivers` exact for each position. Near the border of a restaurant's range some positions that
// share the page are inside and others outside. Only a page with such a restaurant is filtered for each reader. All
// other pages are sent as cached.
import type { BrowseQuery, Restaurant } from "@food/shared/contracts/restaurant";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { etagOf } from "@food/shared/values/etag";
import type { Page } from "@food/shared/values/page";
import { deliversTo, metersTo } from "../restaurants/delivery-range.ts";
import { locationIn, SHARED_WITHIN_METERS } from "./near.ts";

/** Marks a page to filter. No JSON text begins with it. */
const DIFFERS = "~";

/** The page as cached. */
export function packPage(page: Page<Restaurant>, { near, delivers }: BrowseQuery): string {
  const place = delivers && near !== undefined ? locationIn(near) : undefined;
  const isAtBorder = (restaurant: Restaurant) =>
    place !== undefined &&
    metersTo(restaurant, place) > restaurant.deliveryRadiusMeters - SHARED_WITHIN_METERS;
  return `${page.items.some(isAtBorder) ? DIFFERS : ""}${JSON.stringify(page)}`;
}

/** The page for the exact position of the query. */
export function unpackPage(packed: CachedBytes, { near }: BrowseQuery): CachedBytes {
  if (!packed.bytes.startsWith(DIFFERS) || near === undefined) return packed;
  const { items, ...page } = JSON.parse(packed.bytes.slice(DIFFERS.length)) as Page<Restaurant>;
  const place = locationIn(near);
  const bytes = JSON.stringify({ items: items.filter((item) => deliversTo(item, place)), ...page });
  return { bytes, etag: etagOf(bytes) };
}
