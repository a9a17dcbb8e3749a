// The time of the day, faster than real time.

/** Thrown by every wait once the clock is stopped. */
export class Stopped extends Error {
  constructor() {
    super("The play is over");
    this.name = "Stopped";
  }
}

export interface Clock {
  /** The minute of the day, with its fraction. */
  now: () => number;
  /** Throws Stopped once the clock has been stopped, as does `sleep`. */
  until: (minute: number) => Promise<void>;
  /** The day's minutes in this real time. */
  minutesIn: (ms: number) => number;
  /** Real time. */
  sleep: (ms: number) => Promise<void>;
  /** Ends every wait and stops the time of the day. */
  stop: () => void;
  /** Resolves when the clock is stopped. */
  stopped: Promise<void>;
}

const MINUTE_MS = 60_000;

/** Starts the day at this minute. `speed` is how many of its minutes pass in one. */
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
