import { describe, expect, test } from "bun:test";
import { momentOf, nextChange, unavailability as unavailabilityAt } from "./availability.ts";

const openingHours = { timeZone: "Europe/Berlin", intervals: [] };
const lunch = (["monday", "tuesday", "wednesday", "thursday", "friday"] as const).map((day) => ({
  day,
  opens: "11:00",
  closes: "14:30",
}));
type Restaurant = Parameters<typeof momentOf>[0];
const times: Restaurant = { openingHours, categoryHours: [{ category: "Lunch", intervals: lunch }] };
const dish = (change: object = {}) => ({ _id: "dsh_1", category: "Lunch", available: true, ...change });
const unavailability = (of: ReturnType<typeof dish>, restaurant: Restaurant, now: Date) =>
  unavailabilityAt(of, momentOf(restaurant, now));
const changes = (dishes: ReturnType<typeof dish>[], restaurant: Restaurant, now: Date) =>
  nextChange(dishes, momentOf(restaurant, now));
const at = (instant: string) => new Date(instant);
/** Wednesday in winter: Berlin is one hour ahead of UTC. */
const NOON = at("2026-01-14T11:00Z");
const EVENING = at("2026-01-14T18:00Z");

describe("unavailability", () => {
  test("of a dish without rules is never", () => {
    expect(unavailability(dish({ category: "Pizza" }), times, EVENING)).toBeUndefined();
    expect(unavailability(dish(), {}, EVENING)).toBeUndefined();
  });

  test("by its category's times ends at the next opening by the restaurant's clock", () => {
    for (const [now, from] of [
      ["2026-01-14T09:59Z", "2026-01-14T10:00Z"],
      ["2026-01-14T13:30Z", "2026-01-15T10:00Z"],
      ["2026-01-16T13:30Z", "2026-01-19T10:00Z"],
      ["2026-07-15T08:59Z", "2026-07-15T09:00Z"],
    ] as const)
      expect(unavailability(dish(), times, at(now))).toEqual({ because: "outside_hours", from: at(from) });
    for (const open of ["2026-01-14T10:00Z", "2026-01-14T13:29Z", "2026-07-15T09:00Z"])
      expect(unavailability(dish(), times, at(open))).toBeUndefined();
  });

  test("of a category that never opens has no end", () => {
    const never = { openingHours, categoryHours: [{ category: "Lunch", intervals: [] }] };
    expect(unavailability(dish(), never, NOON)).toEqual({ because: "outside_hours" });
  });

  test("of a dish that its owner must reopen has no end", () => {
    const soldOut = dish({ available: false, soldOutUntil: EVENING });
    expect(unavailability(soldOut, times, NOON)).toEqual({ because: "sold_out" });
  });

  test("until a time ends then, or when its category opens after that", () => {
    const soldOut = dish({ category: "Pizza", soldOutUntil: EVENING });
    expect(unavailability(soldOut, times, NOON)).toEqual({ because: "sold_out", from: EVENING });
    expect(unavailability(soldOut, times, EVENING)).toBeUndefined();
    const evening = dish({ soldOutUntil: EVENING });
    const thursday = { because: "sold_out" as const, from: at("2026-01-15T10:00Z") };
    expect(unavailability(evening, times, NOON)).toEqual(thursday);
  });
});

describe("unavailability of a dish with limited portions", () => {
  const limited = (entry: { remaining: number; perDay?: number; day?: string }): Restaurant => ({
    openingHours,
    stock: { dsh_1: { day: "", ...entry } },
  });

  test("begins with the last portion, and has no end unless each day begins again", () => {
    expect(unavailability(dish(), limited({ remaining: 1 }), NOON)).toBeUndefined();
    expect(unavailability(dish(), limited({ remaining: 0 }), NOON)).toEqual({ because: "sold_out" });
    const other = { ...dish(), _id: "dsh_2" };
    expect(unavailability(other, limited({ remaining: 0 }), NOON)).toBeUndefined();
  });

  test("ends at 04:00 by the restaurant's clock when each day begins again", () => {
    const today = limited({ remaining: 0, perDay: 5, day: "2026-01-14" });
    const from = at("2026-01-15T03:00Z");
    expect(unavailability(dish(), today, NOON)).toEqual({ because: "sold_out", from });
    const night = at("2026-01-15T02:59Z");
    expect(unavailability(dish(), today, night)).toEqual({ because: "sold_out", from });
    expect(unavailability(dish(), today, from)).toBeUndefined();
    expect(changes([dish()], today, NOON)).toBe(from.getTime());
  });

  test("ends when its category opens after that", () => {
    const restaurant = { ...times, ...limited({ remaining: 0, perDay: 5, day: "2026-01-14" }) };
    const from = at("2026-01-15T10:00Z");
    expect(unavailability(dish(), restaurant, NOON)).toEqual({ because: "sold_out", from });
  });
});

describe("nextChange", () => {
  test("is the next opening or closing of a category, or the end of a sold-out time", () => {
    expect(changes([dish()], times, NOON)).toBe(at("2026-01-14T13:30Z").getTime());
    expect(changes([dish()], times, EVENING)).toBe(at("2026-01-15T10:00Z").getTime());
    const soon = at("2026-01-14T11:05Z");
    expect(changes([dish(), dish({ soldOutUntil: soon })], times, NOON)).toBe(soon.getTime());
    expect(changes([dish({ soldOutUntil: soon })], times, EVENING)).toBe(at("2026-01-15T10:00Z").getTime());
  });

  test("of a menu without such times is never", () => {
    expect(changes([dish()], {}, NOON)).toBe(Number.POSITIVE_INFINITY);
  });
});
