// A page of those that deliver is shared like any other, and still right for each: near the border of a restaurant's range
// some of those who share it are inside and others outside. Only a page with such a restaurant is made anew for each; the
// bytes of all others are sent as they are.
import type { BrowseQuery, Restaurant } from "@food/shared/contracts/restaurant";
import type { CachedBytes } from "@food/shared/storage/cache-entry";
import { etagOf } from "@food/shared/values/etag";
import type { Page } from "@food/shared/values/page";
import { deliversTo, metersTo } from "../restaurants/delivery-range.ts";
import { locationIn, SHARED_WITHIN_METERS } from "./near.ts";

/** No JSON begins with it. */
const DIFFERS = "~";

/** The page as it is cached for all who ask this. */
export function packPage(page: Page<Restaurant>, { near, delivers }: BrowseQuery): string {
  const place = delivers && near !== undefined ? locationIn(near) : undefined;
  const isAtBorder = (restaurant: Restaurant) =>
    place !== undefined &&
    metersTo(restaurant, place) > restaurant.deliveryRadiusMeters - SHARED_WITHIN_METERS;
  return `${page.items.some(isAtBorder) ? DIFFERS : ""}${JSON.stringify(page)}`;
}

/** The page for one who asks, by the position that was given. */
export function unpackPage(packed: CachedBytes, { near }: BrowseQuery): CachedBytes {
  if (!packed.bytes.startsWith(DIFFERS) || near === undefined) return packed;
  const { items, ...page } = JSON.parse(packed.bytes.slice(DIFFERS.length)) as Page<Restaurant>;
  const place = locationIn(near);
  const bytes = JSON.stringify({ items: items.filter((item) => deliversTo(item, place)), ...page });
  return { bytes, etag: etagOf(bytes) };
}
