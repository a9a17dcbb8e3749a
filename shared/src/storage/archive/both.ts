// Documents wherever they are. Each read asks the hot collection first, then the archive: a document is in the archive before
// it leaves the hot collection (move-documents.ts), so a reader misses none.
import type { Collection, Filter, WithId } from "mongodb";
import type { Archived, Move } from "./move-documents.ts";

export type Both<D extends Archived> = Pick<Move<D>, "hot" | "archive">;

/** Longer than a request lasts, and than anything but an erasure may change what is done. */
export const ARCHIVE_AFTER_DAYS_MIN = 2;
/** What began later than that is not in an archive. */
export const NOT_ARCHIVED_MS = 86_400_000;

export const findOneInBoth = async <D extends Archived>(
  { hot, archive }: Both<D>,
  filter: Filter<D>,
): Promise<WithId<D> | null> => (await hot.findOne(filter)) ?? archive.findOne(filter);

/** The documents with these ids, by `read` of one collection. */
export async function findInBoth<D extends Archived, T extends Archived>(
  ids: readonly string[],
  { hot, archive }: Both<D>,
  read: (from: Collection<D>, ids: string[]) => Promise<T[]>,
): Promise<T[]> {
  const found = await read(hot, [...ids]);
  const known = new Set(found.map(({ _id }) => _id));
  const missing = ids.filter((id) => !known.has(id));
  return missing.length === 0 ? found : [...found, ...(await read(archive, missing))];
}

/** These, and of the older ones those that are not among them: what is being moved is in both collections. */
export function joined<D extends { _id: string }>(recent: D[], older: D[]): D[] {
  const seen = new Set(recent.map(({ _id }) => _id));
  return [...recent, ...older.filter(({ _id }) => !seen.has(_id))];
}

interface Page<D extends Archived> {
  limit: number;
  /** The page of one collection, sorted; with `last` only what comes before that one. It may have more. */
  pageOf: (from: Collection<D>, last?: WithId<D>) => Promise<WithId<D>[]>;
  compare: (one: WithId<D>, other: WithId<D>) => number;
  /** Whether what comes after this one may be in the archive. */
  mayBeArchived: (last: WithId<D>) => boolean;
}

/** The page of both collections. The hot one may have what is older than something in the archive, such as what is not done
 * yet. */
export async function pageOfBoth<D extends Archived>(
  { hot, archive }: Both<D>,
  { limit, pageOf, compare, mayBeArchived }: Page<D>,
): Promise<WithId<D>[]> {
  const recent = await pageOf(hot);
  const last = recent[limit - 1];
  if (last && !mayBeArchived(last)) return recent;
  return joined(recent, await pageOf(archive, last))
    .sort(compare)
    .slice(0, limit);
}
