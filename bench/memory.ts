// bun bench/memory.ts [--seconds 300] [--idle 5] [service …]: resident memory of each compiled service alone on both
// databases: idle, after a minute of load, and its growth in the second half. The load is a closed loop over routes
// without authentication, with answers and refusals: it needs no accounts and stores nothing.
import { exitWith, orExit, readFlags, UsageError } from "../tools/command-line.ts";
import { serviceNames } from "../tools/services.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { ownBytes, residentBytes } from "./support/process-figures.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, startProcess } from "./support/service-process.ts";

const {
  flags: { seconds, idle: idleSeconds },
  names: asked,
} = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 300, idle: 5 }, { takesNames: true }));
const unknown = asked.find((name) => !serviceNames.includes(name));
if (unknown) exitWith(new UsageError(`No service ${unknown}: the services are ${serviceNames.join(", ")}`));
const LOAD_SECONDS = Math.min(60, seconds / 2);
const AT_ONCE = 16;
const IDLE_MB_MAX = 60;
const LOADED_MB_MAX = 130;
const GROWTH_MAX = 0.1;

const PATHS = [
  "/health/ready",
  "/.well-known/jwks.json",
  "/v1/restaurants?near=52.52,13.405",
  "/v1/orders",
  "/nowhere",
];

async function loadUntil(endsAt: number, url: string): Promise<number> {
  let answers = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      for (let n = i; Date.now() < endsAt; n++) {
        const body = JSON.stringify({ email: `who${n % 50}@example.com`, password: "x".repeat(n % 900) });
        const path = PATHS[n % (PATHS.length + 1)];
        const answer = path
          ? await fetch(url + path)
          : await fetch(`${url}/v1/sessions`, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body,
            });
        await answer.arrayBuffer();
        answers++;
      }
    }),
  );
  return answers;
}

const databases = await ownDatabases();
try {
  for (const name of asked.length > 0 ? asked : serviceNames) {
    const started = await startProcess([binaryOf(name)], name, databases);
    const mb = () => residentBytes(started.pid) / 1e6;
    await Bun.sleep(idleSeconds * 1000);
    atMost(`${name}: idle for ${idleSeconds} s`, mb(), IDLE_MB_MAX, "MB");
    say(
      `        ${name}: ${(ownBytes(started.pid) / 1e6).toFixed(0)} MB of it are its own, the rest is the program`,
    );
    const startedAt = Date.now();
    const samples: { atSecond: number; mb: number }[] = [];
    const sampler = setInterval(
      () => samples.push({ atSecond: (Date.now() - startedAt) / 1000, mb: mb() }),
      1_000,
    );
    const answers = await loadUntil(startedAt + seconds * 1000, started.url);
    clearInterval(sampler);
    await started.stop();

    const between = (from: number, to: number) =>
      quantile(
        samples.filter(({ atSecond }) => atSecond >= from && atSecond < to).map((sample) => sample.mb),
        0.5,
      );
    atMost(
      `${name}: after ${LOAD_SECONDS} s of load`,
      between(LOAD_SECONDS * 0.9, LOAD_SECONDS * 1.1),
      LOADED_MB_MAX,
      "MB",
    );
    const growth = between(seconds * 0.9, seconds) / between(seconds * 0.5, seconds * 0.6) - 1;
    atMost(`${name}: growth over the second half of ${seconds} s`, growth * 100, GROWTH_MAX * 100, "%");
    say(`        ${name}: ${answers} answers`);
  }
} finally {
  await databases.stop();
}
conclude();
