// A signal for one actor. It stays set until the actor reads it.
import type { Clock } from "../clock.ts";

export interface Bell {
  ring: () => void;
  /** Whether it was rung since the last call. */
  hasRung: () => boolean;
  /** Waits until it is rung, at most `ms`. Throws Stopped when the clock is stopped. */
  wait: (clock: Clock, ms: number) => Promise<void>;
}

export function makeBell(): Bell {
  let rung = Promise.withResolvers<void>();
  let isRung = false;
  const hasRung = () => {
    const was = isRung;
    if (was) rung = Promise.withResolvers<void>();
    isRung = false;
    return was;
  };
  return {
    ring() {
      isRung = true;
      rung.resolve();
    },
    hasRung,
    async wait(clock, ms) {
      await Promise.race([rung.promise, clock.sleep(ms)]);
      hasRung();
    },
  };
}
