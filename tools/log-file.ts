// A log file with a bound, appended to over restarts. A full one is copied to `.1` beside it, which replaces the older one.
import { copyFileSync, statSync, truncateSync } from "node:fs";

export const LOG_BYTES_MAX = 10 * 1024 * 1024;

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Returns whether the file was full. It is copied and truncated, because processes have it open: lines written between
 * the two are lost. */
export function rotateLog(path: string, bytesMax = LOG_BYTES_MAX): boolean {
  if (sizeOf(path) <= bytesMax) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  return true;
}
