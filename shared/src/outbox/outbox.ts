// A transactional outbox inside the document: a change and its messages to other services are one write. A worker delivers
// them at least once, in order for each document, and retries until the receiver accepts. Receivers are idempotent, so a
// crash at any point neither loses a message nor applies it twice.
import type { Collection, Filter, UpdateFilter } from "mongodb";
import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { causeNow, inSpan } from "../observe/spans.ts";
import type { TraceHeaders } from "../observe/trace-context.ts";
import type { Ticker } from "../process/ticker.ts";
import { workerPool } from "../process/worker-pool.ts";
import { byId } from "../storage/shard-key.ts";

export interface OutboxEntry {
  id: string;
  kind: string;
  at: Date;
  /** The write that caused it. Entries of an older version have none. */
  trace?: TraceHeaders;
}

/** The entries with the current trace, or else this one, to store them. */
export function withTrace<E extends OutboxEntry>(entries: E[], otherwise?: TraceHeaders): E[] {
  const trace = causeNow() ?? otherwise;
  return trace ? entries.map((entry) => ({ ...entry, trace })) : entries;
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
/** Of a worker that nothing wakes. It wakes itself when a document is due. */
const EVERY_MS = 5_000;

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
  /** For tests. */
  everyMs?: number | undefined;
  log: Log;
}): OutboxWorker<E> {
  const { collection, deliver, everyMs = EVERY_MS, log } = options;
  const outages = repeatedFailures(log);
  const at = (filter: object) => filter as Filter<D>;
  const set = (update: object) => update as UpdateFilter<D>;

  const lease = (now: Date, until: Date) =>
    collection.findOneAndUpdate(
      at({ outboxDueAt: { $lte: now }, outboxLeasedUntil: { $not: { $gt: now } } }),
      set({ $set: { outboxDueAt: until, outboxLeasedUntil: until } }),
      { sort: { outboxDueAt: 1 }, returnDocument: "after", projection: { outbox: 1, outboxFailures: 1 } },
    ) as Promise<WithOutbox<E> | null>;
  /** Those that have failed, and those of other processes, whose leases end when they die. */
  async function nextDueAt(lookedAt: Date): Promise<Date | undefined> {
    const later = at({ outboxDueAt: { $gt: lookedAt } });
    const next = await collection.findOne(later, {
      sort: { outboxDueAt: 1 },
      projection: { outboxDueAt: 1 },
    });
    return (next as WithOutbox<E> | null)?.outboxDueAt;
  }
  /** Does nothing when another worker has the lease by now. */
  const releaseLease = (documentId: string, leasedUntil: Date, dueAt: Date, failures: number) =>
    collection.updateOne(
      at({ ...byId(documentId), outboxLeasedUntil: leasedUntil }),
      set({
        $set: { outboxDueAt: dueAt, outboxFailures: failures },
        $unset: { outboxLeasedUntil: "" },
      }),
    );

  /** Removes a delivered entry. True when it was the last one. */
  async function removeEntry(documentId: string, entryId: string): Promise<boolean> {
    const emptied = await collection.updateOne(
      at({ ...byId(documentId), outbox: { $size: 1 }, "outbox.0.id": entryId }),
      set({ $set: { outbox: [] }, ...DONE }),
    );
    if (emptied.matchedCount === 1) return true;
    await collection.updateOne(at(byId(documentId)), set({ $pull: { outbox: { id: entryId } } }));
    return false;
  }

  /** Returns whether there may be more to deliver, now or soon. */
  async function deliverAll(
    { _id, outbox, outboxFailures = 0 }: WithOutbox<E>,
    leasedUntil: Date,
  ): Promise<boolean> {
    for (const entry of outbox) {
      try {
        await inSpan(`outbox ${entry.kind}`, entry.trace, () => deliver(_id, entry));
      } catch (err) {
        const dueAt = new Date(Date.now() + backoffMs(outboxFailures));
        await releaseLease(_id, leasedUntil, dueAt, outboxFailures + 1);
        const which = { document: _id, entry: entry.kind, failures: outboxFailures + 1 };
        outages.failed(entry.kind, { err, ...which }, "Outbox entry not delivered; will retry");
        return true;
      }
      if (await removeEntry(_id, entry.id)) return false;
    }
    // An entry was added during delivery, or another worker has this document.
    const emptied = await collection.updateOne(at({ ...byId(_id), outbox: { $size: 0 } }), set(DONE));
    if (emptied.matchedCount === 0) await releaseLease(_id, leasedUntil, new Date(), 0);
    return emptied.matchedCount === 0;
  }

  const leased: WithOutbox<E>[] = [];
  const worker = workerPool(
    `outbox of ${collection.collectionName}`,
    { atOnce: AT_ONCE, everyMs, log, nextDueAt },
    async (wakeAnother) => {
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
    },
  );

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
