// bun bench/start-up.ts [--starts 15]: the time from exec to the first 200 of /health/ready with both databases up, each
// compiled service beside a Node + Fastify peer on the same databases; and the compressed size of the largest binary.
import { join } from "node:path";
import { orExit, readFlags } from "../tools/command-line.ts";
import { serviceNames } from "../tools/services.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, startProcess } from "./support/service-process.ts";

const { starts } = orExit(() => readFlags(Bun.argv.slice(2), { starts: 15 }).flags);
const READY_MS_MAX = 80;
const OF_PEER_MAX = 0.35;
const COMPRESSED_MB_MAX = 45;

const databases = await ownDatabases();
say(`MongoDB: ${databases.mongo.detail}; Redis: ${databases.redis.detail}`);

const commands = new Map([
  ...serviceNames.map((name): [string, string[]] => [name, [binaryOf(name)]]),
  ["peer", ["node", join(import.meta.dir, "peers/fastify.mjs")]],
]);
const readyMs = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]));
const cpuMs = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]));
try {
  // The first start of each is not counted, because it creates indexes and fills the file cache.
  for (let round = 0; round <= starts; round++)
    for (const [name, command] of commands) {
      const started = await startProcess(command, name, databases);
      await started.stop();
      if (round > 0) readyMs.get(name)?.push(started.readyMs);
      if (round > 0) cpuMs.get(name)?.push(started.cpuMs);
    }
} finally {
  await databases.stop();
}

const medianOf = (values: Map<string, number[]>, name: string) => quantile(values.get(name) ?? [], 0.5);
const peer = { readyMs: medianOf(readyMs, "peer"), cpuMs: medianOf(cpuMs, "peer") };
say(
  `Node and Fastify: ready in ${peer.readyMs.toFixed(0)} ms, for ${peer.cpuMs.toFixed(0)} ms of the processor`,
);
for (const name of serviceNames) {
  const ours = { readyMs: medianOf(readyMs, name), cpuMs: medianOf(cpuMs, name) };
  atMost(`${name}: exec to ready, median of ${starts}`, ours.readyMs, READY_MS_MAX, "ms");
  atMost(`${name}: the same beside the peer's`, ours.readyMs / peer.readyMs, OF_PEER_MAX, "x");
  atMost(`${name}: processor time beside the peer's`, ours.cpuMs / peer.cpuMs, OF_PEER_MAX, "x");
}

const bytes = new Map(serviceNames.map((name) => [name, Bun.file(binaryOf(name)).size]));
const [largest = ""] = [...serviceNames].sort((a, b) => (bytes.get(b) ?? 0) - (bytes.get(a) ?? 0));
const compressed = Bun.zstdCompressSync(await Bun.file(binaryOf(largest)).bytes(), { level: 19 });
atMost(`${largest}: the largest binary, zstd -19`, compressed.length / 1e6, COMPRESSED_MB_MAX, "MB");
conclude();
