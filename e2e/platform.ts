// Runs the compiled binaries for end-to-end tests, on free ports and with their own databases. Each service
// has any number of replicas behind a balancer. For fault injection, a proxy stands between each replica
// and each database.
import { join } from "node:path";
import { primaryOf, withDatabase, withProxy } from "@food/shared/testing/mongo-url";
import { freshMongoUrl, newSigningKey, testRedisUrl } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import { redisTarget } from "@food/shared/values/redis-url";
import { builtBinaries } from "../tools/binaries.ts";
import { startProxy, type TcpProxy } from "./proxy.ts";
import { type Replica, replicaOf } from "./replica.ts";

export const SERVICES = ["customer", "restaurant", "order", "delivery"] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface PlatformOptions {
  /** One of each by default. */
  replicas?: Partial<Record<ServiceName, number>>;
  /** Added to the environment of every process. */
  environment?: Record<string, string>;
  /** The folder of the binaries; dist/ by default. */
  binaries?: string;
  /** Puts a proxy between each replica and each of its databases. */
  proxied?: boolean;
  mongoUrl?: string;
  redisUrl?: string;
}

export interface Platform {
  /** The URL of each service, which is its balancer. */
  urls: Record<ServiceName, string>;
  balancers: Record<ServiceName, TcpProxy>;
  replicas: Record<ServiceName, Replica[]>;
  /** The first replica of each service. */
  first: Record<ServiceName, Replica>;
  all: Replica[];
  /** Each service's private key, a JWK. */
  signingKeys: Record<ServiceName, string>;
  /** Each service's database, without a proxy. */
  mongoUrls: Record<ServiceName, string>;
  stop: () => Promise<void>;
}

const DIST = join(import.meta.dir, "..", "dist");

async function forEachService<T>(make: (service: ServiceName) => T | Promise<T>) {
  const entries = await Promise.all(SERVICES.map(async (service) => [service, await make(service)] as const));
  return Object.fromEntries(entries) as Record<ServiceName, T>;
}

/** The same Redis, through a local proxy. */
function withRedisProxy(url: string, port: number): string {
  const by = new URL(url);
  by.host = `127.0.0.1:${port}`;
  return by.href;
}

/** Starts the processes and waits until all are ready. The caller stops them. */
export async function openPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { mongoUrl = freshMongoUrl(), redisUrl = testRedisUrl(), binaries = DIST, proxied = false } = options;
  if (binaries === DIST) await builtBinaries();
  const run = newId("run");
  const mongoUrls = await forEachService((service) => withDatabase(mongoUrl, `${run}_${service}`));
  const balancers = await forEachService(() => startProxy([]));
  const signingKeys = await forEachService(newSigningKey);
  const urls = await forEachService((service) => `http://127.0.0.1:${balancers[service].port}`);
  const mongoHost = proxied ? await primaryOf(mongoUrl) : undefined;
  // The nodes of a cluster tell their own addresses.
  const isOneServer = redisTarget(redisUrl)?.kind === "server";
  const redisHost = proxied && isOneServer ? new URL(redisUrl).host : undefined;
  const proxyTo = (host: string | undefined) => host && startProxy([host]);

  const replicas = await forEachService((service) =>
    Promise.all(
      Array.from({ length: options.replicas?.[service] ?? 1 }, async (_, index) => {
        const [mongo, redis] = await Promise.all([proxyTo(mongoHost), proxyTo(redisHost)]);
        return replicaOf({
          name: `${service}-${index + 1}`,
          binary: join(binaries, service),
          balancer: balancers[service],
          proxies: { ...(mongo && { mongo }), ...(redis && { redis }) },
          // The binaries do not inherit the environment of the tests.
          environment: {
            NODE_ENV: "production",
            HOST: "127.0.0.1",
            MONGODB_URL: mongo ? withProxy(mongoUrls[service], mongo.port) : mongoUrls[service],
            REDIS_URL: redis ? withRedisProxy(redisUrl, redis.port) : redisUrl,
            SIGNING_KEY: signingKeys[service],
            CUSTOMER_URL: urls.customer,
            RESTAURANT_URL: urls.restaurant,
            ORDER_URL: urls.order,
            DELIVERY_URL: urls.delivery,
            // One test address signs up many accounts.
            OPEN_ORDERS_PER_CUSTOMER: "1000",
            OPEN_ORDERS_PER_ADDRESS: "1000",
            SIGN_UPS_PER_HOUR: "1000000",
            SIGN_IN_CPU_PERCENT: "1000000",
            REQUESTS_PER_MINUTE: "1000000000",
            ANONYMOUS_REQUESTS_PER_MINUTE: "1000000000",
            ...options.environment,
          },
        });
      }),
    ),
  );

  const all = SERVICES.flatMap((service) => replicas[service]);
  const stop = async () => {
    await Promise.all(all.map((replica) => replica.end()));
    for (const { proxies } of all) for (const proxy of Object.values(proxies)) proxy.close();
    for (const balancer of Object.values(balancers)) balancer.close();
  };
  try {
    // The first of each makes the indexes, for which the others would only wait.
    await Promise.all(SERVICES.map((service) => replicas[service][0]?.start()));
    await Promise.all(all.map((replica) => replica.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const first = await forEachService((service) => {
    const [replica] = replicas[service];
    if (!replica) throw new Error(`The ${service} service has no replica`);
    return replica;
  });
  return { urls, balancers, replicas, first, all, signingKeys, mongoUrls, stop };
}

/** The running platform at CUSTOMER_URL, RESTAURANT_URL, ORDER_URL and DELIVERY_URL, if all are set. */
export function givenPlatform(): Pick<Platform, "urls"> | undefined {
  const given = SERVICES.flatMap((service) => {
    const url = Bun.env[`${service.toUpperCase()}_URL`];
    return url ? [[service, url]] : [];
  });
  if (given.length < SERVICES.length) return undefined;
  return { urls: Object.fromEntries(given) as Platform["urls"] };
}

/** A platform that runs until the test file ends. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const platform = await openPlatform(options);
  // Imported here because it works only under the test runner.
  const { cleanUp } = await import("@food/shared/testing/service");
  cleanUp(platform.stop);
  return platform;
}
