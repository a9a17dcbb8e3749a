/** A queue without a list (generic cell rate algorithm): a turn comes every so many milliseconds, after a quiet time some at
 * once. Returns how long to wait for the next turn in milliseconds, or nothing when it would be longer than `waitMaxMs`: then
 * the caller has no turn. */
export function pacer(
  { everyMs, burstMs, waitMaxMs }: { everyMs: () => number; burstMs: number; waitMaxMs: number },
  now = () => performance.now(),
): () => number | undefined {
  let nextAt = Number.NEGATIVE_INFINITY;
  return () => {
    const turnAt = Math.max(nextAt, now() - burstMs);
    const waitMs = Math.max(0, turnAt - now());
    if (waitMs > waitMaxMs) return undefined;
    nextAt = turnAt + everyMs();
    return waitMs;
  };
}
