// Starts one compiled service, or a peer, with its own environment, and measures the time until it is ready.

import { join } from "node:path";
import { withDatabase } from "@food/shared/testing/mongo-url";
import { freePort } from "../../tools/free-port.ts";
import { newSigningKey } from "../../tools/launcher/signing-key.ts";
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
  /** From before exec to the first 200 of /health/ready, in milliseconds. */
  readyMs: number;
  /** CPU time until then, in milliseconds. */
  cpuMs: number;
  stop: () => Promise<void>;
}

/** The environment that the image sets. */
async function imageEnvironment(): Promise<Record<string, string>> {
  const dockerfile = await Bun.file(join(ROOT, "docker/Dockerfile")).text();
  const lines = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? "";
  return Object.fromEntries(
    [...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const READY_WITHIN_MS = 20_000;

/** Uses the same database name each time: its indexes exist, as at every start after the first. */
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
    SIGNING_KEY: await newSigningKey(),
    // One account and one address send far more than in real life.
    REQUESTS_PER_MINUTE: "1000000000",
    ANONYMOUS_REQUESTS_PER_MINUTE: "1000000000",
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
