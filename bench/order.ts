// bun bench/order.ts [COUNT]: the cost of one order from the menu to the door, in CPU time of each service and of Redis, in what
// it sends to its databases and other services, and in bytes stored in MongoDB. Sign-ups are not counted.
import { calculateObjectSize } from "bson";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { ownDatabases } from "./support/own-databases.ts";
import { cpuMs } from "./support/process-figures.ts";
import { conclude, say } from "./support/report.ts";

const ORDERS = Number(Bun.argv[2] ?? 200);
const WARM_UP = 20;
const AT_ONCE = 4;

const databases = await ownDatabases();
const { openPlatform, SERVICES } = await import("../e2e/platform.ts");
const { courierOnDuty, newCustomer, openRestaurant } = await import("../e2e/actors.ts");
const { playOrder } = await import("../e2e/dinner.ts");

async function bytesEach(url: string, collection: string): Promise<number> {
  const client = await MongoClient.connect(url);
  const documents = await client.db().collection(collection).find().toArray();
  await client.close();
  const bytes = documents.reduce((sum, document) => sum + calculateObjectSize(document), 0);
  return bytes / documents.length;
}

/** As Redis counts it itself; undefined for the emulator. */
async function redisCpuMs(redis: Redis): Promise<number | undefined> {
  const seconds = (await redis.info("cpu")).matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm);
  const parts = [...seconds].map(([, part]) => Number(part) * 1_000);
  return parts.length > 0 ? parts.reduce((sum, ms) => sum + ms) : undefined;
}

const COUNTED = {
  "answers to requests": "http_request_duration_seconds",
  "calls to services": "downstream_call_duration_seconds",
  "commands to MongoDB": "mongodb_command_duration_seconds",
  "commands to Redis": "redis_command_duration_seconds",
} as const;

/** How often a process has done each of these. */
async function countsOf(url: string): Promise<number[]> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  return Object.values(COUNTED).map((name) =>
    lines
      .filter((line) => line.startsWith(`${name}_count{`) && !line.includes('route="/metrics"'))
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0),
  );
}

/** Another folder than dist/, to compare two builds. */
const { BINARIES: binaries } = process.env;
const platform = await openPlatform({ ...(binaries && { binaries }) });
const redis = new Redis(databases.redis.url);
try {
  const tables = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const [restaurant, customer, courier] = await Promise.all([
        openRestaurant(platform),
        newCustomer(platform),
        courierOnDuty(platform),
      ]);
      return { restaurant, customer, courier };
    }),
  );
  // Twice as many couriers, so that no order waits.
  const more = await Promise.all(tables.map(() => courierOnDuty(platform)));
  const couriers = [...tables.map(({ courier }) => courier), ...more];
  const dine = (count: number) =>
    Promise.all(
      tables.map(async ({ restaurant, customer }) => {
        for (let i = 0; i < count / AT_ONCE; i++) await playOrder({ restaurant, customer, couriers });
      }),
    );
  await dine(WARM_UP);
  const spent = () => SERVICES.map((service) => cpuMs(platform.first[service].pid()));
  const counted = () => Promise.all(SERVICES.map((service) => countsOf(platform.first[service].url)));
  // The first scrape of a process costs more than the others.
  await counted();
  const [countsBefore, redisBefore, before] = [await counted(), await redisCpuMs(redis), spent()];
  await dine(ORDERS);
  const [after, redisAfter, countsAfter] = [spent(), await redisCpuMs(redis), await counted()];
  for (const [i, service] of SERVICES.entries()) {
    const done = Object.keys(COUNTED).map((what, nth) => {
      const count = (countsAfter[i]?.[nth] ?? 0) - (countsBefore[i]?.[nth] ?? 0);
      return `${(count / ORDERS).toFixed(1)} ${what}`;
    });
    const ms = ((after[i] ?? 0) - (before[i] ?? 0)) / ORDERS;
    say(`${service}: ${ms.toFixed(1)} ms of CPU an order, ${done.join(", ")}`);
  }
  if (redisBefore !== undefined && redisAfter !== undefined)
    say(`Redis: ${((redisAfter - redisBefore) / ORDERS).toFixed(2)} ms of CPU an order`);
  say(`an order's document: ${Math.round(await bytesEach(platform.mongoUrls.order, "orders"))} bytes`);
  say(`a trip's document: ${Math.round(await bytesEach(platform.mongoUrls.delivery, "trips"))} bytes`);
} finally {
  redis.disconnect();
  await platform.stop();
  await databases.stop();
}
conclude();
