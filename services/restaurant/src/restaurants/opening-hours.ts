// When a restaurant is open, by the clock on its own wall. Pure: the instant comes in as an argument.
import { type OpeningHours, WEEKDAYS } from "@food/shared/contracts/restaurant";

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MINUTE_MS = 60_000;

/** Names come from clients, and one zone has many spellings (`europe/berlin`): more are not remembered. */
const FORMATS_MAX = 1_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(timeZone, format);
  return format;
}

/** Offsets such as `+01:00`, which Intl takes too, are no zones: they know no summer time. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[a-z]/i.test(timeZone)) return false;
  try {
    formatIn(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Minutes since Monday, 00:00, on the wall clock there. */
function minuteOfWeek(instant: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    formatIn(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const day = (WEEKDAYS as readonly string[]).indexOf(parts.weekday?.toLowerCase() ?? "");
  return day * DAY_MINUTES + Number(parts.hour) * 60 + Number(parts.minute);
}

const minuteOfDay = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Where an interval begins in the week and how long it lasts: one that closes at or before it opens ends on the next
 * day, so that 00:00 to 00:00 is the whole day. */
function spanOf({ day, opens, closes }: OpeningHours["intervals"][number]): {
  from: number;
  minutes: number;
} {
  const from = WEEKDAYS.indexOf(day) * DAY_MINUTES + minuteOfDay(opens);
  const length = minuteOfDay(closes) - minuteOfDay(opens);
  return { from, minutes: length > 0 ? length : length + DAY_MINUTES };
}

/** How many minutes the clock shows `minute` after it has shown `from`. */
const minutesFrom = (from: number, minute: number) => (minute - from + WEEK_MINUTES) % WEEK_MINUTES;

/** Whether it is open then. Without opening hours it always is. */
export function isOpenAt(hours: OpeningHours | undefined, instant: Date): boolean {
  if (!hours) return true;
  const minute = minuteOfWeek(instant, hours.timeZone);
  return hours.intervals.map(spanOf).some(({ from, minutes }) => minutesFrom(from, minute) < minutes);
}

/** The first minute from now on at which it is open; undefined when it is open now or never will be. */
export function nextOpening(hours: OpeningHours | undefined, instant: Date): Date | undefined {
  if (!hours || hours.intervals.length === 0 || isOpenAt(hours, instant)) return undefined;
  const openings = hours.intervals.map((interval) => spanOf(interval).from);
  const after = (start: Date, minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS);
  let now = new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
  for (;;) {
    const shown = minuteOfWeek(now, hours.timeZone);
    const showsAfter = (minutes: number) =>
      minutesFrom(shown, minuteOfWeek(after(now, minutes), hours.timeZone)) === minutes % WEEK_MINUTES;
    let wait = Math.min(...openings.map((from) => minutesFrom(shown, from)));
    if (showsAfter(wait)) return after(now, wait);
    // The clocks are put forward or back before then, which may be an opening too: go on from that minute.
    for (let unchanged = 0; wait - unchanged > 1; ) {
      const middle = Math.floor((unchanged + wait) / 2);
      if (showsAfter(middle)) unchanged = middle;
      else wait = middle;
    }
    now = after(now, wait);
    if (isOpenAt(hours, now)) return now;
  }
}
