import { describe, expect, test } from "bun:test";
import { type OpeningHours, WEEKDAYS } from "@food/shared/contracts/restaurant";
import { at, daily, inZone, on, utc } from "./opening-hours.builder.ts";
import { isOpenAt, isTimeZone, nextClosing, nextOpening } from "./opening-hours.ts";
import { MINUTE_MS } from "./wall-clock.builder.ts";

const DAY_MINUTES = 24 * 60;
const openings = (hours: OpeningHours, from: string) => nextOpening(hours, utc(from))?.toISOString();

describe("isOpenAt", () => {
  test("is always true without opening hours", () => {
    for (const day of WEEKDAYS) expect(isOpenAt(undefined, at(day, "04:00"))).toBe(true);
  });

  test("is never true with opening hours that have no interval", () => {
    for (const day of WEEKDAYS) expect(isOpenAt(on(), at(day, "12:00"))).toBe(false);
  });

  test.each([
    ["10:59", false],
    ["11:00", true],
    ["12:30", true],
    ["21:59", true],
    ["22:00", false],
  ])(
    "from 11:00 to 22:00, at %s is %p: includes the opening minute, excludes the closing one",
    (time, open) => {
      expect(isOpenAt(on("monday 11:00-22:00"), at("monday", time))).toBe(open);
    },
  );

  test("is true through the last second before closing", () => {
    const last = new Date(at("monday", "22:00").getTime() - 1);
    expect(isOpenAt(on("monday 11:00-22:00"), last)).toBe(true);
  });

  test("is true on no other day than the interval's", () => {
    const days = WEEKDAYS.filter((day) => isOpenAt(on("wednesday 11:00-22:00"), at(day, "12:00")));
    expect(days).toEqual(["wednesday"]);
  });

  test.each([
    ["friday", "17:59", false],
    ["friday", "18:00", true],
    ["friday", "23:59", true],
    ["saturday", "00:00", true],
    ["saturday", "01:59", true],
    ["saturday", "02:00", false],
    ["friday", "01:00", false],
  ] as const)("overnight from friday 18:00 to 02:00, on %s at %s is %p", (day, time, open) => {
    expect(isOpenAt(on("friday 18:00-02:00"), at(day, time))).toBe(open);
  });

  test.each([
    ["sunday", "22:00", true],
    ["monday", "00:00", true],
    ["monday", "02:59", true],
    ["monday", "03:00", false],
    ["sunday", "02:00", false],
  ] as const)("from sunday 22:00 into monday, on %s at %s is %p", (day, time, open) => {
    expect(isOpenAt(on("sunday 22:00-03:00"), at(day, time))).toBe(open);
  });

  test("treats 00:00 to 00:00 as that whole day", () => {
    const hours = on("tuesday 00:00-00:00");
    expect(isOpenAt(hours, new Date(at("tuesday", "00:00").getTime() - 1))).toBe(false);
    for (const time of ["00:00", "12:00", "23:59"]) expect(isOpenAt(hours, at("tuesday", time))).toBe(true);
    expect(isOpenAt(hours, at("wednesday", "00:00"))).toBe(false);
  });

  test("treats equal opening and closing times as twenty-four hours", () => {
    const hours = on("tuesday 11:00-11:00");
    expect(isOpenAt(hours, at("tuesday", "10:59"))).toBe(false);
    expect(isOpenAt(hours, at("wednesday", "10:59"))).toBe(true);
    expect(isOpenAt(hours, at("wednesday", "11:00"))).toBe(false);
  });

  test("supports several intervals, also overlapping ones", () => {
    const hours = on("monday 11:30-14:00", "monday 17:00-22:00", "monday 21:00-23:00");
    const open = ["11:29", "11:30", "14:00", "16:59", "17:00", "21:30", "22:30", "23:00"].map((time) =>
      isOpenAt(hours, at("monday", time)),
    );
    expect(open).toEqual([false, true, false, false, true, true, true, false]);
  });

  test("uses the local time and weekday of the time zone", () => {
    expect(isOpenAt(inZone("Asia/Tokyo", "tuesday 08:00-09:00"), at("monday", "23:30"))).toBe(true);
    expect(isOpenAt(inZone("America/New_York", "sunday 20:00-21:00"), at("monday", "01:30"))).toBe(true);
    expect(isOpenAt(inZone("Asia/Kathmandu", "monday 12:00-13:00"), at("monday", "06:15"))).toBe(true);
    expect(isOpenAt(inZone("Asia/Kathmandu", "monday 12:00-13:00"), at("monday", "06:14"))).toBe(false);
  });

  test("follows Berlin's clocks when they go forward", () => {
    const hours = inZone("Europe/Berlin", "saturday 11:00-22:00", "sunday 11:00-22:00");
    expect(isOpenAt(hours, utc("2026-03-28T09:59"))).toBe(false);
    expect(isOpenAt(hours, utc("2026-03-28T10:00"))).toBe(true);
    expect(isOpenAt(hours, utc("2026-03-29T08:59"))).toBe(false);
    expect(isOpenAt(hours, utc("2026-03-29T09:00"))).toBe(true);
  });

  test("closes an hour earlier in the night when clocks go forward", () => {
    const hours = inZone("Europe/Berlin", "saturday 22:00-04:00");
    expect(isOpenAt(hours, utc("2026-03-29T01:59"))).toBe(true);
    expect(isOpenAt(hours, utc("2026-03-29T02:00"))).toBe(false);
  });

  test("is open an hour longer in the night when clocks go back", () => {
    const hours = inZone("Europe/Berlin", "saturday 22:00-04:00");
    expect(isOpenAt(hours, utc("2026-10-25T02:59"))).toBe(true);
    expect(isOpenAt(hours, utc("2026-10-25T03:00"))).toBe(false);
  });
});

