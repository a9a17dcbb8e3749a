// bun bench/order.ts [COUNT]: the cost of one order from the menu to the door, in CPU time of each service and in bytes
// stored in MongoDB. Sign-ups are not counted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calculateObjectSize } from "bson";
import { MongoClient } from "mongodb";
import { startDatabases } from "../tools/databases/databases.ts";
import { cpuMs } from "./support/process-figures.ts";
import { conclude, say } from "./support/report.ts";

const ORDERS = Number(Bun.argv[2] ?? 200);
const WARM_UP = 20;
const AT_ONCE = 4;

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const databases = await startDatabases({ dataDir: folder });
process.env.TEST_MONGODB_URL = databases.mongo.url;
process.env.TEST_REDIS_URL = databases.redis.url;
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

/** Another folder than dist/, to compare two builds. */
const { BINARIES: binaries } = process.env;
const platform = await openPlatform({ ...(binaries && { binaries }) });
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
  const before = spent();
  await dine(ORDERS);
  const after = spent();
  for (const [i, service] of SERVICES.entries())
    say(`${service}: ${(((after[i] ?? 0) - (before[i] ?? 0)) / ORDERS).toFixed(1)} ms of CPU an order`);
  say(`an order's document: ${Math.round(await bytesEach(platform.mongoUrls.order, "orders"))} bytes`);
  say(`a trip's document: ${Math.round(await bytesEach(platform.mongoUrls.delivery, "trips"))} bytes`);
} finally {
  await platform.stop();
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
}
conclude();
