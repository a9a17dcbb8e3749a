import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { outsideRequests } from "../observe/request-scope.ts";
import { newAlarm } from "./alarm.ts";
import { restMs, startTicker, type Ticker } from "./ticker.ts";

export interface WorkerPoolOptions {
  atOnce: number;
  everyMs: number;
  log: Log;
  /** When the first work is due that is due after a look that found nothing began. The pool then looks again, so that `everyMs`
   * can be long. */
  nextDueAt?: (lookedAt: Date) => Promise<Date | undefined>;
}

/** Replicas look for the same work, which one of them finds: not at once, and not for each piece. */
const LOOK_MS = { least: 100, spread: 100 };

/** Runs up to `atOnce` workers, woken every `everyMs` ± 20 % or by `wake`. A worker calls `next` until it returns false,
 * which means no more work. `next` calls `wakeAnother` when it finds work, before doing it, so that slow work does not
 * delay the rest. After a failure all rest. Of consecutive failures the first is logged, and the end. */
export function workerPool(
  name: string,
  { atOnce, everyMs, log, nextDueAt }: WorkerPoolOptions,
  next: (wakeAnother: () => void) => Promise<boolean>,
): Ticker {
  const active = new Set<Promise<void>>();
  let busy = 0;
  let stopped = false;
  let failures = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let awake = false;
  const outage = repeatedFailures(log, Infinity);

  /** For the next time at which work is known to be due. */
  const due = newAlarm(() => {
    quietUntil = Number.NEGATIVE_INFINITY;
    wake();
  });
  /** Until then none is known to be due. */
  let quietUntil = Number.NEGATIVE_INFINITY;

  async function isThereMore(): Promise<boolean> {
    try {
      const more = await next(wake);
      failures = 0;
      outage.over(name);
      return more;
    } catch (err) {
      outage.failed(name, { err, task: name }, "Background task failed; will retry");
      rest();
      return false;
    }
  }

  function rest() {
    if (resting || stopped) return;
    const goOn = () => {
      resting = undefined;
      wake();
    };
    resting = setTimeout(outsideRequests(goOn), restMs(++failures));
  }

  /** Not after each look that found nothing: only when no other time is known, or work was done, which may be due again. */
  async function lookAhead(lookedAt: Date, hasWorked: boolean) {
    if (!nextDueAt || stopped || resting) return;
    const now = performance.now();
    if (!hasWorked && (due.isSet() || now < quietUntil)) return;
    try {
      const dueAt = (await nextDueAt(lookedAt))?.getTime() ?? Infinity;
      const inMs = Math.max(LOOK_MS.least, dueAt - Date.now());
      if (inMs >= everyMs) quietUntil = now + everyMs / 2;
      else if (!stopped) due.setIn(inMs + Math.random() * LOOK_MS.spread);
    } catch {
      // The next look reports it.
    }
  }

  async function work() {
    let more: boolean;
    let lookedAt: Date;
    let hasWorked = false;
    do {
      awake = false;
      lookedAt = new Date();
      more = await isThereMore();
      hasWorked ||= more;
    } while ((more || awake) && !stopped && !resting);
    busy--;
    await lookAhead(lookedAt, hasWorked);
  }

  /** When all workers are busy, the first to finish checks for work again. */
  function wake() {
    if (stopped || resting) return;
    awake = busy >= atOnce;
    if (awake) return;
    busy++;
    const worker = outsideRequests(work)().finally(() => active.delete(worker));
    active.add(worker);
  }

  const ticker = startTicker(name, everyMs, log, async () => wake());
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(resting);
      due.drop();
      await ticker.stop();
      await Promise.all(active);
    },
  };
}
