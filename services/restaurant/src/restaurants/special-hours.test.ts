import { describe, expect, test } from "bun:test";
import type { OpeningHours } from "@food/shared/contracts/restaurant";
import { at, daily, inZone, on, utc } from "./opening-hours.builder.ts";
import { faultsIn, isOpenAt, nextClosing, nextOpening } from "./opening-hours.ts";

describe("special hours", () => {
  /** Wednesday is the 25th. */
  const hours = (specialHours: OpeningHours["specialHours"]): OpeningHours => ({
    ...on(...daily("18:00-02:00")),
    ...(specialHours && { specialHours }),
  });

  test("without intervals close the day, but not an interval of the evening before", () => {
    const closed = hours([{ date: "2026-11-25", intervals: [] }]);
    expect(isOpenAt(closed, at("wednesday", "01:59"))).toBe(true);
    expect(isOpenAt(closed, at("wednesday", "02:00"))).toBe(false);
    expect(isOpenAt(closed, at("wednesday", "18:00"))).toBe(false);
    expect(isOpenAt(closed, at("thursday", "01:00"))).toBe(false);
    expect(nextOpening(closed, at("wednesday", "02:00"))).toEqual(at("thursday", "18:00"));
  });

  test("interrupt a restaurant that is open all week", () => {
    const hours = {
      ...on(...daily("00:00-00:00")),
      specialHours: [{ date: "2026-11-25", intervals: [] }],
    };
    expect(nextClosing(hours, at("monday", "12:00"))).toEqual(at("wednesday", "00:00"));
  });

  test("with intervals replace the weekly ones", () => {
    const other = hours([
      {
        date: "2026-11-25",
        intervals: [
          { opens: "12:00", closes: "14:00" },
          { opens: "23:00", closes: "03:00" },
        ],
      },
    ]);
    const open = ["12:00", "13:59", "14:00", "18:00", "23:00"].map((time) =>
      isOpenAt(other, at("wednesday", time)),
    );
    expect(open).toEqual([true, true, false, false, true]);
    expect(isOpenAt(other, at("thursday", "02:59"))).toBe(true);
  });

  test("can open a day that is otherwise closed", () => {
    const once: OpeningHours = {
      ...on(),
      specialHours: [{ date: "2026-11-26", intervals: [{ opens: "10:00", closes: "11:00" }] }],
    };
    expect(nextOpening(once, at("monday", "00:00"))).toEqual(at("thursday", "10:00"));
    expect(nextOpening(once, at("thursday", "11:00"))).toBeUndefined();
  });

  test("may last several days, and it opens again after the last", () => {
    const away = hours([{ date: "2026-11-24", lastDate: "2026-12-14", intervals: [] }]);
    expect(nextOpening(away, utc("2026-11-24T12:00"))).toEqual(utc("2026-12-15T18:00"));
  });

  test("that never end have no next opening", () => {
    const gone = hours([{ date: "2026-11-24", lastDate: "9999-12-31", intervals: [] }]);
    expect(nextOpening(gone, utc("2026-11-24T12:00"))).toBeUndefined();
  });

  test("use the local date", () => {
    const tokyo: OpeningHours = {
      ...inZone("Asia/Tokyo", ...daily("00:00-00:00")),
      specialHours: [{ date: "2026-11-25", intervals: [] }],
    };
    const closed = ["2026-11-24T14:59", "2026-11-24T15:00", "2026-11-25T14:59", "2026-11-25T15:00"];
    expect(closed.map((time) => isOpenAt(tokyo, utc(time)))).toEqual([true, false, false, true]);
  });

  test("are invalid on dates that do not exist, with an end before the beginning, and when they overlap", () => {
    const faults = faultsIn(
      hours([
        { date: "2026-11-25", lastDate: "2026-11-24", intervals: [] },
        { date: "2026-12-24", lastDate: "2026-12-26", intervals: [] },
        { date: "2026-12-26", intervals: [] },
        { date: "2026-12-27", lastDate: "2026-12-27", intervals: [] },
        { date: "2026-02-29", intervals: [] },
        { date: "2026-13-01", intervals: [] },
        { date: "2028-02-29", lastDate: "2028-02-30", intervals: [] },
      ]),
    );
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      "/openingHours/specialHours/0/lastDate",
      "/openingHours/specialHours/2/date",
      "/openingHours/specialHours/4/date",
      "/openingHours/specialHours/5/date",
      "/openingHours/specialHours/6/lastDate",
    ]);
    expect(faultsIn(on())).toEqual([]);
  });
});
