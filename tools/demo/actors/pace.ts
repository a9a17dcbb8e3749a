// The time of the demo: everybody acts `speed` times faster than real people would.
import { startClock } from "../../replay/clock.ts";

export interface Pace {
  speed: number;
  /** Waits for this many seconds of the town. Returns false at the end of the demo. */
  sleep: (townSeconds: number) => Promise<boolean>;
  /** Ends every wait. */
  stop: () => void;
}

export function startPace(speed: number): Pace {
  const clock = startClock({ startMinute: 0, speed });
  return {
    speed,
    sleep: (townSeconds) =>
      clock.sleep((townSeconds * 1000) / speed).then(
        () => true,
        () => false,
      ),
    stop: clock.stop,
  };
}

export const between = (least: number, most: number) => least + Math.random() * (most - least);
export const oneOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
