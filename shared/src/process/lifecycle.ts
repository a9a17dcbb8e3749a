/** The shutdown state of a process, shared by the server, the readiness check and the open streams. */
export interface Lifecycle {
  /** True once the process should get no new work: it is not ready, but still serves. */
  readonly isDraining: boolean;
  /** Aborted when the process stops: streams end. */
  readonly stopping: AbortSignal;
  beginDrain: () => void;
  beginStop: () => void;
}

export function newLifecycle(): Lifecycle {
  const controller = new AbortController();
  let draining = false;
  return {
    get isDraining() {
      return draining;
    },
    stopping: controller.signal,
    beginDrain: () => {
      draining = true;
    },
    beginStop: () => {
      draining = true;
      controller.abort();
    },
  };
}

/** How long a process serves on after SIGTERM: until no request came for `quietMs`, for `mostMs` at the most. */
export interface Drain {
  quietMs: number;
  mostMs: number;
}

const PAUSES = 20;

/** Returns whether requests no longer come: false when it gave up. `arrived` counts them. */
export async function untilQuiet(arrived: () => number, { quietMs, mostMs }: Drain): Promise<boolean> {
  const until = performance.now() + Math.max(quietMs, mostMs);
  const pauseMs = quietMs / PAUSES;
  let seen = arrived();
  for (let quiet = 0; quiet < PAUSES && pauseMs > 0; ) {
    const began = performance.now();
    if (began >= until) return false;
    await Bun.sleep(pauseMs);
    if (arrived() !== seen) quiet = 0;
    // A process that was held up has not yet seen what came meanwhile.
    else if (performance.now() - began < 2 * pauseMs) quiet++;
    seen = arrived();
  }
  return true;
}
