// Makes every integration test a test of the queries: one that a request sends to every shard of a sharded MongoDB becomes a
// failure of the test that asked (documented.ts). Background work may ask all shards, and queries of the tests themselves.
import { Connection } from "mongodb/lib/cmap/connection.js";
import { currentScope } from "../src/observe/request-scope.ts";
import { type ShardedCollection, type Shards, scatterOf } from "../src/storage/sharding/shards.ts";

const sharded = new Map<string, ShardedCollection>();
const found = new WeakMap<object, string>();

/** The collections of the service under test. */
export function declareShards(shards: Shards): void {
  for (const entry of shards) if (!("stays" in entry)) sharded.set(entry.collection, entry);
}

type Filter = Record<string, unknown>;
type Command = Record<string, unknown>;

/** The filters of one command; none of an insert. */
function filtersOf(command: Command): Filter[] {
  // The driver sends a list of writes apart from their command.
  const of = (writes: unknown = []) =>
    (Array.isArray(writes) ? writes : (writes as { documents: { q: Filter }[] }).documents).map(({ q }) => q);
  if ("find" in command) return [(command.filter as Filter) ?? {}];
  if ("findAndModify" in command || "distinct" in command) return [(command.query as Filter) ?? {}];
  if ("aggregate" in command) return [(command.pipeline as { $match?: Filter }[])[0]?.$match ?? {}];
  return [...of(command.updates), ...of(command.deletes)];
}

const { command: send } = Connection.prototype;
Connection.prototype.command = function sendChecked(namespace, command: Command, ...rest) {
  const scope = currentScope();
  const entry = sharded.get(String(Object.values(command)[0]));
  if (scope && entry)
    for (const filter of filtersOf(command)) {
      const scatter = scatterOf(entry, filter);
      if (scatter) found.set(scope, scatter);
    }
  return send.call(this, namespace, command, ...rest);
};

/** The query of this request that asked every shard. */
export const scatterIn = (scope: object | undefined): string | undefined => scope && found.get(scope);
