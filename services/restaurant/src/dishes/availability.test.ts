import { describe, expect, test } from "bun:test";
import { categoryTimes, nextChange, unavailability } from "./availability.ts";

const openingHours = { timeZone: "Europe/Berlin", intervals: [] };
const lunch = (["monday", "tuesday", "wednesday", "thursday", "friday"] as const).map((day) => ({
  day,
  opens: "11:00",
  closes: "14:30",
}));
const times = categoryTimes({ openingHours, categoryHours: [{ category: "Lunch", intervals: lunch }] });
const dish = (change: object = {}) => ({ category: "Lunch", available: true, ...change });
const at = (instant: string) => new Date(instant);
/** Wednesday in winter: Berlin is one hour ahead of UTC. */
const NOON = at("2026-01-14T11:00Z");
const EVENING = at("2026-01-14T18:00Z");

describe("unavailability", () => {
  test("of a dish without rules is never", () => {
    expect(unavailability(dish({ category: "Pizza" }), times, EVENING)).toBeUndefined();
    expect(unavailability(dish(), new Map(), EVENING)).toBeUndefined();
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
    const never = categoryTimes({ openingHours, categoryHours: [{ category: "Lunch", intervals: [] }] });
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

describe("nextChange", () => {
  test("is the next opening or closing of a category, or the end of a sold-out time", () => {
    expect(nextChange([dish()], times, NOON)).toBe(at("2026-01-14T13:30Z").getTime());
    expect(nextChange([dish()], times, EVENING)).toBe(at("2026-01-15T10:00Z").getTime());
    const soon = at("2026-01-14T11:05Z");
    expect(nextChange([dish(), dish({ soldOutUntil: soon })], times, NOON)).toBe(soon.getTime());
    expect(nextChange([dish({ soldOutUntil: soon })], times, EVENING)).toBe(
      at("2026-01-15T10:00Z").getTime(),
    );
  });

  test("of a menu without such times is never", () => {
    expect(nextChange([dish()], new Map(), NOON)).toBe(Number.POSITIVE_INFINITY);
  });
});
