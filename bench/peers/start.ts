// The peers in Go and on Fastify (bench/peers): built where their tool is installed.
import { join } from "node:path";
import { withDatabase } from "@food/shared/testing/mongo-url";
import { say } from "../support/report.ts";
import { ROOT, type Started, startProcess, type Urls } from "../support/service-process.ts";

export interface Peer {
  name: string;
  command: string[];
}

/** Builds the peer in Go. Undefined, with the reason printed, where it cannot be built. */
async function goPeer(folder: string): Promise<Peer | undefined> {
  const go = Bun.which("go");
  if (!go) {
    say("skipped the peer in Go: go is not installed");
    return undefined;
  }
  const binary = join(folder, "go-peer");
  const source = join(ROOT, "bench/peers/go");
  const compiler = Bun.spawn([go, "build", "-o", binary, "."], { cwd: source, stderr: "pipe" });
  const complaints = await new Response(compiler.stderr).text();
  if ((await compiler.exited) === 0) return { name: "Go", command: [binary] };
  say(`skipped the peer in Go: go build failed: ${complaints.trim().split("\n").at(-1)}`);
  return undefined;
}

function fastifyPeer(): Peer | undefined {
  const node = Bun.which("node");
  if (node) return { name: "Fastify", command: [node, join(ROOT, "bench/peers/service.mjs")] };
  say("skipped the peer on Fastify: node is not installed");
  return undefined;
}

export const peersIn = async (folder: string): Promise<Peer[]> =>
  [await goPeer(folder), fastifyPeer()].flatMap((peer) => peer ?? []);

export function startPeer(
  { name, command }: Peer,
  databases: Urls,
  settings: Record<string, string> = {},
): Promise<Started> {
  const DATABASE = `bench_${name}`;
  // The driver in Go refuses no option of the URL, and takes the database apart from it.
  const MONGODB_URL = withDatabase(databases.mongo.url, DATABASE);
  return startProcess(command, name, databases, { DATABASE, MONGODB_URL, ...settings });
}
