// bun bench/metrics.ts [--seconds 1] [--rounds 7]: the CPU time that metrics add to a cached read, against the same read in
// the same process without them, and that a scrape each second adds under load. Runs alternate.
import { orExit, readFlags } from "../tools/command-line.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { cpuMs } from "./support/process-figures.ts";
import { readCost } from "./support/read-cost.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { ROOT } from "./support/service-process.ts";

const { seconds, rounds } = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 1, rounds: 7 }).flags);
const CONNECTIONS = 32;

const redis = await startOwnRedis();
const child = Bun.spawn([process.execPath, "bench/support/measured-process.ts"], {
  cwd: ROOT,
  env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", REDIS_URL: redis.url },
  stdio: ["ignore", "pipe", "inherit"],
});

const costOf = (url: string, during?: () => Promise<unknown>) =>
  readCost(child.pid, `${url}/v1/things/1`, {
    ...{ connections: CONNECTIONS, seconds },
    ...(during && { during }),
  });

try {
  const { value } = await child.stdout.getReader().read();
  const urls = JSON.parse(new TextDecoder().decode(value)) as Record<"plain" | "measured", string>;
  const scrape = async () => {
    const { status } = await fetch(`${urls.measured}/metrics`).then(async (response) => {
      await response.text();
      return response;
    });
    if (status !== 200) throw new Error(`A scrape got ${status}`);
  };
  const [plain, added, scraped]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const without = await costOf(urls.plain);
    const measured = await costOf(urls.measured);
    const withScrapes = await costOf(urls.measured, scrape);
    // The first round compiles.
    if (round === 0) continue;
    plain.push(without);
    added.push(measured / without);
    scraped.push(withScrapes / measured);
  }
  const startedAt = cpuMs(child.pid);
  for (let i = 0; i < 50; i++) await scrape();
  say(`        CPU of the read without metrics: ${quantile(plain, 0.5).toFixed(1)} µs`);
  say(`        CPU of a scrape: ${((cpuMs(child.pid) - startedAt) / 50).toFixed(1)} ms`);
  atMost("added by metrics", (quantile(added, 0.5) - 1) * 100, 2, "%");
  atMost("added by a scrape each second", (quantile(scraped, 0.5) - 1) * 100, 2, "%");
} finally {
  child.kill();
  await child.exited;
  await redis.stop();
}
conclude();
