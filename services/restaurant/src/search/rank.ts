// The order of search results: open before closed, as typed before one wrong letter, near before far. Pure.
import type { Location } from "@food/shared/values/geo";
import { isOpenAt } from "../restaurants/opening-hours.ts";
import { REACH_MAX_METERS } from "../zones/area.ts";
import { deliversTo, metersTo } from "../zones/zones.ts";
import type { SearchCursor } from "./schema.ts";
import type { RestaurantHead } from "./store.ts";

export interface Rank extends Omit<SearchCursor, "atMs" | "place"> {
  place: number | string;
}

export interface Asked {
  near?: Location;
  open?: boolean;
  delivers?: boolean;
}

/** Negative when the first comes before the second. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.closed !== b.closed) return a.closed ? 1 : -1;
  if (a.similar !== b.similar) return a.similar ? 1 : -1;
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  return a.restaurantId < b.restaurantId ? -1 : Number(a.restaurantId > b.restaurantId);
}

/** The place of a restaurant among the results. Undefined when it is none. */
export function rankOf(head: RestaurantHead, similar: boolean, asked: Asked, at: Date): Rank | undefined {
  const { near, open, delivers } = asked;
  const closed = !head.acceptingOrders || !isOpenAt(head.openingHours, at);
  const meters = near && metersTo(head, near);
  if (open && closed) return undefined;
  if (meters !== undefined && meters > REACH_MAX_METERS) return undefined;
  if (delivers && near && !deliversTo(head, near)) return undefined;
  return { closed, similar, place: meters ?? head.sortName, restaurantId: head._id };
}

/** The ranks after the cursor, in order. */
export const ranksAfter = (ranks: Rank[], cursor: SearchCursor | undefined): Rank[] =>
  ranks.filter((rank) => !cursor || compareRanks(rank, cursor) > 0).sort(compareRanks);
