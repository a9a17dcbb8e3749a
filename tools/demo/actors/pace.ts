// The time of the demo: everybody acts `speed` times faster than real people would.

export interface Pace {
  speed: number;
  signal: AbortSignal;
  /** Waits for this many seconds of the town. Returns false at the end of the demo. */
  sleep: (townSeconds: number) => Promise<boolean>;
}

export function paceOf(speed: number, signal: AbortSignal): Pace {
  return {
    speed,
    signal,
    async sleep(townSeconds) {
      const waited = Promise.withResolvers<void>();
      const timer = setTimeout(waited.resolve, (townSeconds * 1000) / speed);
      signal.addEventListener("abort", () => waited.resolve(), { once: true });
      await waited.promise;
      clearTimeout(timer);
      return !signal.aborted;
    },
  };
}

export const between = (least: number, most: number) => least + Math.random() * (most - least);
export const oneOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
