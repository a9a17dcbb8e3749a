// bun bench/scale.ts [--cores=0.25] [--seconds=8]: one replica of the restaurant service, then two, three and four, each
// with so much of a core, behind a balancer and under load all the while; then one is stopped and one is killed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDatabases } from "../dev/databases.ts";
import { whyNoQuota } from "./support/cpu-quota.ts";
import { startHaproxy, whyNoHaproxy } from "./support/haproxy.ts";
import { startLoad } from "./support/load.ts";
import { makeMenu, newReplicas } from "./support/menu-replica.ts";
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

const failed = () => [...load.failures.values()].reduce((sum, count) => sum + count, 0);
const reasons = () => [...load.failures].map(([reason, count]) => `${count} × ${reason}`).join(", ");

/** Requests a second, and what each costs the replicas. */
async function measure() {
  await Bun.sleep(1_000);
  const cpu = () => replicas.reduce((sum, { pid }) => sum + (pid() ? cpuMs(pid()) : 0), 0);
  const [startedAt, before, cpuBefore] = [performance.now(), load.answered(), cpu()];
  await Bun.sleep(SECONDS * 1_000);
  const requests = load.answered() - before;
  return {
    perSecond: requests / ((performance.now() - startedAt) / 1_000),
    cpuMsEach: (cpu() - cpuBefore) / requests,
  };
}

await untilReady(0);
replicas[0]?.start();
await untilReady(1);
const menu = await makeMenu(balancer.url);
const load = startLoad(`${balancer.url}${menu}`);
say(`${READERS_EACH} readers of a menu and ${CORES} cores for each replica`);
let one = 0;
for (let count = 1; count <= REPLICAS; count++) {
  if (count > 1) replicas[count - 1]?.start();
  await untilReady(count);
  load.add(READERS_EACH);
  const { perSecond, cpuMsEach } = await measure();
  one ||= perSecond;
  say(`        ${count}: ${perSecond.toFixed(0)} requests a second, ${cpuMsEach.toFixed(3)} ms of CPU each`);
  if (count > 1)
    atLeast(`${count} replicas, of ${count} times one`, perSecond / one / count, LINEAR_MIN, "x");
}
atMost("failed while adding", failed(), 0, reasons());

const retries = await balancer.retries();
await replicas[3]?.end("SIGTERM");
await untilReady(REPLICAS - 1);
atMost("failed while one is stopped", failed(), 0, reasons());
atMost("of them had to be sent again", (await balancer.retries()) - retries, 0, "");

await replicas[2]?.end("SIGKILL");
await untilReady(REPLICAS - 2);
atMost("failed while one is killed", failed(), 0, reasons());
say(`        ${(await balancer.retries()) - retries} had to be sent again`);

await load.stop();
balancer.stop();
await Promise.all(replicas.map((replica) => replica.remove()));
await databases.stop();
rmSync(folder, { recursive: true, force: true });
conclude();
