// The clock of the replayed day. It runs `speed` times faster than real time.

/** Thrown by every wait after the clock was stopped. */
export class Stopped extends Error {
  constructor() {
    super("The play is over");
    this.name = "Stopped";
  }
}

export interface Clock {
  /** The minute of the day, with fraction. */
  now: () => number;
  /** Waits until this minute of the day. Throws Stopped when the clock is stopped, like `sleep`. */
  until: (minute: number) => Promise<void>;
  /** Converts real milliseconds to minutes of the day. */
  minutesIn: (ms: number) => number;
  /** Waits for real milliseconds. */
  sleep: (ms: number) => Promise<void>;
  /** Ends every wait and stops the time. */
  stop: () => void;
  /** Resolves when the clock is stopped. */
  stopped: Promise<void>;
}

const MINUTE_MS = 60_000;

/** Starts the clock. `speed` is the number of minutes of the day in a real minute. */
export function startClock({ startMinute, speed }: { startMinute: number; speed: number }): Clock {
  const startedAt = performance.now();
  const waiting = new Set<() => void>();
  const end = Promise.withResolvers<void>();
  let stoppedMinute: number | undefined;

  const minutesIn = (ms: number) => (ms * speed) / MINUTE_MS;
  const running = () => startMinute + minutesIn(performance.now() - startedAt);
  const now = () => stoppedMinute ?? running();

  function sleep(ms: number): Promise<void> {
    if (stoppedMinute !== undefined) return Promise.reject(new Stopped());
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        clearTimeout(timer);
        reject(new Stopped());
      };
      const timer = setTimeout(() => {
        waiting.delete(giveUp);
        resolve();
      }, ms);
      waiting.add(giveUp);
    });
  }

  async function until(minute: number) {
    // A timer may fire early.
    do await sleep(Math.max(0, ((minute - now()) * MINUTE_MS) / speed));
    while (now() < minute);
  }

  function stop() {
    stoppedMinute ??= running();
    for (const giveUp of waiting) giveUp();
    waiting.clear();
    end.resolve();
  }

  return { now, minutesIn, until, sleep, stop, stopped: end.promise };
}

/** `07:05`; a day may be longer than 24 hours. */
export function timeOfDay(minute: number): string {
  const whole = Math.max(0, Math.floor(minute));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}
