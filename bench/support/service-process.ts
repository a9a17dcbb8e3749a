// One compiled service, or a peer, started with an environment of its own and timed until it is ready.

import { join } from "node:path";
import { withDatabase } from "@food/shared/testing/mongo-url";
import { freePort } from "../../tools/free-port.ts";
import { makeSigningKey } from "../../tools/launcher/launch-settings.ts";
import { cpuMs } from "./process-figures.ts";

export { binaryOf } from "../../tools/binaries.ts";
export const ROOT = join(import.meta.dir, "../..");

export interface Urls {
  mongo: { url: string };
  redis: { url: string };
}

export interface Started {
  url: string;
  pid: number;
  /** From before exec to the first 200 of /health/ready, in milliseconds, as a client sees it. */
  readyMs: number;
  /** What it has cost the processor until then, in milliseconds. */
  cpuMs: number;
  stop: () => Promise<void>;
}

/** What the image sets. */
async function imageEnvironment(): Promise<Record<string, string>> {
  const dockerfile = await Bun.file(join(ROOT, "docker/Dockerfile")).text();
  const lines = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? "";
  return Object.fromEntries(
    [...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const READY_WITHIN_MS = 20_000;

/** The same database name each time: indexes are there already, as at every start but a platform's first. */
export async function startProcess(
  command: string[],
  name: string,
  databases: Urls,
  settings: Record<string, string> = {},
): Promise<Started> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? "",
    ...(await imageEnvironment()),
    HOST: "127.0.0.1",
    PORT: String(port),
    MONGODB_URL: withDatabase(databases.mongo.url, `bench_${name}`),
    REDIS_URL: databases.redis.url,
    SIGNING_KEY: await makeSigningKey(),
    CUSTOMER_URL: url,
    RESTAURANT_URL: url,
    ORDER_URL: url,
    DELIVERY_URL: url,
    ...settings,
  };
  const startedAt = performance.now();
  const child = Bun.spawn(command, { cwd: ROOT, env, stdout: "ignore", stderr: "inherit" });
  const isReady = () =>
    fetch(`${url}/health/ready`, { keepalive: false }).then(
      ({ status }) => status === 200,
      () => false,
    );
  while (!(await isReady())) {
    if (performance.now() - startedAt > READY_WITHIN_MS) throw new Error(`${name} is not ready`);
    await Bun.sleep(1);
  }
  const readyMs = performance.now() - startedAt;
  return {
    url,
    pid: child.pid,
    readyMs,
    cpuMs: cpuMs(child.pid),
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
