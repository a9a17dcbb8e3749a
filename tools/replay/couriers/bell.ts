// Tells one actor that there is something to look at, whenever it gets to it.
import type { Clock } from "../clock.ts";

export interface Bell {
  ring: () => void;
  /** Whether it has been rung since it was last asked for. */
  hasRung: () => boolean;
  /** Until it is rung, or for so long. Throws Stopped when the play ends. */
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
