// Moves documents that have become history to an archive collection: copies them, reads the copies back, then removes those
// that are still exactly what was copied. A move may stop after any write, and any number of processes may move the same
// documents: a document is always in at least one of the collections, and its copy is never overwritten by an older state.
// Readers ask the hot collection first, then the archive, so they miss none. Writers of history write in the same sequence.
import type { Collection, Filter, OptionalUnlessRequiredId, WithId } from "mongodb";
import { duplicateKeyOf } from "../mongo.ts";
import { byId, byIds } from "../shard-key.ts";

export interface Archived {
  _id: string;
}

export interface Move<D extends Archived> {
  hot: Collection<D>;
  archive: Collection<D>;
  /** Which documents are history. */
  filter: Filter<D>;
  /** What is kept of a document. Pure. */
  kept: (document: WithId<D>) => WithId<D>;
  limit: number;
}

/** Matches the document only while it is exactly this one. */
const exactly = <D extends Archived>(document: WithId<D>) =>
  ({ ...byId(document._id), $expr: { $eq: ["$$ROOT", { $literal: document }] } }) as unknown as Filter<D>;

/** Leaves alone what is in the archive already. */
async function addMissing<D extends Archived>(archive: Collection<D>, kept: WithId<D>[]): Promise<void> {
  try {
    await archive.insertMany(kept as unknown as OptionalUnlessRequiredId<D>[], { ordered: false });
  } catch (error) {
    if (duplicateKeyOf(error) === undefined) throw error;
  }
}

/** Moves up to `limit` documents, oldest ids first. A document that changes meanwhile stays for the next time. Returns how
 * many were found and how many have left the hot collection. */
export async function moveDocuments<D extends Archived>(
  move: Move<D>,
): Promise<{ found: number; moved: number }> {
  const { hot, archive, filter, limit } = move;
  const found = await hot.find(filter).sort({ _id: 1 }).limit(limit).toArray();
  if (found.length === 0) return { found: 0, moved: 0 };
  const kept = new Map<string, WithId<D>>(found.map((document) => [document._id, move.kept(document)]));
  await addMissing(archive, [...kept.values()]);
  const ids = byIds([...kept.keys()]) as unknown as Filter<D>;
  const copies = new Map<string, WithId<D>>(
    (await archive.find(ids).toArray()).map((copy) => [copy._id, copy]),
  );
  const isCopied = (document: WithId<D>) => Bun.deepEquals(copies.get(document._id), kept.get(document._id));
  // Copied by a move that stopped, and changed since; or moved and changed by others meanwhile. Read again, after the copy: a
  // document that is still in the hot collection has every change that its copy has.
  for (const { _id } of found.filter((document) => !isCopied(document))) {
    const copy = copies.get(_id);
    const current = copy && (await hot.findOne(byId(_id) as unknown as Filter<D>));
    if (copy && current) await archive.replaceOne(exactly(copy), move.kept(current));
  }
  const copied = found.filter(isCopied);
  if (copied.length === 0) return { found: found.length, moved: 0 };
  const { deletedCount } = await hot.bulkWrite(
    copied.map((document) => ({ deleteOne: { filter: exactly(document) } })),
    { ordered: false },
  );
  return { found: found.length, moved: deletedCount };
}
