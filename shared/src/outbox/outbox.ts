// A transactional outbox inside the document: a change and its messages to other services are one write. A worker delivers
// them at least once, in order for each document, and retries until the receiver accepts. Receivers are idempotent, so a
// crash at any point neither loses a message nor applies it twice.
import type { Collection, Filter, UpdateFilter } from "mongodb";
import type { Log } from "../observe/log.ts";
import type { Ticker } from "../process/ticker.ts";
import { workerPool } from "../process/worker-pool.ts";

export interface OutboxEntry {
  id: string;
  kind: string;
  at: Date;
}

/** The outbox fields of a document. */
export interface WithOutbox<E extends OutboxEntry> {
  _id: string;
  outbox: E[];
  /** Next time the worker checks this document. Unset when the outbox is empty. Set it to now when adding an entry. */
  outboxDueAt?: Date;
  /** Until then the document belongs to one worker, even when it is due. */
  outboxLeasedUntil?: Date;
  outboxFailures?: number;
}

export const OUTBOX_INDEX = { key: { outboxDueAt: 1 }, name: "outbox" } as const;

const LEASE_MS = 10_000;

/** For a write that adds entries to an empty outbox: the writer has the lease and hands the document to `deliverLeased`.
 * Should it die before, the lease ends and another worker delivers them. */
export function leasedFrom(
  now: Date,
): Pick<Required<WithOutbox<OutboxEntry>>, "outboxDueAt" | "outboxLeasedUntil"> {
  const until = new Date(now.getTime() + LEASE_MS);
  return { outboxDueAt: until, outboxLeasedUntil: until };
}
const DONE = { $unset: { outboxDueAt: "", outboxFailures: "", outboxLeasedUntil: "" } };
/** Documents that a process delivers at once. */
const AT_ONCE = 8;
/** Documents with a lease of this process that wait for a worker. Those beyond wait for the end of their lease. */
const LEASED_MAX = 1_000;
/** The maximum is short, so that delivery resumes soon after the receiver is back. */
const BACKOFF_MS = { first: 200, most: 5_000 };

/** Full jitter over a capped exponential (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export const backoffMs = (failures: number, random = Math.random) =>
  random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures);

export interface OutboxWorker<E extends OutboxEntry> extends Ticker {
  /** Delivers the entries of a document that was just written with `leasedFrom`. */
  deliverLeased: (document: WithOutbox<E>) => void;
  /** Number of waiting documents and age of the oldest entry. */
  pending: () => Promise<{ count: number; oldestAgeMs: number }>;
}

export function outboxWorker<E extends OutboxEntry, D extends WithOutbox<E>>(options: {
  collection: Collection<D>;
  /** Must be idempotent, and throw when the receiver has not accepted the entry. */
  deliver: (documentId: string, entry: E) => Promise<void>;
  everyMs: number;
  log: Log;
}): OutboxWorker<E> {
  const { collection, deliver, everyMs, log } = options;
  const at = (filter: object) => filter as Filter<D>;
  const set = (update: object) => update as UpdateFilter<D>;

  const lease = (now: Date, until: Date) =>
    collection.findOneAndUpdate(
      at({ outboxDueAt: { $lte: now }, outboxLeasedUntil: { $not: { $gt: now } } }),
      set({ $set: { outboxDueAt: until, outboxLeasedUntil: until } }),
      { sort: { outboxDueAt: 1 }, returnDocument: "after", projection: { outbox: 1, outboxFailures: 1 } },
    ) as Promise<WithOutbox<E> | null>;
  /** Does nothing when another worker has the lease by now. */
  const releaseLease = (documentId: string, leasedUntil: Date, dueAt: Date, failures: number) =>
    collection.updateOne(
      at({ _id: documentId, outboxLeasedUntil: leasedUntil }),
      set({
        $set: { outboxDueAt: dueAt, outboxFailures: failures },
        $unset: { outboxLeasedUntil: "" },
      }),
    );

  /** Removes a delivered entry. True when it was the last one. */
  async function removeEntry(documentId: string, entryId: string): Promise<boolean> {
    const emptied = await collection.updateOne(
      at({ _id: documentId, outbox: { $size: 1 }, "outbox.0.id": entryId }),
      set({ $set: { outbox: [] }, ...DONE }),
    );
    if (emptied.matchedCount === 1) return true;
    await collection.updateOne(at({ _id: documentId }), set({ $pull: { outbox: { id: entryId } } }));
    return false;
  }

  /** Returns whether the document may have more entries. */
  async function deliverAll(
    { _id, outbox, outboxFailures = 0 }: WithOutbox<E>,
    leasedUntil: Date,
  ): Promise<boolean> {
    for (const entry of outbox) {
      try {
        await deliver(_id, entry);
      } catch (err) {
        const dueAt = new Date(Date.now() + backoffMs(outboxFailures));
        await releaseLease(_id, leasedUntil, dueAt, outboxFailures + 1);
        log.warn(
          { err, document: _id, entry: entry.kind, failures: outboxFailures + 1 },
          "Outbox entry not delivered; will retry",
        );
        return false;
      }
      if (await removeEntry(_id, entry.id)) return false;
    }
    // An entry was added during delivery, or another worker has this document.
    const emptied = await collection.updateOne(at({ _id, outbox: { $size: 0 } }), set(DONE));
    if (emptied.matchedCount === 0) await releaseLease(_id, leasedUntil, new Date(), 0);
    return emptied.matchedCount === 0;
  }

  const leased: WithOutbox<E>[] = [];
  const worker = workerPool("outbox", { atOnce: AT_ONCE, everyMs, log }, async (wakeAnother) => {
    const own = leased.shift();
    if (leased.length > 0) wakeAnother();
    const now = new Date();
    if (own?.outboxLeasedUntil && own.outboxLeasedUntil > now)
      return (await deliverAll(own, own.outboxLeasedUntil)) || leased.length > 0;
    const until = new Date(now.getTime() + LEASE_MS);
    const due = await lease(now, until);
    if (!due) return false;
    wakeAnother();
    return deliverAll(due, until);
  });

  return {
    ...worker,
    deliverLeased(document) {
      if (leased.length < LEASED_MAX) leased.push(document);
      worker.wake();
    },
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