describe("an interval in the night when clocks go back", () => {
  test.each([
    ["that closes in the repeated hour closes in the first", "saturday 18:00-02:30", "00:29", "00:30"],
    ["that opens and closes in that hour is open in the first", "sunday 02:15-02:45", "00:44", "00:45"],
    ["that opens in that hour continues through the second", "sunday 02:30-03:00", "01:59", "02:00"],
  ])("%s", (_, interval, last, closing) => {
    const hours = inZone("Europe/Berlin", interval);
    const open = Array.from(
      { length: 6 * 60 },
      (_, minute) => new Date(utc("2026-10-24T22:00").getTime() + minute * MINUTE_MS),
    ).filter((minute) => isOpenAt(hours, minute));
    expect(open.at(-1)).toEqual(utc(`2026-10-25T${last}`));
    const opening = open[0] ?? utc("2026-10-25T00:00");
    expect(open).toHaveLength((utc(`2026-10-25T${closing}`).getTime() - opening.getTime()) / MINUTE_MS);
    for (const minute of open) expect(nextClosing(hours, minute)).toEqual(utc(`2026-10-25T${closing}`));
  });
});

describe("nextClosing", () => {
  test("is undefined when always open, closed now, or open for more than a week", () => {
    expect(nextClosing(undefined, at("monday", "12:00"))).toBeUndefined();
    expect(nextClosing(on("monday 13:00-14:00"), at("monday", "12:00"))).toBeUndefined();
    const wholeDays = on(...daily("00:00-00:00"));
    expect(nextClosing(wholeDays, at("monday", "12:00"))).toBeUndefined();
  });

  test("is the end of the last of adjoining or overlapping intervals", () => {
    const hours = on("monday 11:00-14:00", "monday 13:00-18:00", "monday 18:00-01:00", "tuesday 01:00-02:00");
    expect(nextClosing(hours, at("monday", "11:00"))).toEqual(at("tuesday", "02:00"));
  });
});

