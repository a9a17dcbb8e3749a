// A log that is appended to from start to start and has a bound: when it is full it becomes the one beside it, `.1`, and
// the one that was there goes.
import { copyFileSync, statSync, truncateSync } from "node:fs";

export const LOG_BYTES_MAX = 10 * 1024 * 1024;

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Answers whether it was full. Processes have it open, so it is copied and emptied; what they write between the two is
 * lost. */
export function rotateLog(path: string, bytesMax = LOG_BYTES_MAX): boolean {
  if (sizeOf(path) <= bytesMax) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  return true;
}
