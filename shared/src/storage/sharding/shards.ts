// Where a sharded MongoDB keeps the collections. A filter without equality on the shard key goes to every shard, and a unique
// index must begin with the key (https://www.mongodb.com/docs/manual/core/sharding-shard-key/). Changing one document by such
// a filter needs MongoDB 7 (https://www.mongodb.com/docs/manual/core/distributed-queries/).
import { shardKeyOf } from "../shard-key.ts";

export interface ShardedCollection {
  collection: string;
  /** The field, in ascending sequence. */
  key: string;
  /** The fields whose ids lead to a shard; by default `_id`. Ids of older versions do not. */
  ids?: string[];
  /** Filters that may ask every shard, by the names of their fields, and why. */
  scattered?: Record<string, string>;
}

/** A small collection. It stays on one shard. */
export interface WholeCollection {
  collection: string;
  stays: string;
}

export type Shards = readonly (ShardedCollection | WholeCollection)[];

const valuesOf = (condition: unknown): unknown[] => {
  if (typeof condition !== "object" || condition === null) return [condition];
  const { $in, $eq } = condition as { $in?: unknown[]; $eq?: unknown };
  return $in ?? ($eq === undefined ? [] : [$eq]);
};

/** Why the filter asks every shard; undefined when it names some, or may ask all. */
export function scatterOf(
  { collection, key, ids: fields = ["_id"], scattered = {} }: ShardedCollection,
  filter: Record<string, unknown>,
): string | undefined {
  const names = valuesOf(filter[key]);
  if (key in filter && names.length > 0) return undefined;
  const ids = fields.flatMap((field) => valuesOf(filter[field] ?? { $in: [] }));
  const isOld = ids.some((id) => typeof id === "string" && shardKeyOf(id) === undefined);
  const isNothing = fields.some((field) => (filter[field] as { $in?: [] } | undefined)?.$in?.length === 0);
  const named = Object.keys(filter).sort().join(",");
  return isOld || isNothing || named in scattered ? undefined : `${collection} by ${named || "nothing"}`;
}
