// bun run shard: prints what to type into mongosh to spread the collections over the shards of a cluster.
import { shards as customer } from "@food/customer/shards";
import { shards as delivery } from "@food/delivery/shards";
import { shards as order } from "@food/order/shards";
import { shards as restaurant } from "@food/restaurant/shards";
import type { Shards } from "@food/shared/storage/sharding/shards";
import { orExit, readFlags } from "./command-line.ts";
import type { ServiceName } from "./services.ts";

export const shardsOf: Record<ServiceName, Shards> = { customer, restaurant, order, delivery };

/** The unique indexes of older versions, which do not begin with the shard key. */
const OLD_INDEXES: Record<string, Record<string, string[]>> = {
  order: { orders: ["placed_once", "customer_slot", "address_slot"] },
  delivery: { trips: ["delivery_once", "one_live_trip_per_order", "one_live_trip_per_courier"] },
};

const dropped = Object.entries(OLD_INDEXES).flatMap(([service, collections]) =>
  Object.entries(collections).flatMap(([collection, indexes]) =>
    indexes.map((index) => `db.getSiblingDB("${service}").${collection}.dropIndex("${index}")`),
  ),
);

/** MongoDB refuses to shard a collection without an index that begins with the key, and makes none where there are documents. */
const shardingOf = (service: string) => (entry: Shards[number]) => {
  const { collection } = entry;
  if ("stays" in entry) return [`// ${service}.${collection} stays on one shard: ${entry.stays}`];
  const index = `db.getSiblingDB("${service}").${collection}.createIndex({ ${entry.key}: 1 })`;
  return [
    ...(entry.key === "_id" ? [] : [index]),
    `sh.shardCollection("${service}.${collection}", { ${entry.key}: 1 })`,
  ];
};

export const commands = (): string[] => [
  "// Once no replica of an older version runs any more:",
  ...dropped,
  "// Documents of older versions have no key and stay together on one shard.",
  ...Object.entries(shardsOf).flatMap(([service, all]) => all.flatMap(shardingOf(service))),
];

if (import.meta.main) {
  orExit(() => readFlags(Bun.argv.slice(2), {}));
  process.stdout.write(`${commands().join("\n")}\n`);
}
