// Documents of a sharded collection are spread over the shards by their field `shardKey`: the last characters of their owner's
// id, with which their own id ends, too. So a filter by id names the shard, and so does one by owner. A filter that does
// not is sent to every shard (https://www.mongodb.com/docs/manual/core/sharded-cluster-query-router/). Ids are unique across
// shards, because equal ids have equal keys: MongoDB itself checks `_id` on each shard alone
// (https://www.mongodb.com/docs/manual/core/sharding-shard-key/#unique-indexes).
import { newId } from "../values/id.ts";

/** The field of a sharded document. Missing in one that an older version stored. */
export interface Sharded {
  shardKey?: string;
}

const LENGTH = 4;
/** Ids of older versions have no `o`. */
const MARK = "o";
const MARKED = new RegExp(`${MARK}([0-9a-z]{${LENGTH}})$`);

const keyOfOwner = (ownerId: string) => ownerId.slice(-LENGTH);

/** The field to store with a new document of this owner. */
export const shardOf = (ownerId: string): Required<Sharded> => ({ shardKey: keyOfOwner(ownerId) });

/** The id with another end, which leads to the owner's shard. */
export const idOfOwner = (id: string, ownerId: string): string =>
  id.slice(0, -LENGTH - MARK.length) + MARK + keyOfOwner(ownerId);

/** A new id of a document that belongs to this owner. */
export const newIdOfOwner = (prefix: string, ownerId: string, now?: number): string =>
  idOfOwner(newId(prefix, now), ownerId);

/** A new id of a document that belongs to the same owner. */
export const newIdBeside = (prefix: string, id: string): string =>
  shardKeyOf(id) === undefined ? newId(prefix) : newIdOfOwner(prefix, id);

/** Undefined for an id of an older version. */
export const shardKeyOf = (id: string): string | undefined => MARKED.exec(id)?.[1];

/** The field to store with a new document. */
export function sharded(id: string): Sharded {
  const shardKey = shardKeyOf(id);
  return shardKey === undefined ? {} : { shardKey };
}

export const byId = (id: string): { _id: string } & Sharded => ({ _id: id, ...sharded(id) });

/** The condition on `shardKey` for documents with one of these keys, and those of older versions. */
export const oneOfKeys = (keys: Iterable<string | undefined>) => ({
  shardKey: { $in: [...new Set([...keys].filter((key) => key !== undefined)), null] } as never,
});

/** The condition on `shardKey` for documents to which these ids lead; none when one of them is of an older version. */
export function onShardsOf(ids: readonly string[]): { shardKey?: { $in: string[] } } {
  const keys = new Set<string>();
  for (const id of ids) {
    const key = shardKeyOf(id);
    if (key === undefined) return {};
    keys.add(key);
  }
  return { shardKey: { $in: [...keys] } };
}

export const byIds = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, ...onShardsOf(ids) });

/** The condition for the documents of this owner. */
export const ofOwner = <F extends string>(field: F, ownerId: string) =>
  ({ [field]: ownerId, ...oneOfKeys([keyOfOwner(ownerId)]) }) as Record<F, string> &
    ReturnType<typeof oneOfKeys>;
