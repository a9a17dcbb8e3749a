// Chooses the databases, first match wins: the given URL, a container (for tests only), a server program on the PATH, the
// embedded emulator. All of them listen on loopback alone. With DATABASES=real MongoDB is a mongod that is fetched once, and
// Redis a server program on the PATH, else the emulator. With DATABASES=cluster Redis is a cluster of six servers.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ChildOptions, startChild } from "../child.ts";
import { StartFailure } from "../failure.ts";
import { freePort } from "../free-port.ts";
import { startContainer } from "./containers.ts";
import { fetchMongod } from "./fetched-mongod.ts";
import { type DatabaseKind, findPingFailure, waitForPort } from "./ping.ts";
import { startRedisCluster } from "./redis-cluster.ts";

export type Source = "given" | "container" | "server" | "real" | "emulator" | "cluster";

export type Database = {
  url: string;
  kind: Source;
  /** A description without credentials. */
  detail: string;
  /** The path of its data, if known and kept. */
  dataDir?: string;
};

export type Databases = { mongo: Database; redis: Database; stop(): Promise<void> };

export type DatabaseOptions = {
  mongoUrl?: string | undefined;
  redisUrl?: string | undefined;
  /** The prefix of the variables that hold the URLs, for messages. */
  variablePrefix?: "TEST_";
  /** The folder for data and logs. */
  dataDir: string;
  /**
   * `emulator` takes only emulators, `server` refuses them, `container` tries containers first, `real` fetches MongoDB,
   * `cluster` makes Redis a cluster.
   * Without it, DATABASES in the environment decides.
   */
  prefer?: Exclude<Source, "given"> | undefined;
  onStart?: ChildOptions["onStart"];
};

type Started = Database & { stop(): Promise<void> };

const givenWithinMs = 4000;
const startWithinMs = 30_000;
const stopWithinMs = 10_000;

type Product = {
  name: string;
  variable: string;
  urlStart: RegExp;
  example: string;
  folder: string;
  url(port: number): string;
  programs: string[];
  programArguments(port: number, dataDir: string): string[];
  emulator(port: number, dataDir: string): { command: string[]; detail: string; dataDir?: string };
  serverKeepsData: boolean;
};

const products: Record<DatabaseKind, Product> = {
  mongo: {
    name: "MongoDB",
    variable: "MONGODB_URL",
    urlStart: /^mongodb(\+srv)?:\/\/[^/\s]/,
    example: "mongodb://127.0.0.1:27017",
    folder: "mongodb",
    url: (port) => `mongodb://127.0.0.1:${port}/?directConnection=true`,
    programs: ["mongod"],
    programArguments: (port, dataDir) => ["--bind_ip", "127.0.0.1", "--port", `${port}`, "--dbpath", dataDir],
    emulator(port, folder) {
      const data = join(folder, "emulator.sqlite");
      const main = join(import.meta.dir, "../../emulators/mongo/main.ts");
      return {
        command: [process.execPath, main, "--port", `${port}`, "--data", data, "--with-parent"],
        detail: "embedded emulator (SQLite)",
        dataDir: data,
      };
    },
    serverKeepsData: true,
  },
  redis: {
    name: "Redis",
    variable: "REDIS_URL",
    urlStart: /^rediss?(\+(cluster|sentinel))?:\/\/[^/\s]/,
    example: "redis://127.0.0.1:6379",
    folder: "redis",
    url: (port) => `redis://127.0.0.1:${port}`,
    programs: ["redis-server", "valkey-server"],
    // Redis holds nothing that must survive: no persistence.
    programArguments: (port, dataDir) => [
      ...["--bind", "127.0.0.1", "--port", `${port}`, "--dir", dataDir],
      ...["--save", "", "--appendonly", "no"],
    ],
    emulator(port) {
      const main = join(import.meta.dir, "../../emulators/redis/main.ts");
      return {
        command: [process.execPath, main, "--port", `${port}`, "--with-parent"],
        detail: "embedded emulator",
      };
    },
    serverKeepsData: false,
  },
};

/** The URL without user name, password and options. */
export function withoutCredentials(url: string): string {
  return url
    .replace(/:\/\/.*@/, "://")
    .replace(/\?.*$/, "")
    .replace(/\/$/, "");
}

/** The databases of TEST_MONGODB_URL and TEST_REDIS_URL. */
export const givenToTests = () => ({
  mongoUrl: process.env.TEST_MONGODB_URL || undefined,
  redisUrl: process.env.TEST_REDIS_URL || undefined,
  variablePrefix: "TEST_" as const,
});

/** Throws a StartFailure unless the URL, when set, looks like one of that database. */
export function checkDatabaseUrl(kind: DatabaseKind, url: string | undefined, prefix = "") {
  const { urlStart, example } = products[kind];
  const variable = `${prefix}${products[kind].variable}`;
  if (url !== undefined && !urlStart.test(url)) {
    throw new StartFailure(`${variable} is not a URL like ${example}: correct it, or unset it.`);
  }
}

