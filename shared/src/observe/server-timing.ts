// Where the time of one request went, for developers: the Server-Timing header (https://www.w3.org/TR/server-timing/).
import { currentScope, type Timings } from "./request-scope.ts";

/** A request with this header asks for its timings. */
export const TIMING_HEADER = "x-server-timing";

/** Starts a call. Calling the result ends it. Undefined unless the current request asked for its timings. */
export function startTiming(kind: "db" | "cache" | "downstream"): (() => void) | undefined {
  const timings = currentScope()?.timings;
  if (!timings) return undefined;
  const startedAt = performance.now();
  return () => {
    const { ms = 0, calls = 0 } = timings.get(kind) ?? {};
    timings.set(kind, { ms: ms + performance.now() - startedAt, calls: calls + 1 });
  };
}

/** The header's value. */
export const serverTiming = (timings: Timings, totalMs: number): string =>
  [...timings]
    .map(([kind, { ms, calls }]) => `${kind};dur=${ms.toFixed(1)};desc="${calls} calls"`)
    .concat(`total;dur=${totalMs.toFixed(1)}`)
    .join(", ");
