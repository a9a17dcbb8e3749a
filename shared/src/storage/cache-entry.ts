// Names and encoding of cache entries in Redis. All keys of a group are in one slot of a Redis Cluster.

export interface CachedBytes {
  etag: string;
  bytes: string;
}

export interface CacheKey {
  group: string;
  /** The entry within the group, when the group has several. */
  member?: string;
  /** The number of places that the group's members share. Of two members in one place the newer stays. */
  places?: number;
}

export interface Entry extends CachedBytes {
  generation: string;
  /** Distinguishes members that share a place. */
  owner: string;
  loadedAt: number;
  refreshAt: number;
  /** From this time on the bytes are wrong, also while Redis still has them. */
  until: number;
}

export const generationKey = (group: string) => `cache:{${group}}:generation`;

const ownerOf = (member: string) => Bun.hash(member).toString(36);
const WHOLE_GROUP = ownerOf("");

export function namesOf({ group, member = "", places }: CacheKey) {
  const owner = member === "" ? WHOLE_GROUP : ownerOf(member);
  const place = places ? Number(Bun.hash(member) % BigInt(places)) : owner;
  const entry = member === "" ? `cache:{${group}}` : `cache:{${group}}:${place}`;
  return { owner, entry, generation: generationKey(group), loading: `cache:{${group}}:${owner}:loading` };
}

export type Names = ReturnType<typeof namesOf>;

/** The metadata goes before the bytes, so that one read returns both. */
export const pack = ({ generation, owner, etag, loadedAt, refreshAt, until, bytes }: Entry) =>
  `${generation} ${owner} ${loadedAt} ${refreshAt} ${etag} ${until}\n${bytes}`;
export function unpack(packed: string): Entry {
  const end = packed.indexOf("\n");
  // An older version stored no `until`.
  const [generation = "", owner = "", loadedAt, refreshAt, etag = "", until = Number.POSITIVE_INFINITY] =
    packed.slice(0, end).split(" ");
  return {
    ...{ generation, owner, etag, loadedAt: Number(loadedAt), refreshAt: Number(refreshAt) },
    ...{ until: Number(until), bytes: packed.slice(end + 1) },
  };
}
