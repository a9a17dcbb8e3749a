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
  /** When the worker shall look at the document next; absent while there is nothing to deliver. */
  effectsDueAt?: Date;
  effectsFailures?: number;
}

export const EFFECTS_INDEX = { key: { effectsDueAt: 1 }, name: "effects" } as const;

const LEASE_MS = 10_000;
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

  /** What is added to a document makes it due again: that is for the one who is at it. */
  const mine = new Set<string>();
  const lease = () =>
    collection.findOneAndUpdate(
      at({ effectsDueAt: { $lte: new Date() }, ...(mine.size > 0 && { _id: { $nin: [...mine] } }) }),
      set({ $set: { effectsDueAt: new Date(Date.now() + LEASE_MS) } }),
      { sort: { effectsDueAt: 1 }, returnDocument: "after", projection: { effects: 1, effectsFailures: 1 } },
    ) as Promise<WithEffects<E> | null>;

  /** Strikes off what has been taken; true when nothing else was left. */
  async function strikeOff(documentId: string, effectId: string): Promise<boolean> {
    const emptied = await collection.updateOne(
      at({ _id: documentId, effects: { $size: 1 }, "effects.0.id": effectId }),
      set({ $set: { effects: [] }, $unset: { effectsDueAt: "", effectsFailures: "" } }),
    );
    if (emptied.matchedCount === 1) return true;
    await collection.updateOne(at({ _id: documentId }), set({ $pull: { effects: { id: effectId } } }));
    return false;
  }

  async function deliverAll({ _id, effects, effectsFailures = 0 }: WithEffects<E>): Promise<void> {
    for (const effect of effects) {
      try {
        await deliver(_id, effect);
      } catch (err) {
        const dueAt = new Date(Date.now() + backoffMs(effectsFailures));
        await collection.updateOne(
          at({ _id }),
          set({ $set: { effectsDueAt: dueAt }, $inc: { effectsFailures: 1 } }),
        );
        log.warn(
          { err, document: _id, effect: effect.kind, failures: effectsFailures + 1 },
          "An effect waits",
        );
        return;
      }
      if (await strikeOff(_id, effect.id)) return;
    }
    // Another has been added meanwhile, or somebody else is at the same document.
    const emptied = await collection.updateOne(
      at({ _id, effects: { $size: 0 } }),
      set({ $unset: { effectsDueAt: "", effectsFailures: "" } }),
    );
    if (emptied.matchedCount === 0)
      await collection.updateOne(
        at({ _id, "effects.0": { $exists: true } }),
        set({ $set: { effectsDueAt: new Date() } }),
      );
  }

  const worker = workers("effects", { atOnce: AT_ONCE, everyMs, log }, async () => {
    const due = await lease();
    if (!due || mine.has(due._id)) return false;
    mine.add(due._id);
    await deliverAll(due).finally(() => mine.delete(due._id));
    return true;
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
