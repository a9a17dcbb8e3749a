// Bounds on what a process keeps for clients that make it wait: bodies that they do not finish, and answers that they
// do not read. Neither holds a place in flight, so that slow clients cost the others nothing. Who waits longest goes
// first: an honest body takes milliseconds.

export interface Bounds {
  max: number;
  maxPerAddress: number;
}

export const UNFINISHED_BODIES: Bounds = { max: 512, maxPerAddress: 128 };
export const UNREAD_ANSWERS: Bounds = { max: 256, maxPerAddress: 32 };
const LOOK_EVERY_MS = 50;

/** Runs `read` while the body counts as unfinished. `giveUp` is called when there are too many. */
export type AwaitBody = <T>(remoteAddress: string, giveUp: () => void, read: () => Promise<T>) => Promise<T>;

export function unfinishedBodies({ max, maxPerAddress }: Bounds): AwaitBody {
  /** What gives a body up, oldest first. */
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
  /** Whether this address has so many answers to read that it gets no more. */
  isTooMany: (remoteAddress: () => string) => boolean;
  /** Call once the request is answered. */
  answered: (request: Request, remoteAddress: () => string) => void;
}

/** What the runtime knows of its answers. */
export interface Transport {
  /** How many answers are on their way. */
  unread: () => number;
  isUnread: (request: Request) => boolean;
  drop: (request: Request) => void;
}

/** Looks at single answers only while many are unread. */
export function unreadAnswers(transport: Transport, { max, maxPerAddress }: Bounds): UnreadAnswers {
  /** Addresses by request, oldest first. */
  const watched = new Map<Request, string>();
  let lookedAt = 0;

  function look() {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    for (const request of watched.keys()) if (!transport.isUnread(request)) watched.delete(request);
    lookedAt = performance.now();
  }
  function areFew() {
    const few = transport.unread() <= maxPerAddress;
    if (few && watched.size > 0) watched.clear();
    return few;
  }

  return {
    isTooMany(remoteAddress) {
      if (areFew()) return false;
      look();
      const address = remoteAddress();
      let own = 0;
      for (const other of watched.values()) if (other === address) own++;
      return own >= maxPerAddress;
    },
    answered(request, remoteAddress) {
      if (areFew()) return;
      watched.set(request, remoteAddress());
      look();
      const [oldest] = watched.keys();
      if (watched.size <= max || !oldest) return;
      watched.delete(oldest);
      transport.drop(oldest);
    },
  };
}
