import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";
import { startTicker, type Ticker } from "./ticker.ts";

/** Runs up to `atOnce` workers, woken every `everyMs` ± 20 % or by `wake`. A worker calls `next` until it returns false,
 * which means no more work. `next` calls `wakeAnother` when it finds work, before doing it, so that slow work does not
 * delay the rest. Of consecutive failures only the first is logged, and a failure counts as no more work. */
export function workerPool(
  name: string,
  { atOnce, everyMs, log }: { atOnce: number; everyMs: number; log: Log },
  next: (wakeAnother: () => void) => Promise<boolean>,
): Ticker {
  const active = new Set<Promise<void>>();
  let busy = 0;
  let stopped = false;
  let failing = false;
  let awake = false;

  async function isThereMore(): Promise<boolean> {
    try {
      const more = await next(wake);
      failing = false;
      return more;
    } catch (err) {
      if (!failing) log.warn({ err, task: name }, "Background task failed; will retry");
      failing = true;
      return false;
    }
  }

  async function work() {
    let more: boolean;
    do {
      awake = false;
      more = await isThereMore();
    } while ((more || awake) && !stopped);
    busy--;
  }

  /** When all workers are busy, the first to finish checks for work again. */
  function wake() {
    if (stopped) return;
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
      await ticker.stop();
      await Promise.all(active);
    },
  };
}
