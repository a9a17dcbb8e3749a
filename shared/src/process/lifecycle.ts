/** What a process is up to: shared by the server, its readiness and its open streams. */
export interface Lifecycle {
  /** True once the process is to get no new work: readiness is off, everything else goes on. */
  readonly isDraining: boolean;
  /** Aborted when the process stops for good: streams say goodbye. */
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
