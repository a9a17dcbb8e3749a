import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { outsideRequests } from "../observe/request-scope.ts";
import { newAlarm } from "./alarm.ts";

export interface Ticker {
  /** Runs now, or again right after the current run. */
  wake: () => void;
  /** Waits for the current run. */
  stop: () => Promise<void>;
}

export interface TimedTicker extends Ticker {
  /** Runs in so many milliseconds, unless a run begins earlier. That run has to ask again. */
  wakeIn: (ms: number) => void;
}

const REST_MS = { first: 100, most: 2_000 };

/** How long a loop rests after so many failures in a row, besides its usual pause. The most is short, so that work goes on soon
 * after an outage. */
export const restMs = (failures: number) =>
  (0.8 + 0.4 * Math.random()) * Math.min(REST_MS.most, REST_MS.first * 2 ** (failures - 1));

/** Runs a task repeatedly, never twice at once, with a pause of `everyMs` ± 20 % so that replicas drift apart. A failure makes
 * the pause longer. Of consecutive failures the first is logged, and the end. */
export function startTicker(
  name: string,
  everyMs: number,
  log: Log,
  run: (isStopped: () => boolean) => Promise<void>,
): TimedTicker {
  let stopped = false;
  let awake = false;
  let failures = 0;
  const outage = repeatedFailures(log, Infinity);
  let endPause: (() => void) | undefined;
  let endRest: (() => void) | undefined;

  const wake = () => {
    awake = true;
    endPause?.();
  };
  const early = newAlarm(wake);
  const wakeIn = (ms: number) => {
    if (!stopped) early.setIn(ms);
  };
  function pauseFor(ms: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    return { promise, end };
  }
  function pause() {
    const { promise, end } = pauseFor(everyMs * (0.8 + 0.4 * Math.random()));
    endPause = end;
    return promise;
  }
  /** Not ended by `wake`. */
  function rest() {
    const { promise, end } = pauseFor(restMs(failures));
    endRest = end;
    return promise;
  }

  const loop = async () => {
    while (!stopped) {
      awake = false;
      early.drop();
      try {
        await run(() => stopped);
        failures = 0;
        outage.over(name);
      } catch (err) {
        failures++;
        outage.failed(name, { err, task: name }, "Background task failed; will retry");
        if (!stopped) await rest();
      }
      if (!awake && !stopped) await pause();
    }
  };
  const done = outsideRequests(loop)();

  return {
    wake,
    wakeIn,
    stop: () => {
      stopped = true;
      early.drop();
      endPause?.();
      endRest?.();
      return done;
    },
  };
}
