// A hot collection and its archive: processes that die at a write, and readers that are interrupted.
import type { Collection, Document } from "mongodb";
import { DAY_MS } from "../src/storage/archive/archiving.ts";

export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

export interface Stores<D extends Document> {
  collection: Collection<D>;
  archive: Collection<D>;
}

class Death extends Error {}

const WRITES = new Set(["insertMany", "bulkWrite", "replaceOne", "updateOne", "updateMany"]);

/** The store of a process for which `at` runs around each of its writes: `before` the database gets it, and `after`. */
export function tapped<D extends Document>(
  store: Stores<D>,
  at: (write: string, side: "before" | "after") => unknown,
): Stores<D> {
  const tap = (collection: Collection<D>, name: string) =>
    new Proxy(collection, {
      get(target, property) {
        const member = Reflect.get(target, property) as unknown;
        if (typeof member !== "function") return member;
        if (!WRITES.has(String(property))) return member.bind(target);
        return async (...given: unknown[]) => {
          const write = `${String(property)} ${name}`;
          await at(write, "before");
          try {
            return await (member.apply(target, given) as Promise<unknown>);
          } finally {
            await at(write, "after");
          }
        };
      },
    });
  return { collection: tap(store.collection, "hot"), archive: tap(store.archive, "archive") };
}

/** Plays once for each moment before and after a write of the store that `play` is given, with `at` in that moment, and once more
 * without. Returns the moments. */
export async function atEachWrite<D extends Document>(
  store: Stores<D>,
  at: () => unknown,
  play: (slow: Stores<D>) => Promise<void>,
): Promise<string[]> {
  const moments: string[] = [];
  for (let moment = 1; ; moment++) {
    let steps = 0;
    await play(
      tapped(store, async (write, side) => {
        if (++steps !== moment) return;
        moments.push(`${side} ${write}`);
        await at();
      }),
    );
    if (steps < moment) return moments;
  }
}

export function die(): never {
  throw new Death();
}

/** A process that may die while it moves. */
export const untilDeath = (move: Promise<unknown>): Promise<unknown> =>
  move.catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
  });

const READS = new Set(["find", "sort", "limit", "project"]);

/** The collection for a reader that is interrupted after each of its reads. */
export function interrupted<T extends object>(source: T, after: () => Promise<unknown>): T {
  return new Proxy(source, {
    get(target, property) {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const result = member.apply(target, given) as unknown;
        if (READS.has(String(property))) return interrupted(result as object, after);
        return result instanceof Promise ? result.finally(after) : result;
      };
    },
  });
}
