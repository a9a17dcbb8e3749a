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
