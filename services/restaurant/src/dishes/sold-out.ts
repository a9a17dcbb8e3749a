import { unprocessable } from "@food/shared/values/errors";

const YEAR_MS = 366 * 86_400_000;

/** Throws 422 for a time that is not on the calendar, has passed, or is more than a year away. */
export function requireSoldOutWithinYear(
  { soldOutUntil }: { soldOutUntil?: string | null },
  now: Date,
): void {
  if (soldOutUntil === undefined || soldOutUntil === null) return;
  const untilMs = Date.parse(soldOutUntil) - now.getTime();
  if (untilMs > 0 && untilMs <= YEAR_MS) return;
  throw unprocessable("SOLD_OUT_UNTIL_INVALID", "A dish is sold out until a time within the next year.", {
    details: [
      { pointer: "/soldOutUntil", detail: "In the future; put `available` to false to reopen it yourself" },
    ],
  });
}
