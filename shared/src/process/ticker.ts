import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";

export interface Ticker {
  /** Runs now, or once more right after the run that is under way. */
  wake: () => void;
  /** Waits for the run that is under way. */
  stop: () => Promise<void>;
}

/** Runs a task again and again, never twice at once, with a pause of `everyMs` ± 20 % so that replicas
 * drift apart. The first
 * of several failed runs is logged, and the next one comes as usual. */
export function startTicker(
  name: string,
  everyMs: number,
  log: Log,
  run: (isStopped: () => boolean) => Promise<void>,
): Ticker {
  let stopped = false;
  let awake = false;
  let failing = false;
  let endPause: (() => void) | undefined;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs * (0.8 + 0.4 * Math.random()));
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async () => {
    while (!stopped) {
      awake = false;
      try {
        await run(() => stopped);
        failing = false;
      } catch (err) {
        if (!failing) log.warn({ err, task: name }, "A background task failed and will run again");
        failing = true;
      }
      if (!awake && !stopped) await pause();
    }
  };
  const done = outsideRequests(loop)();

  return {
    wake: () => {
      awake = true;
      endPause?.();
    },
    stop: () => {
      stopped = true;
      endPause?.();
      return done;
    },
  };
}
