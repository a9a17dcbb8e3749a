// The four compiled binaries on free ports, over databases of their own, for end-to-end tests.
import { join } from "node:path";
import { newId } from "@food/shared/id";
import { cleanUp, eventually, freshMongoUrl, newSigningKey, REDIS_URL } from "@food/shared/testing/service";

export const SERVICES = ["customer", "restaurant", "order", "delivery"] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface Platform {
  urls: Record<ServiceName, string>;
  /** Stops one process and starts it again on the same port. */
  kill: (service: ServiceName, signal?: NodeJS.Signals) => Promise<void>;
  start: (service: ServiceName) => Promise<void>;
  /** Everything that a service has logged so far. */
  logOf: (service: ServiceName) => string;
  exitCodeOf: (service: ServiceName) => Promise<number>;
  residentBytes: (service: ServiceName) => Promise<number>;
}

const DIST = join(import.meta.dir, "..", "dist");

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}

/** Starts all four and waits until they are ready. `environment` goes to every service. */
export async function startPlatform(environment: Record<string, string> = {}): Promise<Platform> {
  const ports = new Map(SERVICES.map((service) => [service, freePort()]));
  const urls = Object.fromEntries(
    SERVICES.map((service) => [service, `http://127.0.0.1:${ports.get(service)}`]),
  ) as Platform["urls"];
  const mongoUrl = freshMongoUrl();
  const keys = new Map(
    await Promise.all(SERVICES.map(async (service) => [service, await newSigningKey()] as const)),
  );
  const running = new Map<ServiceName, Bun.Subprocess<"ignore", "pipe", "pipe">>();
  const logs = new Map<ServiceName, string[]>(SERVICES.map((service) => [service, []]));
  const runId = newId("run");

  function spawn(service: ServiceName) {
    const child = Bun.spawn([join(DIST, service)], {
      // Nothing of the tests' own environment reaches the binaries.
      env: {
        NODE_ENV: "production",
        HOST: "127.0.0.1",
        PORT: String(ports.get(service)),
        MONGODB_URL: mongoUrl.replace(/\/test_[^?]*/, `/${runId}_${service}`),
        REDIS_URL,
        SIGNING_KEY: keys.get(service) ?? "",
        CUSTOMER_URL: urls.customer,
        RESTAURANT_URL: urls.restaurant,
        ORDER_URL: urls.order,
        DELIVERY_URL: urls.delivery,
        ...environment,
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const log = logs.get(service) ?? [];
    void collect(child.stdout, log);
    void collect(child.stderr, log);
    running.set(service, child);
  }

  async function ready(service: ServiceName) {
    const check = () =>
      fetch(`${urls[service]}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      await eventually(check, 8_000);
    } catch {
      throw new Error(`The ${service} service is not ready:\n${logs.get(service)?.join("")}`);
    }
  }

  for (const service of SERVICES) spawn(service);
  cleanUp(async () => {
    for (const child of running.values()) child.kill("SIGKILL");
    await Promise.all([...running.values()].map(({ exited }) => exited));
  });
  await Promise.all(SERVICES.map(ready));

  const exitCodeOf = async (service: ServiceName) => (await running.get(service)?.exited) ?? -1;
  return {
    urls,
    exitCodeOf,
    async kill(service, signal = "SIGKILL") {
      running.get(service)?.kill(signal);
      await exitCodeOf(service);
    },
    async start(service) {
      spawn(service);
      await ready(service);
    },
    logOf: (service) => (logs.get(service) ?? []).join(""),
    async residentBytes(service) {
      const status = await Bun.file(`/proc/${running.get(service)?.pid}/status`).text();
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    },
  };
}
