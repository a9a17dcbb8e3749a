import { outsideRequests } from "../observe/request-scope.ts";

export interface Alarm {
  /** Rings in so many milliseconds, unless it rings earlier. */
  setIn: (ms: number) => void;
  isSet: () => boolean;
  drop: () => void;
}

/** A timer for the earliest of the times that it is set to, outside of every request. */
export function newAlarm(ring: () => void): Alarm {
  let next: { at: number; timer: ReturnType<typeof setTimeout> } | undefined;
  const drop = () => {
    clearTimeout(next?.timer);
    next = undefined;
  };
  const rung = () => {
    next = undefined;
    ring();
  };
  return {
    setIn(ms) {
      const at = performance.now() + ms;
      if (next && next.at <= at) return;
      drop();
      next = { at, timer: setTimeout(outsideRequests(rung), ms) };
    },
    isSet: () => next !== undefined,
    drop,
  };
}
