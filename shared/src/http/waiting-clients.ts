// Limits for slow clients: unfinished request bodies and unread responses. Neither counts as in flight, so slow clients do
// not block others. Above a limit the oldest is ended first, because a normal body takes milliseconds.

export interface Bounds {
  max: number;
  maxPerAddress: number;
}

export const UNFINISHED_BODIES: Bounds = { max: 512, maxPerAddress: 128 };
export const UNREAD_ANSWERS: Bounds = { max: 256, maxPerAddress: 32 };
const LOOK_EVERY_MS = 50;

/** Runs `read`, during which the body counts as unfinished. Calls `giveUp` when there are too many. */
export type AwaitBody = <T>(remoteAddress: string, giveUp: () => void, read: () => Promise<T>) => Promise<T>;

export function unfinishedBodies({ max, maxPerAddress }: Bounds): AwaitBody {
  /** The callbacks that give a body up, oldest first. */
  const unfinished = new Map<() => void, string>();
  const byAddress = new Map<string, Set<() => void>>();

  function forget(giveUp: () => void, address: string) {
    unfinished.delete(giveUp);
    const own = byAddress.get(address);
    own?.delete(giveUp);
    if (own?.size === 0) byAddress.delete(address);
  }

  return async (address, giveUp, read) => {
    const own = byAddress.get(address) ?? new Set();
    byAddress.set(address, own.add(giveUp));
    unfinished.set(giveUp, address);
    const tooMany = own.size > maxPerAddress ? own : unfinished.size > max ? unfinished : new Map();
    const [oldest] = tooMany.keys();
    if (oldest) {
      forget(oldest, unfinished.get(oldest) ?? "");
      oldest();
    }
    try {
      return await read();
    } finally {
      forget(giveUp, address);
    }
  };
}

export interface UnreadAnswers {
  /** Whether this address has the maximum of unread responses. Call when a request arrives. */
  isTooMany: (remoteAddress: () => string) => boolean;
  /** Call after each response. */
  answered: (request: Request, remoteAddress: () => string) => void;
}

/** The server's view of its responses. */
export interface Transport {
  /** The number of unread responses. Valid when a request arrives: during a request it also counts the responses that
   * the runtime is about to send. */
  unread: () => number;
  isUnread: (request: Request) => boolean;
  drop: (request: Request) => void;
}

/** Tracks single responses only while many are unread. */
export function unreadAnswers(transport: Transport, { max, maxPerAddress }: Bounds): UnreadAnswers {
  /** Addresses by request, oldest first. */
  const watched = new Map<Request, string>();
  let isWatching = false;
  let lookedAt = 0;

  function look() {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    for (const request of watched.keys()) if (!transport.isUnread(request)) watched.delete(request);
    lookedAt = performance.now();
  }

  return {
    isTooMany(remoteAddress) {
      isWatching = transport.unread() > maxPerAddress;
      if (!isWatching) {
        if (watched.size > 0) watched.clear();
        return false;
      }
      look();
      const address = remoteAddress();
      let own = 0;
      for (const other of watched.values()) if (other === address) own++;
      return own >= maxPerAddress;
    },
    answered(request, remoteAddress) {
      if (!isWatching) return;
      watched.set(request, remoteAddress());
      look();
      const [oldest] = watched.keys();
      if (watched.size <= max || !oldest) return;
      watched.delete(oldest);
      transport.drop(oldest);
    },
  };
}