describe("nextOpening", () => {
  test("is undefined when always open, open now, or never open", () => {
    expect(nextOpening(undefined, at("monday", "12:00"))).toBeUndefined();
    expect(nextOpening(on("monday 11:00-22:00"), at("monday", "12:00"))).toBeUndefined();
    expect(nextOpening(on(), at("monday", "12:00"))).toBeUndefined();
  });

  test("is later the same day", () => {
    const hours = on("monday 11:30-14:00", "monday 17:00-22:00");
    expect(nextOpening(hours, at("monday", "09:00"))).toEqual(at("monday", "11:30"));
    expect(nextOpening(hours, at("monday", "14:00"))).toEqual(at("monday", "17:00"));
  });

  test("is a full minute at any second", () => {
    const now = new Date(at("monday", "11:29").getTime() + 59_999);
    expect(nextOpening(on("monday 11:30-14:00"), now)).toEqual(at("monday", "11:30"));
  });

  test("is the first of several days, in any order of the intervals", () => {
    const hours = on("friday 10:00-12:00", "wednesday 10:00-12:00", "monday 10:00-12:00");
    expect(nextOpening(hours, at("monday", "12:00"))).toEqual(at("wednesday", "10:00"));
    expect(nextOpening(hours, at("wednesday", "12:00"))).toEqual(at("friday", "10:00"));
  });

  test("is next week when this week's are over", () => {
    const hours = on("monday 11:00-12:00");
    expect(openings(hours, "2026-11-23T12:00")).toBe("2026-11-30T11:00:00.000Z");
    expect(openings(hours, "2026-11-29T23:59")).toBe("2026-11-30T11:00:00.000Z");
  });

  test("uses the local time of the time zone", () => {
    expect(openings(inZone("Asia/Tokyo", "tuesday 08:00-09:00"), "2026-11-23T12:00")).toBe(
      "2026-11-23T23:00:00.000Z",
    );
  });

  test.each([
    ["tomorrow, when clocks go forward", "sunday 11:00-22:00", "2026-03-28T20:00", "2026-03-29T09:00"],
    ["next week, when clocks go forward", "monday 11:00-22:00", "2026-03-28T21:00", "2026-03-30T09:00"],
    ["tomorrow, when clocks go back", "sunday 11:00-22:00", "2026-10-24T20:00", "2026-10-25T10:00"],
    ["next week, when clocks go back", "monday 11:00-22:00", "2026-10-24T20:00", "2026-10-26T10:00"],
    ["a week later, when clocks go forward", "saturday 11:00-12:00", "2026-03-28T11:00", "2026-04-04T09:00"],
    ["a week later, when clocks go back", "saturday 11:00-12:00", "2026-10-24T10:00", "2026-10-31T10:00"],
    ["at a skipped time", "sunday 02:30-06:00", "2026-03-28T20:00", "2026-03-29T01:00"],
    ["in a skipped hour", "sunday 02:00-03:00", "2026-03-28T20:00", "2026-04-05T00:00"],
    ["at a repeated time: the first", "sunday 02:30-06:00", "2026-10-24T20:00", "2026-10-25T00:30"],
    [
      "a week later, after the first of the two",
      "sunday 02:15-02:45",
      "2026-10-25T00:50",
      "2026-11-01T01:15",
    ],
    ["a week later, as clocks go back into it", "sunday 02:00-02:45", "2026-10-25T00:50", "2026-11-01T01:00"],
  ])("in Berlin is %s", (_, interval, from, expected) => {
    expect(openings(inZone("Europe/Berlin", interval), from)).toBe(utc(expected).toISOString());
  });

  test.each([
    ["Europe/Berlin", "2026-03-24"],
    ["Europe/Berlin", "2026-10-20"],
    ["America/New_York", "2026-10-27"],
    ["Australia/Lord_Howe", "2026-03-31"],
  ])("in %s in the week of %s is always the first minute at which it is open", (timeZone, week) => {
    const hours = inZone(timeZone, "saturday 18:00-01:30", "sunday 01:45-02:15", "tuesday 00:00-00:05");
    const minuteOf = (minute: number) => new Date(utc(`${week}T00:00`).getTime() + minute * MINUTE_MS);
    let opens: Date | undefined;
    const wrong: string[] = [];
    for (let minute = 8 * DAY_MINUTES; minute >= 0; minute--) {
      const now = minuteOf(minute);
      if (isOpenAt(hours, now)) opens = now;
      else if (opens && minute % 37 === 0 && nextOpening(hours, now)?.getTime() !== opens.getTime())
        wrong.push(`${now.toISOString()}: ${opens.toISOString()}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("isTimeZone", () => {
  test.each(["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"])("accepts %s", (name) => {
    expect(isTimeZone(name)).toBe(true);
  });
  test.each(["", "Europe/Atlantis", "Berlin", "UTC+25", "+01:00", "-0530", "../etc/passwd"])(
    "refuses %p",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
