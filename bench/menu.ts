// bun bench/menu.ts [--seconds 2] [--rounds 5]: the CPU time of a cached menu, from the restaurant service and through the
// customer service, beside six lines of Elysia and ioredis (bench/peers/menu.ts) compiled in the same way, and beside the
// same route in Go and on Fastify (bench/peers). They run at the same time and are measured in turn. Then the cache is
// emptied under load, and counts the loads from MongoDB.

import { join } from "node:path";
import { primaryOf, withProxy } from "@food/shared/testing/mongo-url";
import { etagOf } from "@food/shared/values/etag";
import { Redis } from "ioredis";
import { expectStatus, openRestaurant } from "../e2e/actors.ts";
import { tapMongo } from "../e2e/mongo-tap.ts";
import { startProxy } from "../e2e/proxy.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { peersIn, startPeer } from "./peers/start.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { readCost } from "./support/read-cost.ts";
import { startReaders } from "./support/readers.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, ROOT, type Started, startProcess } from "./support/service-process.ts";

const { seconds, rounds } = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 2, rounds: 5 }).flags);
const CONNECTIONS = 64;
const DISHES = 30;
const BARS: Record<string, number> = { Go: 1, Fastify: 0.6 };

const redisServer = await startOwnRedis();
const databases = await ownDatabases({ redisUrl: redisServer.url });
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
  const outfile = join(databases.folder, "peer");
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
  name: string;
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

const subjectOf = (name: string, { pid, url }: Started, path: string): Subject => ({
  ...{ name, pid, url: url + path },
});

/** The same route in Go and on Fastify. Its entry in Redis is an ETag, a new line and the bytes. */
async function otherLanguages(bytes: string): Promise<Subject[]> {
  await redis.set("menu:same", `${etagOf(bytes)}\n${bytes}`);
  const subjects: Subject[] = [];
  for (const peer of await peersIn(databases.folder)) {
    const started = await startPeer(peer, databases);
    running.push(started);
    subjects.push(subjectOf(peer.name, started, "/v1/restaurants/same/menu"));
  }
  return subjects;
}

/** CPU microseconds for a request of each, the median of the rounds. */
async function compare(subjects: Subject[]): Promise<number[]> {
  const costs = subjects.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, { pid, url }] of subjects.entries()) {
      const cost = await readCost(pid, url, { connections: CONNECTIONS, seconds });
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
  const others = await otherLanguages(bytes);
  const subjects = [
    subjectOf("six lines", peer, "/menus/one"),
    subjectOf("restaurant", restaurant, path),
    subjectOf("customer", customer, path),
    ...others,
  ];
  const costs = await compare(subjects);
  say(`        CPU: ${subjects.map(({ name }, i) => `${name} ${costs[i]?.toFixed(1)} µs`).join(", ")}`);
  if (loadsBefore === 0) throw new Error("The proxy saw no query of the first load");
  atMost("loads from MongoDB for all of these menus", loads - loadsBefore, 0, "queries");
  const [six = 0, own = 0, front = 0, ...theirs] = costs;
  atMost("restaurant service against the six lines", own / six, 1.3, "times");
  atMost("customer service's process against the six lines", front / six, 2.2, "times");
  for (const [i, { name }] of others.entries())
    atMost(`restaurant service against ${name}`, own / (theirs[i] ?? 0), BARS[name] ?? 0, "times");
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
}
conclude();