async function useGiven(kind: DatabaseKind, url: string, prefix: string): Promise<Started> {
  const { name } = products[kind];
  const variable = `${prefix}${products[kind].variable}`;
  checkDatabaseUrl(kind, url, prefix);
  const failure = await findPingFailure(kind, url, givenWithinMs);
  const shown = withoutCredentials(url);
  if (failure !== undefined) {
    const place = shown.replace(/^.*:\/\//, "").replace(/\/.*$/, "");
    throw new StartFailure(
      `${variable}: no ${name} answers at ${place} (${failure}): start it there, or unset ${variable}.`,
    );
  }
  return { url, kind: "given", detail: shown, stop: async () => undefined };
}

async function startProgram(
  kind: DatabaseKind,
  source: "server" | "real" | "emulator",
  program: { command: string[]; detail: string; dataDir?: string | undefined },
  port: number,
  { dataDir, onStart }: DatabaseOptions,
): Promise<Started> {
  const { name, folder, url: urlOf } = products[kind];
  const logFile = join(dataDir, "logs", `${folder}.log`);
  const child = startChild({ name: folder, command: program.command, logFile, onStart });
  const deadline = Date.now() + startWithinMs;
  const url = urlOf(port);
  await waitForPort(port, () => child.hasExited() || Date.now() > deadline);
  const failure = child.hasExited()
    ? `it ended: ${child.lastLogLine()}`
    : await findPingFailure(kind, url, Math.max(deadline - Date.now(), 1));
  if (failure !== undefined) {
    await child.stop(stopWithinMs);
    throw new StartFailure(`${name} (${program.detail}) did not start, ${failure} (log: ${logFile}).`);
  }
  return {
    url,
    kind: source,
    detail: program.detail,
    ...(program.dataDir === undefined ? {} : { dataDir: program.dataDir }),
    stop: () => child.stop(stopWithinMs),
  };
}

function orderOf(kind: DatabaseKind, prefer: DatabaseOptions["prefer"] | string): Source[] {
  if (prefer === undefined || prefer === "") return ["server", "emulator"];
  if (prefer === "emulator" || prefer === "server") return [prefer];
  if (prefer === "container") return ["container", "server", "emulator"];
  if (prefer === "real") return kind === "mongo" ? ["real"] : ["server", "emulator"];
  if (prefer === "cluster") return kind === "redis" ? ["cluster"] : ["server", "emulator"];
  throw new StartFailure(
    "DATABASES is not emulator, server, container, real or cluster: correct it, or unset it.",
  );
}

async function startOne(
  kind: DatabaseKind,
  given: string | undefined,
  options: DatabaseOptions,
  port = freePort(),
): Promise<Started> {
  const product = products[kind];
  if (given !== undefined) return useGiven(kind, given, options.variablePrefix ?? "");
  const folder = join(options.dataDir, product.folder);
  for (const source of orderOf(kind, options.prefer ?? process.env.DATABASES)) {
    if (source === "container") {
      const container = await startContainer(kind);
      if (container) return { ...container, kind: "container" };
      continue;
    }
    if (source === "cluster") {
      const { url, stop } = await startRedisCluster({ onStart: options.onStart });
      return { url, kind: "cluster", detail: "a cluster of three masters and three replicas", stop };
    }
    if (source === "server" || source === "real") {
      const found = product.programs.map((name) => Bun.which(name)).find((path) => path !== null);
      const program = source === "real" ? await fetchMongod() : found;
      if (program === undefined) continue;
      const dataDir = join(folder, source);
      mkdirSync(dataDir, { recursive: true });
      const command = [program, ...product.programArguments(port, dataDir)];
      const kept = product.serverKeepsData ? dataDir : undefined;
      return startProgram(kind, source, { command, detail: program, dataDir: kept }, port, options);
    }
    mkdirSync(folder, { recursive: true });
    return startProgram(kind, "emulator", product.emulator(port, folder), port, options);
  }
  throw new StartFailure(
    `No ${product.programs.join(" or ")} is on the PATH, and DATABASES=server refuses the emulator: ` +
      `install ${product.name}, set ${options.variablePrefix ?? ""}${product.variable}, or unset DATABASES.`,
  );
}

/** A Redis on this port that the caller may stop. */
export const startRedis = (options: DatabaseOptions, port: number) =>
  startOne("redis", undefined, { ...options, dataDir: resolve(options.dataDir) }, port);

/** Starts, or connects to, both databases. Throws a StartFailure, and then leaves nothing running. */
export async function startDatabases(given: DatabaseOptions): Promise<Databases> {
  const options = { ...given, dataDir: resolve(given.dataDir) };
  const [mongo, redis] = await Promise.allSettled([
    startOne("mongo", options.mongoUrl, options),
    startOne("redis", options.redisUrl, options),
  ]);
  async function stop() {
    await Promise.all(
      [mongo, redis].map((one) => (one.status === "fulfilled" ? one.value.stop() : undefined)),
    );
  }
  if (mongo.status === "fulfilled" && redis.status === "fulfilled") {
    return { mongo: mongo.value, redis: redis.value, stop };
  }
  await stop();
  throw mongo.status === "rejected" ? mongo.reason : (redis as PromiseRejectedResult).reason;
}

/** The environment that gives tests these databases. */
export const environmentOf = ({ mongo, redis }: Databases) => ({
  TEST_MONGODB_URL: mongo.url,
  TEST_MONGODB_KIND: mongo.kind,
  TEST_REDIS_URL: redis.url,
  TEST_REDIS_KIND: redis.kind,
});
