const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Pauses after each failed attempt, almost a day in all. */
const PAUSES_MS = [
  ...[5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[1 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS],
];
export const ATTEMPTS_MAX = PAUSES_MS.length + 1;

/** An endpoint with nothing but failures for so long is disabled. */
export const FAILING_MAX_MS = 24 * HOUR_MS;

/** The pause after this many failures, ± 20 %, so that messages that failed together do not come back together.
 * Undefined when the message is given up. */
export function pauseMs(failures: number, random = Math.random): number | undefined {
  const pause = PAUSES_MS[failures - 1];
  return pause && Math.round(pause * (0.8 + 0.4 * random()));
}
