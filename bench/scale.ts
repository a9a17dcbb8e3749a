// bun bench/scale.ts [--cores=0.25] [--seconds=8]: one replica of the restaurant service, then two, three and four, each
// with so much of a core, behind a balancer and under load all the while; then one is stopped and one is killed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDatabases } from "../tools/databases/databases.ts";
import { whyNoQuota } from "./support/cpu-quota.ts";
import { startHaproxy, whyNoHaproxy } from "./support/haproxy.ts";
import { type Load, startLoad } from "./support/load.ts";
import { makeMenu, newReplicas, type Replica } from "./support/menu-replica.ts";
import { cpuMs } from "./support/process-figures.ts";
import { atLeast, atMost, conclude, say } from "./support/report.ts";

const option = (name: string, fallback: number) =>
  Number(new RegExp(`--${name}=([\\d.]+)`).exec(process.argv.join(" "))?.[1] ?? fallback);
const CORES = option("cores", 0.25);
const SECONDS = option("seconds", 8);
const REPLICAS = 4;
const READERS_EACH = 16;
const LINEAR_MIN = 0.8;

const why = whyNoQuota() ?? whyNoHaproxy;
if (why) {
  say(`Not measured: ${why}`);
  conclude();
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const databases = await startDatabases({ dataDir: folder });
const replicas = await newReplicas(REPLICAS, CORES, databases);
const balancer = await startHaproxy(
  folder,
  replicas.map(({ port }) => port),
);

async function untilReady(count: number): Promise<void> {
  while ((await balancer.ready().catch(() => -1)) !== count) await Bun.sleep(50);
}

/** Requests a second, what each costs the replicas, and how much of what they may use they got. */
async function measure(load: Load, count: number) {
  await Bun.sleep(1_000);
  const cpu = () => replicas.reduce((sum, { pid }) => sum + (pid() ? cpuMs(pid()) : 0), 0);
  const [startedAt, before, cpuBefore] = [performance.now(), load.answered(), cpu()];
  await Bun.sleep(SECONDS * 1_000);
  const [requests, ms, usedMs] = [load.answered() - before, performance.now() - startedAt, cpu() - cpuBefore];
  const percent = ((usedMs / ms / count / CORES) * 100).toFixed(0);
  say(
    `        ${count}: ${((requests / ms) * 1_000).toFixed(0)} requests a second, ` +
      `${(usedMs / requests).toFixed(3)} ms of CPU each, ${percent} % of their quota`,
  );
  return requests / ms;
}

async function addOneByOne(load: Load): Promise<void> {
  let one = 0;
  for (let count = 1; count <= REPLICAS; count++) {
    if (count > 1) replicas[count - 1]?.start();
    await untilReady(count);
    load.add(READERS_EACH);
    const rate = await measure(load, count);
    one ||= rate;
    if (count > 1) atLeast(`${count} replicas, of ${count} times one`, rate / one / count, LINEAR_MIN, "x");
  }
  load.reportFailures("while replicas are added");
}

/** Ends a replica and answers how many requests the balancer had to send once more. */
async function endOne(replica: Replica | undefined, signal: NodeJS.Signals, left: number): Promise<number> {
  const before = await balancer.retries();
  await replica?.end(signal);
  await untilReady(left);
  return (await balancer.retries()) - before;
}

try {
  await untilReady(0);
  replicas[0]?.start();
  await untilReady(1);
  const load = startLoad(`${balancer.url}${await makeMenu(balancer.url)}`);
  say(`${READERS_EACH} readers of a menu and ${CORES} cores for each replica`);
  await addOneByOne(load);
  const repeated = await endOne(replicas[3], "SIGTERM", REPLICAS - 1);
  load.reportFailures("while one is stopped");
  atMost("sent once more while one is stopped", repeated, 0, "requests");
  say(`        sent once more while one is killed: ${await endOne(replicas[2], "SIGKILL", REPLICAS - 2)}`);
  load.reportFailures("while one is killed");
  await load.stop();
} finally {
  balancer.stop();
  await Promise.all(replicas.map((replica) => replica.remove()));
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
}
conclude();
