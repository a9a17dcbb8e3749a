// bun bench/guard.ts [--seconds 1] [--rounds 7]: the CPU time that authentication, the access table and the rate limit add to
// a cached read, against the same read in the same process without them. Runs alternate.
import { readSigningKeys, tokenSigner } from "@food/shared/auth/tokens";
import { orExit, readFlags } from "../tools/command-line.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { newSigningKey } from "../tools/launcher/signing-key.ts";
import { cpuMs } from "./support/process-figures.ts";
import { startReaders } from "./support/readers.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { ROOT } from "./support/service-process.ts";

const { seconds, rounds } = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 1, rounds: 7 }).flags);
const CONNECTIONS = 32;

const redis = await startOwnRedis();
const SIGNING_KEY = await newSigningKey();
const sign = tokenSigner("issuer", await readSigningKeys(SIGNING_KEY));
const claims = { subject: "usr_1", role: "user", sessionId: "ses_1", audience: ["bench"], ttlSeconds: 3_600 };
const authorization = `Bearer ${await sign(claims)}`;
const child = Bun.spawn([process.execPath, "bench/support/guarded-process.ts"], {
  cwd: ROOT,
  env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", REDIS_URL: redis.url, SIGNING_KEY },
  stdio: ["ignore", "pipe", "inherit"],
});

/** CPU microseconds for a request. */
async function costOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  const readers = startReaders(`${url}/v1/things/1`, CONNECTIONS, headers);
  await Bun.sleep(200);
  const before = { cpu: cpuMs(child.pid), answered: readers.answered() };
  await Bun.sleep(seconds * 1000);
  const cost = ((cpuMs(child.pid) - before.cpu) * 1000) / (readers.answered() - before.answered);
  if (readers.failed() > 0) throw new Error(`${readers.failed()} answers were not 200`);
  readers.stop();
  return cost;
}

try {
  const { value } = await child.stdout.getReader().read();
  const urls = JSON.parse(new TextDecoder().decode(value)) as Record<"open" | "caller" | "anonymous", string>;
  const open: number[] = [];
  const added: Record<"caller" | "anonymous", number[]> = { caller: [], anonymous: [] };
  for (let round = 0; round <= rounds; round++) {
    const without = await costOf(urls.open);
    const caller = await costOf(urls.caller, { authorization });
    const anonymous = await costOf(urls.anonymous);
    // The first round compiles.
    if (round === 0) continue;
    open.push(without);
    added.caller.push(caller - without);
    added.anonymous.push(anonymous - without);
  }
  say(`        CPU of the read without them: ${quantile(open, 0.5).toFixed(1)} µs`);
  atMost("added with a token", quantile(added.caller, 0.5), 45, "µs");
  atMost("added without a token", quantile(added.anonymous, 0.5), 45, "µs");
} finally {
  child.kill();
  await child.exited;
  await redis.stop();
}
conclude();
