// The measurement at its smallest, by what a start costs the processor: that stays true on a busy machine.
import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { testDatabases } from "@food/shared/testing/databases";
import { describeWithDatabases, testRedisUrl } from "@food/shared/testing/service";
import { builtBinaries } from "../tools/binaries.ts";
import { serviceNames } from "../tools/services.ts";
import { quantile } from "./support/report.ts";
import { binaryOf, startProcess } from "./support/service-process.ts";

const OF_PEER_MAX = 0.35;
const node = Bun.which("node");
const databases = () => ({
  mongo: { url: testDatabases().TEST_MONGODB_URL },
  redis: { url: testRedisUrl() },
});

async function cpuMsOf(command: string[], name: string): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < 4; i++) {
    const started = await startProcess(command, name, databases());
    await started.stop();
    if (i > 0) all.push(started.cpuMs);
  }
  return quantile(all, 0.5);
}

describeWithDatabases("a start", () => {
  beforeAll(builtBinaries);

  test.skipIf(!node)(
    `takes a third of a Node and Fastify peer's on the same databases${node ? "" : " (no node here)"}`,
    async () => {
      const peer = await cpuMsOf([node ?? "", join(import.meta.dir, "peers/fastify.mjs")], "peer");
      for (const service of serviceNames) {
        const ours = await cpuMsOf([binaryOf(service)], service);
        const holds = ours / peer <= OF_PEER_MAX;
        expect({ service, ours, peer, holds }).toMatchObject({ service, holds: true });
      }
    },
    60_000,
  );
});
