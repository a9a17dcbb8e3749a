// A short form of bench/start-up.ts that compares CPU time, which does not depend on other load.
import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { testDatabases } from "@food/shared/testing/databases";
import { describeWithDatabases, testRedisUrl } from "@food/shared/testing/service";
import { BUILD_MAX_MS, builtBinaries } from "../tools/binaries.ts";
import { serviceNames } from "../tools/services.ts";
import { binaryOf, startProcess } from "./support/service-process.ts";

/** 0.38 to 0.5 were measured, by how busy the machine is. The bar of `bun run bench` is lower. */
const OF_PEER_MAX = 0.6;
const node = Bun.which("node");
const databases = () => ({
  mongo: { url: testDatabases().TEST_MONGODB_URL },
  redis: { url: testRedisUrl() },
});

/** Other load only adds to the cost of a start, so the least of several starts counts. */
const ROUNDS = { least: 3, most: 8 };

async function cpuMsOf(command: string[], name: string): Promise<number> {
  const started = await startProcess(command, name, databases());
  await started.stop();
  return started.cpuMs;
}

describeWithDatabases("a start", () => {
  beforeAll(builtBinaries, BUILD_MAX_MS);

  test.skipIf(!node)(
    `takes less than two thirds of a Node and Fastify peer's on the same databases${node ? "" : " (no node here)"}`,
    async () => {
      const commands = new Map([["peer", [node ?? "", join(import.meta.dir, "peers/fastify.mjs")]]]);
      for (const service of serviceNames) commands.set(service, [binaryOf(service)]);
      const least = new Map<string, number>();
      const tooDear = () =>
        serviceNames.filter((name) => (least.get(name) ?? 0) / (least.get("peer") ?? 1) > OF_PEER_MAX);
      for (let round = 0; round < ROUNDS.least || (tooDear().length > 0 && round < ROUNDS.most); round++)
        for (const [name, command] of commands)
          least.set(name, Math.min(least.get(name) ?? Infinity, await cpuMsOf(command, name)));
      expect({ tooDear: tooDear(), least }).toMatchObject({ tooDear: [] });
    },
  );
});
