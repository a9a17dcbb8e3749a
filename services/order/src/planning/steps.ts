/** Runs all remaining steps at once. */
export function finish<Result>(steps: Generator<void, Result>): Result {
  while (true) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Runs the steps in slices of about `sliceMs`, and calls `pause` between the slices. */
export async function inSlices<Result>(
  steps: Generator<void, Result>,
  { sliceMs, elapsedMs, pause }: { sliceMs: number; elapsedMs: () => number; pause: () => Promise<unknown> },
): Promise<Result> {
  let startedMs = elapsedMs();
  while (true) {
    const { done, value } = steps.next();
    if (done) return value;
    if (elapsedMs() - startedMs < sliceMs) continue;
    await pause();
    startedMs = elapsedMs();
  }
}
