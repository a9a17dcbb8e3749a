// The sessions that have ended while their access tokens could still be valid, in memory: a check is a look-up, not a
// question to a database. Filled by accounts/token-ends.ts.

export interface EndedSession {
  sessionId: string;
  /** When its last access token has expired: epoch milliseconds. */
  until: number;
}

export interface TokenEnds {
  /** Takes sessions that have ended, also repeatedly. */
  add: (ended: readonly EndedSession[]) => void;
  has: (sessionId: string) => boolean;
  /** Calls `told` with the sessions that were not known to have ended. */
  onEnd: (told: (sessionIds: ReadonlySet<string>) => void) => void;
}

/** Some ten megabytes. Beyond this the oldest are dropped, whose tokens are the next to expire. */
export const ENDED_MAX = 100_000;

export function newTokenEnds(max = ENDED_MAX): TokenEnds {
  const untilBySession = new Map<string, number>();
  const listeners: ((sessionIds: ReadonlySet<string>) => void)[] = [];

  /** Sessions end in about the order in which their tokens expire. */
  function drop(now: number) {
    for (const [sessionId, until] of untilBySession) {
      if (until > now && untilBySession.size <= max) return;
      untilBySession.delete(sessionId);
    }
  }

  return {
    add(ended) {
      const now = Date.now();
      const fresh = ended.filter(({ sessionId, until }) => until > now && !untilBySession.has(sessionId));
      for (const { sessionId, until } of fresh) untilBySession.set(sessionId, until);
      drop(now);
      if (fresh.length === 0) return;
      const ids = new Set(fresh.map(({ sessionId }) => sessionId));
      for (const tell of listeners) tell(ids);
    },
    has: (sessionId) => untilBySession.has(sessionId),
    onEnd(told) {
      listeners.push(told);
    },
  };
}
