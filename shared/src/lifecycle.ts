/** What a process is up to: shared by the server, its readiness and its open streams. */
export interface Lifecycle {
  /** Aborted when the process stops: readiness goes off and streams say goodbye. */
  readonly stopping: AbortSignal;
  beginStop: () => void;
}

export function newLifecycle(): Lifecycle {
  const controller = new AbortController();
  return { stopping: controller.signal, beginStop: () => controller.abort() };
}
