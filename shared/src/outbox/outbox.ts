// Work that must reach another service is written into the document whose change made it necessary, in the same
// write, and a worker delivers it afterwards: at least once, in order within one document, again and again until
// the receiver has taken it. The receiver takes each once (it is idempotent), so a crash at any instruction
// neither loses work nor does it twice. (The transactional outbox, kept inside the document.)
import type { Collection, Filter, UpdateFilter } from "mongodb";
import type { Log } from "../observe/log.ts";
import type { Ticker } from "../process/ticker.ts";
import { workerPool } from "../process/worker-pool.ts";

export interface OutboxEntry {
  id: string;
  kind: string;
  at: Date;
}

/** What a document with an outbox has besides its own fields. */
export interface WithOutbox<E extends OutboxEntry> {
  _id: string;
  outbox: E[];
  /** When the worker shall look at the document next; absent while there is nothing to deliver. Whoever adds an outbox entry
   * sets it to the present time, */
  outboxDueAt?: Date;
  /** which is no reason to begin before whoever is at the document is done, or this time has come. */
  outboxLeasedUntil?: Date;
  outboxFailures?: number;
}

export const OUTBOX_INDEX = { key: { outboxDueAt: 1 }, name: "outbox" } as const;

const LEASE_MS = 10_000;
const DONE = { $unset: { outboxDueAt: "", outboxFailures: "", outboxLeasedUntil: "" } };
/** Documents that a process is at at once. */
const AT_ONCE = 8;
/** Not longer, or what waits would still wait when the receiver has long been back. */
const BACKOFF_MS = { first: 200, most: 5_000 };

/** Full jitter over a capped exponential (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export const backoffMs = (failures: number, random = Math.random) =>
  random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures);

export interface OutboxWorker extends Ticker {
  /** How many documents wait and for how long the oldest has. */
  pending: () => Promise<{ count: number; oldestAgeMs: number }>;
}

export function outboxWorker<E extends OutboxEntry, D extends WithOutbox<E>>(options: {
  collection: Collection<D>;
  /** Must be idempotent, and throw when the receiver has not taken the entry. */
  deliver: (documentId: string, entry: E) => Promise<void>;
  everyMs: number;
  log: Log;
}): OutboxWorker {
  const { collection, deliver, everyMs, log } = options;
  const at = (filter: object) => filter as Filter<D>;
  const set = (update: object) => update as UpdateFilter<D>;

  const lease = (now: Date, until: Date) =>
    collection.findOneAndUpdate(
      at({ outboxDueAt: { $lte: now }, outboxLeasedUntil: { $not: { $gt: now } } }),
      set({ $set: { outboxDueAt: until, outboxLeasedUntil: until } }),
      { sort: { outboxDueAt: 1 }, returnDocument: "after", projection: { outbox: 1, outboxFailures: 1 } },
    ) as Promise<WithOutbox<E> | null>;
  /** Unless the lease is somebody else's by now: what is left is theirs. */
  const handBack = (documentId: string, leasedUntil: Date, dueAt: Date, failures: number) =>
    collection.updateOne(
      at({ _id: documentId, outboxLeasedUntil: leasedUntil }),
      set({
        $set: { outboxDueAt: dueAt, outboxFailures: failures },
        $unset: { outboxLeasedUntil: "" },
      }),
    );

  /** Strikes off what has been taken; true when nothing else was left. */
  async function strikeOff(documentId: string, entryId: string): Promise<boolean> {
    const emptied = await collection.updateOne(
      at({ _id: documentId, outbox: { $size: 1 }, "outbox.0.id": entryId }),
      set({ $set: { outbox: [] }, ...DONE }),
    );
    if (emptied.matchedCount === 1) return true;
    await collection.updateOne(at({ _id: documentId }), set({ $pull: { outbox: { id: entryId } } }));
    return false;
  }

  /** Whether the document shall be looked at once more. */
  async function deliverAll(
    { _id, outbox, outboxFailures = 0 }: WithOutbox<E>,
    leasedUntil: Date,
  ): Promise<boolean> {
    for (const entry of outbox) {
      try {
        await deliver(_id, entry);
      } catch (err) {
        const dueAt = new Date(Date.now() + backoffMs(outboxFailures));
        await handBack(_id, leasedUntil, dueAt, outboxFailures + 1);
        log.warn(
          { err, document: _id, entry: entry.kind, failures: outboxFailures + 1 },
          "Outbox entry not delivered; will retry",
        );
        return false;
      }
      if (await strikeOff(_id, entry.id)) return false;
    }
    // Another has been added meanwhile, or somebody else is at the same document.
    const emptied = await collection.updateOne(at({ _id, outbox: { $size: 0 } }), set(DONE));
    if (emptied.matchedCount === 0) await handBack(_id, leasedUntil, new Date(), 0);
    return emptied.matchedCount === 0;
  }

  const worker = workerPool("outbox", { atOnce: AT_ONCE, everyMs, log }, async (callHelp) => {
    const now = new Date();
    const until = new Date(now.getTime() + LEASE_MS);
    const due = await lease(now, until);
    if (!due) return false;
    callHelp();
    return deliverAll(due, until);
  });

  return {
    ...worker,
    async pending() {
      const waiting = at({ outboxDueAt: { $exists: true } });
      const [count, oldest] = await Promise.all([
        collection.countDocuments(waiting),
        collection.find(waiting).sort({ outboxDueAt: 1 }).limit(100).project({ outbox: 1 }).toArray(),
      ]);
      const times = (oldest as unknown as WithOutbox<E>[]).flatMap(({ outbox }) =>
        outbox.map((e) => e.at.getTime()),
      );
      return { count, oldestAgeMs: times.length === 0 ? 0 : Date.now() - Math.min(...times) };
    },
  };
}
