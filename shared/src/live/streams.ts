// The open event streams of this process: a limited number, with one timer for all.

import type { TokenEnds } from "../auth/token-ends.ts";
import { refusedToken } from "../auth/tokens.ts";
import type { Metrics } from "../observe/metrics.ts";
import { outsideRequests } from "../observe/request-scope.ts";
import type { Lifecycle } from "../process/lifecycle.ts";
import { AppError, tooManyRequests } from "../values/errors.ts";

export interface OpenStream {
  callerId: string;
  /** Of the caller's token. */
  sessionId: string | undefined;
  /** Called when that session ends. */
  signedOut: () => void;
  /** Called a few times a second. */
  tick: (now: number) => void;
  /** Called when the process stops. */
  goodbye: () => void;
}

export interface Streams {
  /** Throws 503 when the process has its maximum of streams, 429 when this caller has, 401 when the session has ended. */
  add: (stream: OpenStream) => void;
  remove: (stream: OpenStream) => void;
  readonly isStopping: boolean;
}

export interface StreamLimits {
  max: number;
  maxPerCaller: number;
}

/** Spreads the work of a second over several ticks. */
const TICK_MS = 250;
const RETRY_AFTER_SECONDS = 5;
/** Below this many streams a garbage collection is not worth its pause. */
const CROWD = 1_000;
const COLLECT_AFTER_MS = 1_000;

export function newStreams(
  deps: { lifecycle: Lifecycle; metrics: Metrics; tokenEnds?: TokenEnds },
  { max, maxPerCaller }: StreamLimits,
): Streams {
  const { lifecycle, metrics, tokenEnds } = deps;
  const open = new Set<OpenStream>();
  const byCaller = new Map<string, number>();
  let clock: ReturnType<typeof setInterval> | undefined;
  let most = 0;
  let isToCollect = false;

  const count = (callerId: string, change: number) => {
    const now = (byCaller.get(callerId) ?? 0) + change;
    if (now === 0) byCaller.delete(callerId);
    else byCaller.set(callerId, now);
    metrics.openStreams.set(open.size);
  };
  const tick = () => {
    const now = Date.now();
    for (const stream of open) stream.tick(now);
  };
  /** Collects garbage when half of many streams have closed: closing allocates nothing, so nothing else triggers it. Pauses
   * for some 10 ms for each thousand streams. */
  const collectLater = () => {
    if (isToCollect || most < CROWD || open.size > most / 2) return;
    isToCollect = true;
    const collect = () => {
      isToCollect = false;
      most = open.size;
      Bun.gc(true);
    };
    setTimeout(outsideRequests(collect), COLLECT_AFTER_MS).unref();
  };
  const sayGoodbye = () => {
    for (const stream of open) stream.goodbye();
  };
  lifecycle.stopping.addEventListener("abort", outsideRequests(sayGoodbye));
  const signOut = (sessionIds: ReadonlySet<string>) => {
    for (const stream of open) if (sessionIds.has(stream.sessionId ?? "")) stream.signedOut();
  };
  tokenEnds?.onEnd(outsideRequests(signOut));

  return {
    get isStopping() {
      return lifecycle.stopping.aborted;
    },
    add(stream) {
      // The session has ended since the token was checked.
      if (stream.sessionId && tokenEnds?.has(stream.sessionId)) throw refusedToken();
      if (open.size >= max)
        throw new AppError(503, "OVERLOADED", "Too many event streams are open right now. Try again.", {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      if ((byCaller.get(stream.callerId) ?? 0) >= maxPerCaller)
        throw tooManyRequests(
          `At most ${maxPerCaller} event streams at a time. Close one first.`,
          RETRY_AFTER_SECONDS,
        );
      open.add(stream);
      most = Math.max(most, open.size);
      count(stream.callerId, 1);
      clock ??= setInterval(outsideRequests(tick), TICK_MS);
    },
    remove(stream) {
      if (!open.delete(stream)) return;
      count(stream.callerId, -1);
      collectLater();
      if (open.size > 0) return;
      clearInterval(clock);
      clock = undefined;
    },
  };
}
