// When a dish can be ordered: by its owner's switch, by the time until which it is sold out, and by its category's times.
import type { CategoryHours, MenuDish, OpeningHours } from "@food/shared/contracts/restaurant";
import { isOpenAt, nextClosing, nextOpening } from "../restaurants/opening-hours.ts";

interface Offered {
  category: string;
  available: boolean;
  soldOutUntil?: Date;
}

export interface Unavailable {
  because: NonNullable<MenuDish["unavailableBecause"]>;
  /** Absent when that is not known. */
  from?: Date;
}

interface Clocks {
  openingHours?: OpeningHours;
  categoryHours?: CategoryHours[];
}

/** The times of each category that has its own, by the restaurant's clock. */
export function categoryTimes({ openingHours, categoryHours = [] }: Clocks): Map<string, OpeningHours> {
  const { timeZone } = openingHours ?? {};
  if (timeZone === undefined) return new Map();
  return new Map(categoryHours.map(({ category, intervals }) => [category, { timeZone, intervals }]));
}

export type CategoryTimes = ReturnType<typeof categoryTimes>;

/** Undefined when the dish can be ordered now. */
export function unavailability(dish: Offered, times: CategoryTimes, now: Date): Unavailable | undefined {
  const hours = times.get(dish.category);
  if (!dish.available) return { because: "sold_out" };
  const soldOutUntil = dish.soldOutUntil && dish.soldOutUntil > now ? dish.soldOutUntil : undefined;
  const earliest = soldOutUntil ?? now;
  const from = isOpenAt(hours, earliest) ? soldOutUntil : nextOpening(hours, earliest);
  if (soldOutUntil) return { because: "sold_out", ...(from && { from }) };
  return isOpenAt(hours, now) ? undefined : { because: "outside_hours", ...(from && { from }) };
}

/** The next time at which a dish of this menu may become orderable or stop being so. Infinity when there is none. */
export function nextChange(dishes: Offered[], times: CategoryTimes, now: Date): number {
  const openings = [...times.values()].map((hours) => nextClosing(hours, now) ?? nextOpening(hours, now));
  const reopenings = dishes.map(({ soldOutUntil }) => soldOutUntil);
  const changes = [...openings, ...reopenings].flatMap((at) => (at && at > now ? [at.getTime()] : []));
  return Math.min(...changes);
}
