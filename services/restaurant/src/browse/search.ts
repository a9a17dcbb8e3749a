import type { BrowseQuery, Restaurant } from "@food/shared/contracts/restaurant";
import { unprocessable } from "@food/shared/values/errors";
import type { Location } from "@food/shared/values/geo";
import { decodeCursor, encodeCursor, PAGE_SIZE_DEFAULT, type Page } from "@food/shared/values/page";
import { isOpenAt } from "../restaurants/opening-hours.ts";
import { queryWords } from "../restaurants/search-terms.ts";
import { type BrowsePosition, type Found, publicView, type RestaurantStore } from "../restaurants/store.ts";
import { DistanceCursor, NameCursor } from "./schema.ts";

/** How many restaurants one page looks at for those that are open; the page after goes on from there. */
const SCANNED_MAX = 300;
const SCANNED_AT_ONCE = 50;

/** Throws 422 for a position that is not on Earth. */
function locationIn(near: string | undefined): Location | undefined {
  if (near === undefined) return undefined;
  const [lat = 0, lng = 0] = near.split(",").map(Number);
  if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return { lat, lng };
  throw unprocessable("VALIDATION_FAILED", "The position is not on Earth.", {
    details: [{ pointer: "/query/near", detail: "Latitude from -90 to 90, longitude from -180 to 180" }],
  });
}

/** Some 80 m at most from where somebody stands, so that neighbours ask the same. */
const DECIMALS = 3;

/** The query as it is asked: its fields in one order, and the position as all who are near by have it. Throws 422 for
 * one that is not on Earth. */
export function questionOf({ near, query, cuisine, open, limit, cursor }: BrowseQuery): BrowseQuery {
  const place = locationIn(near);
  return {
    ...(place && { near: `${place.lat.toFixed(DECIMALS)},${place.lng.toFixed(DECIMALS)}` }),
    ...(query !== undefined && { query }),
    ...(cuisine !== undefined && { cuisine }),
    ...(open && { open }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  };
}

const positionOf = ({ _id: restaurantId, sortName, distanceMeters }: Found): BrowsePosition =>
  distanceMeters === undefined ? { sortName, restaurantId } : { distanceMeters, restaurantId };

const asksForNothing = ({ query }: BrowseQuery) => query !== undefined && queryWords(query).length === 0;

/** One page of restaurants: nearest first where a position is given, else by name. With `open` a page may be short,
 * even empty, and still have a next one. A query without a letter or digit finds nothing. Throws 400 for a foreign cursor. */
export async function searchRestaurants(
  restaurants: RestaurantStore,
  query: BrowseQuery,
  now: Date,
): Promise<Page<Restaurant>> {
  const { limit = PAGE_SIZE_DEFAULT, open, cuisine } = query;
  const near = locationIn(query.near);
  const filter = {
    ...(near && { near }),
    ...(query.query !== undefined && { query: query.query }),
    ...(cuisine !== undefined && { cuisine }),
    ...(open && { accepting: true }),
  };
  const wanted = (found: Found) => !open || isOpenAt(found.openingHours, now);
  const shown: Found[] = [];
  const batch = open ? Math.max(limit, SCANNED_AT_ONCE) : limit;
  let position: BrowsePosition | undefined = decodeCursor(near ? DistanceCursor : NameCursor, query.cursor);
  if (asksForNothing(query)) return { items: [], nextCursor: null };

  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    const rows = await restaurants.browse(filter, batch + 1, position);
    for (const row of rows.slice(0, batch)) {
      if (wanted(row)) shown.push(row);
      position = positionOf(row);
      if (shown.length === limit) break;
    }
    scanned += rows.length;
    const exhausted = rows.length <= batch && position?.restaurantId === rows.at(-1)?._id;
    if (rows.length === 0 || exhausted)
      return { items: shown.map((row) => publicView(row, now)), nextCursor: null };
    if (shown.length === limit) break;
  }
  return {
    items: shown.map((row) => publicView(row, now)),
    nextCursor: position ? encodeCursor(position) : null,
  };
}
