// The collections that the code names against the list of where a sharded MongoDB keeps them.
import { describe, expect, test } from "bun:test";
import { commands, shardsOf } from "../tools/shard.ts";
import { production, sourceOf } from "./source-files.builder.ts";

describe.each(Object.entries(shardsOf))("the collections of the %s service", (service, shards) => {
  const listed = shards.map(({ collection }) => collection);

  test("are all on the list, once", () => {
    const named = production
      .filter((path) => path.startsWith("shared/src/accounts/") || path.startsWith(`services/${service}/`))
      .flatMap((path) => [...sourceOf(path).matchAll(/\.collection(?:<[^(]*>)?\(\s*"([^"]+)"/g)])
      .map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(listed.toSorted()).toEqual([...new Set([...named, "activity"])].sort());
  });

  test("are known to the check of the queries that its integration tests send", () => {
    const builder = `services/${service}/src/${service}-service.builder.ts`;
    expect(sourceOf(builder)).toContain("declareShards(shards);");
  });
});

describe("bun run shard", () => {
  test("prints a command for each sharded collection, and why the others stay", () => {
    const printed = commands().join("\n");
    expect(printed).toContain('sh.shardCollection("order.orders", { shardKey: 1 })');
    expect(printed).toContain('sh.shardCollection("delivery.trips", { shardKey: 1 })');
    expect(printed).toContain("// delivery.couriers stays on one shard: ");
  });
});
