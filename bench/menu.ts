// bun bench/menu.ts [--seconds 2] [--rounds 5]: the CPU time of a cached menu, from the restaurant service and through the
// customer service, beside six lines of Elysia and ioredis (bench/peers/menu.ts) compiled in the same way. They run at
// the same time and are measured in turn. Then the cache is emptied under load, and counts the loads from MongoDB.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { primaryOf, withProxy } from "@food/shared/testing/mongo-url";
import { Redis } from "ioredis";
import { expectStatus, openRestaurant } from "../e2e/actors.ts";
import { tapMongo } from "../e2e/mongo-tap.ts";
import { startProxy } from "../e2e/proxy.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { startDatabases } from "../tools/databases/databases.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { cpuMs } from "./support/process-figures.ts";
import { startReaders } from "./support/readers.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, ROOT, type Started, startProcess } from "./support/service-process.ts";

const { seconds, rounds } = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 2, rounds: 5 }).flags);
const CONNECTIONS = 64;
const DISHES = 30;

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const redisServer = await startOwnRedis();
const databases = await startDatabases({ dataDir: folder, redisUrl: redisServer.url });
const redis = new Redis(redisServer.url);
const mongoProxy = await startProxy([await primaryOf(databases.mongo.url)]);
const mongoUrl = withProxy(databases.mongo.url, mongoProxy.port);
/** Queries that only the load of a menu sends. */
let loads = 0;
tapMongo(mongoProxy, {
  command(command) {
    if (command.find === "dishes" || command.aggregate === "dishes") loads++;
    return undefined;
  },
});
const running: Started[] = [];

async function compiledPeer(): Promise<string> {
  const outfile = join(folder, "peer");
  const compiler = Bun.spawn(
    [
      ...[process.execPath, "build", "bench/peers/menu.ts", "--outfile", outfile, "--compile", "--bytecode"],
      ...[
        "--format=esm",
        "--minify-whitespace",
        "--minify-syntax",
        "--define",
        `process.env.NODE_ENV="production"`,
      ],
    ],
    { cwd: ROOT, stdout: "ignore", stderr: "inherit" },
  );
  if ((await compiler.exited) !== 0) throw new Error("The peer could not be compiled");
  return outfile;
}

async function start(command: string, name: string, settings?: Record<string, string>): Promise<Started> {
  const started = await startProcess(
    [command],
    name,
    { mongo: { url: mongoUrl }, redis: databases.redis },
    settings,
  );
  running.push(started);
  return started;
}

interface Subject {
  pid: number;
  url: string;
}

/** Makes a restaurant with a menu, and returns the path of the menu. */
async function makeMenu({ url }: Started): Promise<string> {
  const restaurant = await openRestaurant({ urls: { restaurant: url } });
  for (let n = restaurant.dishIds.length; n < DISHES; n++) {
    const dish = { name: `Dish ${n}`, description: "Fresh from the sea.", category: "Mains" };
    const body = { ...dish, priceCents: 900 + n, available: true };
    expectStatus(await restaurant.send("POST /v1/restaurants/me/dishes", body), 201);
  }
  return `/v1/restaurants/${restaurant.id}/menu`;
}

/** CPU microseconds for a request of each, the median of the rounds. */
async function compare(subjects: Subject[]): Promise<number[]> {
  const costs = subjects.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, { pid, url }] of subjects.entries()) {
      const readers = startReaders(url, CONNECTIONS);
      await Bun.sleep(200);
      const before = { cpu: cpuMs(pid), answered: readers.answered() };
      await Bun.sleep(seconds * 1000);
      const answered = readers.answered() - before.answered;
      const cost = ((cpuMs(pid) - before.cpu) * 1000) / answered;
      if (readers.failed() > 0) throw new Error(`${readers.failed()} answers were not 200`);
      readers.stop();
      if (round > 0) costs[i]?.push(cost);
    }
  return costs.map((each) => quantile(each, 0.5));
}

try {
  const peer = await start(await compiledPeer(), "peer");
  const restaurant = await start(binaryOf("restaurant"), `menu_${process.pid}`);
  const customer = await start(binaryOf("customer"), `menu_customer_${process.pid}`, {
    RESTAURANT_URL: restaurant.url,
  });
  const path = await makeMenu(restaurant);
  const bytes = await (await fetch(restaurant.url + path)).text();
  await redis.set("menu:one", bytes);
  say(`a menu of ${bytes.length} bytes, ${CONNECTIONS} readers, ${rounds} rounds of ${seconds} s each`);
  // Fills the cache.
  await fetch(restaurant.url + path);
  const loadsBefore = loads;
  const [six = 0, own = 0, front = 0] = await compare([
    { pid: peer.pid, url: `${peer.url}/menus/one` },
    { pid: restaurant.pid, url: restaurant.url + path },
    { pid: customer.pid, url: customer.url + path },
  ]);
  say(
    `        CPU: six lines ${six.toFixed(1)} µs, restaurant ${own.toFixed(1)} µs, customer ${front.toFixed(1)} µs`,
  );
  if (loadsBefore === 0) throw new Error("The proxy saw no query of the first load");
  atMost("loads from MongoDB for all of these menus", loads - loadsBefore, 0, "queries");
  atMost("restaurant service against the six lines", own / six, 1.3, "times");
  atMost("customer service's process against the six lines", front / six, 2.2, "times");
  const readers = startReaders(restaurant.url + path, CONNECTIONS);
  const before = loads;
  await redis.flushall();
  await Bun.sleep(seconds * 1000);
  readers.stop();
  atMost("loads from MongoDB after the cache was emptied under load", loads - before, 1, "queries");
  atMost("reads that failed", readers.failed(), 0, "reads");
} finally {
  redis.disconnect();
  for (const { stop } of running) await stop();
  await databases.stop();
  mongoProxy.close();
  await redisServer.stop();
  rmSync(folder, { recursive: true, force: true });
}
conclude();
