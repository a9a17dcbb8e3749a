// Compares opening hours with an oracle that steps through a whole year, minute by minute.
import { describe, expect, test } from "bun:test";
import type { OpeningHours } from "@food/shared/contracts/restaurant";
import { isOpenAt, nextClosing, nextOpening } from "./opening-hours.ts";
import { changesNear, MINUTE_MS, minutesOpen } from "./wall-clock.builder.ts";

const YEAR = new Date("2026-01-01T00:00Z");
const DAY_MINUTES = 24 * 60;
const MINUTES = 365 * DAY_MINUTES;
const SHOWN_MAX = 5;

/** Intervals over midnight, over clock changes, adjoining, overlapping, of whole days, and a short one. */
const INTERVALS: OpeningHours["intervals"] = [
  { day: "monday", opens: "11:30", closes: "14:00" },
  { day: "monday", opens: "17:00", closes: "22:15" },
  { day: "tuesday", opens: "00:00", closes: "00:00" },
  { day: "wednesday", opens: "00:00", closes: "00:05" },
  { day: "thursday", opens: "22:00", closes: "00:30" },
  { day: "friday", opens: "00:00", closes: "02:00" },
  { day: "saturday", opens: "18:00", closes: "02:30" },
  { day: "saturday", opens: "23:15", closes: "23:45" },
  { day: "sunday", opens: "02:15", closes: "02:45" },
  { day: "sunday", opens: "01:45", closes: "02:15" },
  { day: "sunday", opens: "20:00", closes: "03:00" },
];
const SPECIAL_HOURS: NonNullable<OpeningHours["specialHours"]> = [
  { date: "2026-07-27", lastDate: "2026-08-16", intervals: [] },
  { date: "2026-04-05", intervals: [{ opens: "02:20", closes: "02:10" }] },
  { date: "2026-10-25", intervals: [{ opens: "02:30", closes: "02:45" }] },
  { date: "2026-12-24", intervals: [{ opens: "11:00", closes: "15:00" }] },
  { date: "2026-12-25", lastDate: "2026-12-26", intervals: [] },
  {
    date: "2026-12-31",
    intervals: [
      { opens: "18:00", closes: "04:00" },
      { opens: "03:00", closes: "05:00" },
    ],
  },
];

const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  // Changes by half an hour, in the southern hemisphere.
  "Australia/Lord_Howe",
  // Changes at midnight: the previous day ends twice, or the day begins at 01:00.
  "America/Santiago",
  "Africa/Cairo",
];

describe.each(ZONES)("a year in %s, minute by minute", (timeZone) => {
  const hours: OpeningHours = { timeZone, intervals: INTERVALS, specialHours: SPECIAL_HOURS };
  const open = minutesOpen(hours, YEAR, MINUTES);
  const at = (minute: number) => new Date(YEAR.getTime() + minute * MINUTE_MS);
  const shown = (minute: number) => at(minute).toISOString();

  test("is open when the oracle is: each minute near a clock change, else every eleventh", () => {
    const wrong: string[] = [];
    for (let day = 0; day < MINUTES; day += DAY_MINUTES) {
      const step = changesNear(timeZone, at(day)) ? 1 : 11;
      for (let minute = day; minute < day + DAY_MINUTES; minute += step)
        if (isOpenAt(hours, at(minute)) !== (open[minute] === 1)) wrong.push(shown(minute));
    }
    expect(wrong.slice(0, SHOWN_MAX)).toEqual([]);
  });

  test("opens and closes next when the oracle does", () => {
    const wrong: string[] = [];
    let change = open.lastIndexOf(1 - (open[MINUTES - 1] ?? 0)) + 1;
    for (let minute = change - 1; minute >= 0 && wrong.length < SHOWN_MAX; minute--) {
      const next = open[minute] ? nextClosing : nextOpening;
      const other = open[minute] ? nextOpening : nextClosing;
      // The first and last minute before a change, and many in between.
      if (minute === change - 1 || open[minute] !== open[minute - 1] || minute % 41 === 0) {
        if (next(hours, at(minute))?.getTime() !== at(change).getTime())
          wrong.push(`${shown(minute)}: not ${shown(change)}`);
        if (other(hours, at(minute)) !== undefined) wrong.push(`${shown(minute)}: both`);
      }
      if (open[minute] !== open[minute - 1]) change = minute;
    }
    expect(wrong).toEqual([]);
  });
});
