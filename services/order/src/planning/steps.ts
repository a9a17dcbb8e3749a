/** Does all that is left at once. */
export function finish<Result>(steps: Generator<void, Result>): Result {
  while (true) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does it in slices of about this long, and lets others have their turn in between. */
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
