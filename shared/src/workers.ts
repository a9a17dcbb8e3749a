import type { Log } from "./log.ts";
import { type Repeating, repeat } from "./repeat.ts";

/** Does `next` until it says that nothing is left; again when woken, and every `everyMs` ± 20 %. Whoever finds something
 * calls another for help, up to `atOnce` of them, so that one that takes long holds up none of the rest. The first of
 * several failures is logged, and counts as nothing left. */
export function workers(
  name: string,
  { atOnce, everyMs, log }: { atOnce: number; everyMs: number; log: Log },
  next: () => Promise<boolean>,
): Repeating {
  const active = new Set<Promise<void>>();
  let stopped = false;
  let failing = false;
  let awake = false;

  async function isThereMore(): Promise<boolean> {
    try {
      const found = await next();
      failing = false;
      return found;
    } catch (err) {
      if (!failing) log.warn({ err, task: name }, "A background task failed and will run again");
      failing = true;
      return false;
    }
  }

  async function work() {
    do {
      awake = false;
      while (!stopped && (await isThereMore())) wake();
    } while (awake && !stopped);
  }

  /** With all hands busy, the first to find nothing looks once more. */
  function wake() {
    if (stopped) return;
    awake = active.size >= atOnce;
    if (awake) return;
    const worker = work().finally(() => active.delete(worker));
    active.add(worker);
  }

  const regularly = repeat(name, everyMs, log, async () => wake());
  return {
    wake,
    async stop() {
      stopped = true;
      await regularly.stop();
      await Promise.all(active);
    },
  };
}
