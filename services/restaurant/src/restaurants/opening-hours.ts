// Whether a restaurant is open, by the local time of its time zone.
//
// An interval belongs to the day on which it begins. Each of its times means the first moment at which local time reaches
// it. So an interval is open once: when clocks go back it does not repeat, and when they go forward it gets shorter.
import { type OpeningHours, WEEKDAYS } from "@food/shared/contracts/restaurant";

/** Times are whole minutes since 1 January 1970, 00:00, in UTC for instants and in local time for what a clock shows. */
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE_MS = 60_000;
const minuteOf = (instant: Date) => Math.floor(instant.getTime() / MINUTE_MS);
const instantAt = (minute: number) => new Date(minute * MINUTE_MS);

/** How far ahead `nextOpening` searches. */
const DAYS_AHEAD_MAX = 366;

/** Cache limits: zone names come from clients and have many spellings, such as `europe/berlin`. */
const FORMATS_MAX = 1_000;
const CLOCKS_MAX = 20_000;

/** Caches the results of `make`, and clears the cache when it has `max` entries. */
function remembering<T>(max: number, make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    if (known.size >= max) known.clear();
    known.set(key, made);
    return made;
  };
}

const formatIn = remembering(
  FORMATS_MAX,
  (timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" }),
);

/** Refuses offsets such as `+01:00`, which Intl accepts: they have no daylight saving time. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[a-z]/i.test(timeZone)) return false;
  try {
    formatIn(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Minutes ahead of UTC. */
function offsetAt(timeZone: string, minute: number): number {
  const parts = formatIn(timeZone).formatToParts(instantAt(minute));
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** A zone's offsets from the previous to the next day: no zone changes twice in three days. */
interface Clock {
  offset: number;
  /** Infinity when the offset does not change. */
  changesAt: number;
  offsetAfter: number;
}

const clockFor = remembering(CLOCKS_MAX, (key): Clock => {
  const [timeZone = "", day] = key.split(" ");
  let unchanged = (Number(day) - 1) * DAY;
  let changed = (Number(day) + 2) * DAY;
  const [offset, offsetAfter] = [offsetAt(timeZone, unchanged), offsetAt(timeZone, changed)];
  if (offset === offsetAfter) return { offset, offsetAfter, changesAt: Number.POSITIVE_INFINITY };
  while (changed - unchanged > 1) {
    const middle = Math.floor((unchanged + changed) / 2);
    if (offsetAt(timeZone, middle) === offset) unchanged = middle;
    else changed = middle;
  }
  return { offset, offsetAfter, changesAt: changed };
});
const clockAround = (timeZone: string, minute: number) => clockFor(`${timeZone} ${Math.floor(minute / DAY)}`);

/** The local day. */
function dayAt(timeZone: string, minute: number): number {
  const { offset, changesAt, offsetAfter } = clockAround(timeZone, minute);
  return Math.floor((minute + (minute < changesAt ? offset : offsetAfter)) / DAY);
}

/** The first minute at which local time is `shown` or later. */
function firstShowing(timeZone: string, shown: number): number {
  const { offset, changesAt, offsetAfter } = clockAround(timeZone, shown);
  return shown - offset < changesAt ? shown - offset : Math.max(changesAt, shown - offsetAfter);
}

const minuteOfDay = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const dateOf = (day: number) =>
  instantAt(day * DAY)
    .toISOString()
    .slice(0, 10);
const lastDateOf = ({ date, lastDate = date }: { date: string; lastDate?: string }) => lastDate;

export interface Fault {
  pointer: string;
  detail: string;
}

const isOnCalendar = (date: string) => {
  const midnight = new Date(`${date}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
};

/** Special hours with dates that do not exist, end before they begin, or overlap. */
export function faultsIn({ specialHours = [] }: OpeningHours): Fault[] {
  return specialHours.flatMap((hours, i) => {
    const pointer = `/openingHours/specialHours/${i}`;
    const last = lastDateOf(hours);
    if (!isOnCalendar(hours.date)) return [{ pointer: `${pointer}/date`, detail: "A day of the calendar" }];
    if (!isOnCalendar(last) || last < hours.date)
      return [{ pointer: `${pointer}/lastDate`, detail: "A day of the calendar, not before `date`" }];
    const shared = specialHours
      .slice(0, i)
      .some((other) => other.date <= last && hours.date <= lastDateOf(other));
    return shared ? [{ pointer: `${pointer}/date`, detail: "Each day at most once" }] : [];
  });
}

/** The intervals that begin on that day. One that closes at or before its opening time closes on the next day, so 00:00 to
 * 00:00 is the whole day. One that clocks skip completely is left out. */
function openingsOn({ timeZone, intervals, specialHours = [] }: OpeningHours, day: number) {
  const date = specialHours.length > 0 ? dateOf(day) : "";
  const special = specialHours.find((hours) => hours.date <= date && date <= lastDateOf(hours));
  const today =
    special?.intervals ?? intervals.filter((interval) => interval.day === WEEKDAYS[(day + 3) % 7]);
  return today
    .map(({ opens, closes }) => ({
      opensAt: firstShowing(timeZone, day * DAY + minuteOfDay(opens)),
      closesAt: firstShowing(timeZone, (closes > opens ? day : day + 1) * DAY + minuteOfDay(closes)),
    }))
    .filter(({ opensAt, closesAt }) => opensAt < closesAt);
}

/** When the last interval that is open then closes. Undefined when none is open. Includes the next day's intervals, because
 * clocks that go back over midnight repeat the previous day. */
function closingOf(hours: OpeningHours, minute: number): number | undefined {
  const day = dayAt(hours.timeZone, minute);
  const closings = [day - 1, day, day + 1]
    .flatMap((near) => openingsOn(hours, near))
    .filter(({ opensAt, closesAt }) => opensAt <= minute && minute < closesAt)
    .map(({ closesAt }) => closesAt);
  return closings.length > 0 ? Math.max(...closings) : undefined;
}

/** Without opening hours always true. */
export const isOpenAt = (hours: OpeningHours | undefined, instant: Date): boolean =>
  !hours || closingOf(hours, minuteOf(instant)) !== undefined;

/** The next minute at which it opens. Undefined when it is open now or does not open within a year. */
export function nextOpening(hours: OpeningHours | undefined, instant: Date): Date | undefined {
  if (!hours || isOpenAt(hours, instant)) return undefined;
  const now = minuteOf(instant);
  const today = dayAt(hours.timeZone, now);
  for (let day = today; day <= today + DAYS_AHEAD_MAX; day++) {
    const openings = openingsOn(hours, day).flatMap(({ opensAt }) => (opensAt > now ? [opensAt] : []));
    if (openings.length > 0) return instantAt(Math.min(...openings));
  }
  return undefined;
}

/** The next minute at which it closes. Undefined when it is closed now or does not close within a week. */
export function nextClosing(hours: OpeningHours | undefined, instant: Date): Date | undefined {
  if (!hours) return undefined;
  const now = minuteOf(instant);
  let closing = closingOf(hours, now);
  while (closing !== undefined && closing <= now + WEEK) {
    const later = closingOf(hours, closing);
    if (later === undefined) return instantAt(closing);
    closing = later;
  }
  return undefined;
}

/** A business day begins at 04:00, so that a night's service belongs to the evening before. */
const DAY_BEGINS = 4 * 60;
const businessDayBegins = (timeZone: string, day: number) => firstShowing(timeZone, day * DAY + DAY_BEGINS);
function businessDayAt(timeZone: string, minute: number): number {
  const day = dayAt(timeZone, minute);
  return minute < businessDayBegins(timeZone, day) ? day - 1 : day;
}

/** The date of the business day, and when the next one begins. */
export function businessDay(timeZone: string, instant: Date): { date: string; endsAt: Date } {
  const day = businessDayAt(timeZone, minuteOf(instant));
  return { date: dateOf(day), endsAt: instantAt(businessDayBegins(timeZone, day + 1)) };
}
