// How old a figure is, said honestly.

export type Freshness = "fresh" | "stale" | "gone";

/** As the services count: a position is stale after a minute. After ten it says nothing about now. */
const STALE_AFTER_S = 60;
const GONE_AFTER_S = 600;

export function freshnessOf(ageSeconds: number): Freshness {
  if (ageSeconds <= STALE_AFTER_S) return "fresh";
  return ageSeconds <= GONE_AFTER_S ? "stale" : "gone";
}

/** Never negative: the clocks of two machines differ. */
export const ageSeconds = (at: string | number, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - new Date(at).getTime()) / 1000));

/** Such as `45 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Such as `4:05`, and `-0:30` when the time has passed. */
export function countdown(seconds: number): string {
  const left = Math.abs(seconds);
  return `${seconds < 0 ? "-" : ""}${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
