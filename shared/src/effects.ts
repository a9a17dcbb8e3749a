// Work that must reach another service is written into the document whose change made it necessary, in the same
// write, and a worker delivers it afterwards: at least once, in order within one document, again and again until
// the receiver has taken it. The receiver takes each once (it is idempotent), so a crash at any instruction
// neither loses work nor does it twice. (The transactional outbox, kept inside the document.)
import type { Collection, Filter, UpdateFilter } from "mongodb";
import type { Log } from "./log.ts";
import type { Repeating } from "./repeat.ts";
import { workers } from "./workers.ts";

export interface Effect {
  id: string;
  kind: string;
  at: Date;
}

/** What a document with effects has besides its own fields. */
export interface WithEffects<E extends Effect> {
  _id: string;
  effects: E[];
  /** When the worker shall look at the document next; absent while there is nothing to deliver. Whoever adds an effect
   * sets it to the present time, */
  effectsDueAt?: Date;
  /** which is no reason to begin before whoever is at the document is done, or this time has come. */
  effectsLeasedUntil?: Date;
  effectsFailures?: number;
}

export const EFFECTS_INDEX = { key: { effectsDueAt: 1 }, name: "effects" } as const;

const LEASE_MS = 10_000;
const DONE = { $unset: { effectsDueAt: "", effectsFailures: "", effectsLeasedUntil: "" } };
/** Documents that a process is at at once. */
const AT_ONCE = 8;
/** Not longer, or what waits would still wait when the receiver has long been back. */
const BACKOFF_MS = { first: 200, most: 5_000 };

/** Full jitter over a capped exponential (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export const backoffMs = (failures: number, random = Math.random) =>
  random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures);

export interface EffectWorker extends Repeating {
  /** How many documents wait and for how long the oldest has. */
  pending: () => Promise<{ count: number; oldestAgeMs: number }>;
}

export function effectWorker<E extends Effect, D extends WithEffects<E>>(options: {
  collection: Collection<D>;
  /** Must be idempotent, and throw when the receiver has not taken the effect. */
  deliver: (documentId: string, effect: E) => Promise<void>;
  everyMs: number;
  log: Log;
}): EffectWorker {
  const { collection, deliver, everyMs, log } = options;
  const at = (filter: object) => filter as Filter<D>;
  const set = (update: object) => update as UpdateFilter<D>;

  const lease = (now: Date, until: Date) =>
    collection.findOneAndUpdate(
      at({ effectsDueAt: { $lte: now }, effectsLeasedUntil: { $not: { $gt: now } } }),
      set({ $set: { effectsDueAt: until, effectsLeasedUntil: until } }),
      { sort: { effectsDueAt: 1 }, returnDocument: "after", projection: { effects: 1, effectsFailures: 1 } },
    ) as Promise<WithEffects<E> | null>;
  /** Unless the lease is somebody else's by now: what is left is theirs. */
  const handBack = (documentId: string, leasedUntil: Date, dueAt: Date, failures: number) =>
    collection.updateOne(
      at({ _id: documentId, effectsLeasedUntil: leasedUntil }),
      set({
        $set: { effectsDueAt: dueAt, effectsFailures: failures },
        $unset: { effectsLeasedUntil: "" },
      }),
    );

  /** Strikes off what has been taken; true when nothing else was left. */
  async function strikeOff(documentId: string, effectId: string): Promise<boolean> {
    const emptied = await collection.updateOne(
      at({ _id: documentId, effects: { $size: 1 }, "effects.0.id": effectId }),
      set({ $set: { effects: [] }, ...DONE }),
    );
    if (emptied.matchedCount === 1) return true;
    await collection.updateOne(at({ _id: documentId }), set({ $pull: { effects: { id: effectId } } }));
    return false;
  }

  /** Whether the document shall be looked at once more. */
  async function deliverAll(
    { _id, effects, effectsFailures = 0 }: WithEffects<E>,
    leasedUntil: Date,
  ): Promise<boolean> {
    for (const effect of effects) {
      try {
        await deliver(_id, effect);
      } catch (err) {
        const dueAt = new Date(Date.now() + backoffMs(effectsFailures));
        await handBack(_id, leasedUntil, dueAt, effectsFailures + 1);
        log.warn(
          { err, document: _id, effect: effect.kind, failures: effectsFailures + 1 },
          "An effect waits",
        );
        return false;
      }
      if (await strikeOff(_id, effect.id)) return false;
    }
    // Another has been added meanwhile, or somebody else is at the same document.
    const emptied = await collection.updateOne(at({ _id, effects: { $size: 0 } }), set(DONE));
    if (emptied.matchedCount === 0) await handBack(_id, leasedUntil, new Date(), 0);
    return emptied.matchedCount === 0;
  }

  const worker = workers("effects", { atOnce: AT_ONCE, everyMs, log }, async (callHelp) => {
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
      const waiting = at({ effectsDueAt: { $exists: true } });
      const [count, oldest] = await Promise.all([
        collection.countDocuments(waiting),
        collection.find(waiting).sort({ effectsDueAt: 1 }).limit(100).project({ effects: 1 }).toArray(),
      ]);
      const times = (oldest as unknown as WithEffects<E>[]).flatMap(({ effects }) =>
        effects.map((e) => e.at.getTime()),
      );
      return { count, oldestAgeMs: times.length === 0 ? 0 : Date.now() - Math.min(...times) };
    },
  };
}
