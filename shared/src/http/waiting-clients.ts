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

interface Waiting {
  remoteAddress: () => string;
  giveUp: () => void;
}

/** Runs `read` while the body counts as unfinished. `giveUp` is called when there are too many. */
export type AwaitBody = <T>(
  remoteAddress: () => string,
  giveUp: () => void,
  read: () => Promise<T>,
) => Promise<T>;

export function unfinishedBodies({ max, maxPerAddress }: Bounds): AwaitBody {
  /** Oldest first. */
  const unfinished = new Set<Waiting & { address?: string }>();

  function oldestTooMany(newest: string): Waiting | undefined {
    const own = [...unfinished].filter((body) => {
      body.address ??= body.remoteAddress();
      return body.address === newest;
    });
    if (own.length > maxPerAddress) return own[0];
    return unfinished.size > max ? [...unfinished][0] : undefined;
  }

  return async (remoteAddress, giveUp, read) => {
    const body = { remoteAddress, giveUp };
    unfinished.add(body);
    // It is dear to find out an address, and with so few none can have too many.
    const tooMany = unfinished.size > maxPerAddress ? oldestTooMany(remoteAddress()) : undefined;
    if (tooMany) unfinished.delete(tooMany);
    tooMany?.giveUp();
    try {
      return await read();
    } finally {
      unfinished.delete(body);
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
    if (few) watched.clear();
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
