// A short notation of opening hours, for tests.
import { type OpeningHours, WEEKDAYS } from "@food/shared/contracts/restaurant";

type Interval = OpeningHours["intervals"][number];

/** `on("monday 11:30-14:00", …)`, by default in UTC. */
export const on = (...texts: string[]): OpeningHours => inZone("UTC", ...texts);
export const inZone = (timeZone: string, ...texts: string[]): OpeningHours => ({
  timeZone,
  intervals: texts.map((text) => {
    const [day, opens = "", closes = ""] = text.split(/[ -]/);
    return { day: day as Interval["day"], opens, closes };
  }),
});
export const daily = (times: string) => WEEKDAYS.map((day) => `${day} ${times}`);

/** 23 November 2026 is a Monday. */
export const at = (day: (typeof WEEKDAYS)[number], time: string) =>
  new Date(Date.UTC(2026, 10, 23 + WEEKDAYS.indexOf(day), Number(time.slice(0, 2)), Number(time.slice(3))));
export const utc = (text: string) => new Date(`${text}Z`);
