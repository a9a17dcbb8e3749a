import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";
import { startTicker, type Ticker } from "./ticker.ts";

/** Does `next` when woken, and every `everyMs` ± 20 %, and again for as long as it says that there may be more. Whoever has
 * found something calls another for help before going to work on it, up to `atOnce` of them, so that one that takes long
 * holds up none of the rest. The first of several failures is logged, and counts as no more. */
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
      if (!failing) log.warn({ err, task: name }, "A background task failed and will run again");
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

  /** With all hands busy, the first who is done looks once more. */
  function wake() {
    if (stopped) return;
    awake = busy >= atOnce;
    if (awake) return;
    busy++;
    const worker = outsideRequests(work)().finally(() => active.delete(worker));
    active.add(worker);
  }

  const regularly = startTicker(name, everyMs, log, async () => wake());
  return {
    wake,
    async stop() {
      stopped = true;
      await regularly.stop();
      await Promise.all(active);
    },
  };
}
