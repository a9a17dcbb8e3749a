// When a dish can be ordered: by its owner's switch, by the time until which it is sold out, by the portions that are left,
// and by its category's times.
import type { CategoryHours, MenuDish, OpeningHours } from "@food/shared/contracts/restaurant";
import { businessDay, isOpenAt, nextClosing, nextOpening } from "../restaurants/opening-hours.ts";
import { portionsLeft, type StockEntry } from "../stock/stock.ts";

interface Offered {
  _id: string;
  category: string;
  available: boolean;
  soldOutUntil?: Date;
}

export interface Unavailable {
  because: NonNullable<MenuDish["unavailableBecause"]>;
  /** Absent when that is not known. */
  from?: Date;
}

/** What decides at one moment which dishes of a restaurant can be ordered. */
export interface Moment {
  now: Date;
  /** The times of each category that has its own, by the restaurant's clock. */
  times: Map<string, OpeningHours>;
  stock: Record<string, StockEntry>;
  /** The business day. */
  today: { date: string; endsAt: Date };
}

export function momentOf(
  restaurant: {
    openingHours?: OpeningHours;
    categoryHours?: CategoryHours[];
    stock?: Record<string, StockEntry>;
  },
  now: Date,
): Moment {
  const { openingHours: { timeZone = "UTC" } = {}, categoryHours = [], stock = {} } = restaurant;
  const times = new Map(categoryHours.map(({ category, intervals }) => [category, { timeZone, intervals }]));
  return { now, times, stock, today: businessDay(timeZone, now) };
}

/** The portions that are left. Infinity for a dish without a limit. */
export function portionsAt({ stock, today }: Moment, dishId: string): number {
  const entry = stock[dishId];
  return entry ? portionsLeft(entry, today.date) : Number.POSITIVE_INFINITY;
}

/** From when a dish without the times of its category can be ordered: a time, `never` by itself, or undefined for now. */
function soldOut(dish: Offered, moment: Moment): Date | "never" | undefined {
  const { now, stock, today } = moment;
  const usedUp = portionsAt(moment, dish._id) <= 0;
  if (!dish.available || (usedUp && stock[dish._id]?.perDay === undefined)) return "never";
  const ends = [usedUp ? today.endsAt : undefined, dish.soldOutUntil].flatMap((end) =>
    end && end > now ? [end.getTime()] : [],
  );
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined;
}

/** Undefined when the dish can be ordered now. */
export function unavailability(dish: Offered, moment: Moment): Unavailable | undefined {
  const hours = moment.times.get(dish.category);
  const until = soldOut(dish, moment);
  if (until === "never") return { because: "sold_out" };
  const earliest = until ?? moment.now;
  const from = isOpenAt(hours, earliest) ? until : nextOpening(hours, earliest);
  if (until) return { because: "sold_out", ...(from && { from }) };
  return isOpenAt(hours, moment.now) ? undefined : { because: "outside_hours", ...(from && { from }) };
}

/** The next time at which a dish of this menu may become orderable or stop being so. Infinity when there is none. */
export function nextChange(dishes: Offered[], { now, times, stock, today }: Moment): number {
  const openings = [...times.values()].map((hours) => nextClosing(hours, now) ?? nextOpening(hours, now));
  const reopenings = dishes.map(({ soldOutUntil }) => soldOutUntil);
  const renewal = Object.values(stock).some(({ perDay }) => perDay !== undefined) ? today.endsAt : undefined;
  const changes = [...openings, ...reopenings, renewal].flatMap((at) =>
    at && at > now ? [at.getTime()] : [],
  );
  return Math.min(...changes);
}
