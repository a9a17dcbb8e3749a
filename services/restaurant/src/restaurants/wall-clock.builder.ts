// An oracle for opening hours that shares no code with them. It steps minute by minute through local time, and ignores that
// clocks go back.
import { type OpeningHours, WEEKDAYS } from "@food/shared/contracts/restaurant";

export const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Clocks change at full quarters of an hour everywhere. */
const QUARTER_MINUTES = 15;

const minuteOfDay = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The local time, written as UTC. */
function clockIn(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    ...({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const),
    hourCycle: "h23",
  });
  return (instant) => {
    const [day, month, year, hour, minute] = format.format(instant).split(/\D+/).map(Number);
    return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute) / MINUTE_MS;
  };
}

/** The intervals of a local day, weekly or special. */
function intervalsOf({ intervals, specialHours = [] }: OpeningHours, day: number) {
  const midnight = new Date(day * DAY_MINUTES * MINUTE_MS);
  const date = midnight.toISOString().slice(0, 10);
  const weekday = WEEKDAYS[(midnight.getUTCDay() + 6) % 7];
  const special = specialHours.filter(
    (hours) => hours.date <= date && (hours.lastDate ?? hours.date) >= date,
  );
  return (special[0]?.intervals ?? intervals.filter((interval) => interval.day === weekday)).map(
    ({ opens, closes }) => {
      const from = day * DAY_MINUTES + minuteOfDay(opens);
      const to = day * DAY_MINUTES + minuteOfDay(closes);
      return { from, to: to > from ? to : to + DAY_MINUTES };
    },
  );
}

/** Whether clocks change within a day before or after. */
export function changesNear(timeZone: string, instant: Date): boolean {
  const clock = clockIn(timeZone);
  const shown = (days: number) => clock(instant.getTime() + days * DAY_MINUTES * MINUTE_MS);
  return shown(1) - shown(-1) !== 2 * DAY_MINUTES;
}

/** For each minute from `from`, a full hour: 1 when open, 0 when closed. */
export function minutesOpen(hours: OpeningHours, from: Date, minutes: number): Uint8Array {
  const open = new Uint8Array(minutes);
  const clock = clockIn(hours.timeZone);
  let quarter = 0;
  let highest = 0;
  let today = { day: 0, intervals: intervalsOf(hours, 0) };
  for (let minute = -2 * DAY_MINUTES; minute < minutes; minute++) {
    const past = ((minute % QUARTER_MINUTES) + QUARTER_MINUTES) % QUARTER_MINUTES;
    if (past === 0) quarter = clock(from.getTime() + minute * MINUTE_MS);
    highest = Math.max(highest, quarter + past);
    const day = Math.floor(highest / DAY_MINUTES);
    if (day !== today.day)
      today = { day, intervals: [day - 1, day].flatMap((near) => intervalsOf(hours, near)) };
    if (minute >= 0)
      open[minute] = today.intervals.some((one) => one.from <= highest && highest < one.to) ? 1 : 0;
  }
  return open;
}
