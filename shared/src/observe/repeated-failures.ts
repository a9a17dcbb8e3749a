// A dependency that is away makes requests and loops fail a thousand times a second, all for one reason. Of an outage one
// line says why, and one that it is over and how many failures were not logged. Each request has its own line anyway.
import type { Log } from "./log.ts";
import { outsideRequests } from "./request-scope.ts";

export interface RepeatedFailures {
  /** Logs a warning, unless the same failure was logged and is not over. */
  failed: (what: string, fields: object, message: string) => void;
  /** Logs that it is over, if there was one. */
  over: (what: string) => void;
}

/** A failure that did not happen for so long is over. */
const QUIET_MS = 10_000;

/** A loop, which fails rarely and tells when it works again, passes Infinity. */
export function repeatedFailures(log: Pick<Log, "info" | "warn">, quietMs = QUIET_MS): RepeatedFailures {
  const open = new Map<string, { message: string; suppressed: number; lastAt: number }>();

  function over(what: string) {
    const failure = open.get(what);
    if (!open.delete(what) || !failure) return;
    log.info({ failure: failure.message, of: what, suppressed: failure.suppressed }, "A failure is over");
  }

  function endLater(what: string, inMs: number) {
    const check = () => {
      const { lastAt = 0, suppressed = 0 } = open.get(what) ?? {};
      const leftMs = lastAt + quietMs - performance.now();
      if (leftMs > 0) endLater(what, leftMs);
      else if (suppressed > 0) over(what);
      else open.delete(what);
    };
    setTimeout(outsideRequests(check), inMs).unref();
  }

  return {
    failed(what, fields, message) {
      const lastAt = performance.now();
      const failure = open.get(what);
      if (failure) {
        failure.suppressed++;
        failure.lastAt = lastAt;
        return;
      }
      open.set(what, { message, suppressed: 0, lastAt });
      log.warn(fields, message);
      if (Number.isFinite(quietMs)) endLater(what, quietMs);
    },
    over,
  };
}
