import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";

export interface Ticker {
  /** Runs now, or again right after the current run. */
  wake: () => void;
  /** Waits for the current run. */
  stop: () => Promise<void>;
}

/** Runs a task repeatedly, never twice at once, with a pause of `everyMs` ± 20 % so that replicas drift apart. Of
 * consecutive failures only the first is logged. */
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
        if (!failing) log.warn({ err, task: name }, "Background task failed; will retry");
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
