import type { BrowseQuery } from "@food/shared/contracts/browse";
import type { DeliveryZone } from "@food/shared/contracts/delivery-zones";
import type { Restaurant } from "@food/shared/contracts/restaurant";
import { unprocessable } from "@food/shared/values/errors";
import { decodeCursor, encodeCursor, PAGE_SIZE_DEFAULT, type Page } from "@food/shared/values/page";
import { isOpenAt } from "../restaurants/opening-hours.ts";
import { queryWords } from "../restaurants/search-terms.ts";
import type { BrowsePosition, Found, RestaurantStore } from "../restaurants/store.ts";
import { publicView } from "../restaurants/view.ts";
import { hasZones, metersTo, reachMeters } from "../zones/zones.ts";
import { locationIn, SHARED_WITHIN_METERS, sharedPlace } from "./near.ts";
import { DistanceCursor, NameCursor } from "./schema.ts";

/** How many restaurants one page examines for `open` or `delivers`. The next page continues from there. */
const SCANNED_MAX = 300;
const SCANNED_AT_ONCE = 50;

/** Normalises a query for the cache: fixed field order and rounded position. Throws 422 for a position out of range, and
 * for `delivers` without a position. */
export function questionOf(asked: BrowseQuery): BrowseQuery {
  const { near, query, cuisine, open, delivers, limit, cursor } = asked;
  if (delivers && near === undefined)
    throw unprocessable("VALIDATION_FAILED", "`delivers` needs a position: send `near`.", {
      details: [{ pointer: "/query/near", detail: "Required with delivers" }],
    });
  return {
    ...(near !== undefined && { near: sharedPlace(near) }),
    ...(query !== undefined && { query }),
    ...(cuisine !== undefined && { cuisine }),
    ...(open && { open }),
    ...(delivers && { delivers }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  };
}

const positionOf = ({ _id: restaurantId, sortName, distanceMeters }: Found): BrowsePosition =>
  distanceMeters === undefined ? { sortName, restaurantId } : { distanceMeters, restaurantId };

const asksForNothing = ({ query }: BrowseQuery) => query !== undefined && queryWords(query).length === 0;

/** A page, and the zones of its restaurants by id, which are not on the page. */
export interface FoundPage {
  page: Page<Restaurant>;
  zones: Record<string, DeliveryZone[]>;
}

/** One page of restaurants, by distance with a position, else by name. With `open` or `delivers` a page may be short, even
 * empty, and still have a next one. With `delivers` it has the restaurants that deliver to any position that shares the
 * page. Throws 400 for an invalid cursor. */
export async function searchRestaurants(
  restaurants: RestaurantStore,
  query: BrowseQuery,
  now: Date,
): Promise<FoundPage> {
  const { limit = PAGE_SIZE_DEFAULT, open, delivers, cuisine } = query;
  const near = query.near === undefined ? undefined : locationIn(query.near);
  const filter = {
    ...(near && { near }),
    ...(query.query !== undefined && { query: query.query }),
    ...(cuisine !== undefined && { cuisine }),
    ...(open && { accepting: true }),
  };
  const wanted = (found: Found) =>
    (!open || isOpenAt(found.openingHours, now)) &&
    (!delivers || !near || metersTo(found, near) <= reachMeters(found) + SHARED_WITHIN_METERS);
  const shown: Found[] = [];
  const batch = open || delivers ? Math.max(limit, SCANNED_AT_ONCE) : limit;
  let position: BrowsePosition | undefined = decodeCursor(near ? DistanceCursor : NameCursor, query.cursor);
  const pageOf = (nextCursor: string | null): FoundPage => ({
    page: { items: shown.map((row) => publicView(row, now)), nextCursor },
    zones: Object.fromEntries(
      shown.flatMap((row) => (hasZones(row) ? [[row._id, row.deliveryZones ?? []]] : [])),
    ),
  });
  if (asksForNothing(query)) return pageOf(null);

  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    // All further results are at least as far away as the last one, so skip restaurants with a smaller radius.
    const reach = delivers && { radiusMeters: (position?.distanceMeters ?? 0) - SHARED_WITHIN_METERS };
    const rows = await restaurants.browse({ ...filter, ...reach }, batch + 1, position);
    for (const row of rows.slice(0, batch)) {
      if (wanted(row)) shown.push(row);
      position = positionOf(row);
      if (shown.length === limit) break;
    }
    scanned += rows.length;
    const exhausted = rows.length <= batch && position?.restaurantId === rows.at(-1)?._id;
    if (rows.length === 0 || exhausted) return pageOf(null);
    if (shown.length === limit) break;
  }
  return pageOf(position ? encodeCursor(position) : null);
}
