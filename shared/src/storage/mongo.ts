import { type Db, MongoClient, MongoServerError } from "mongodb";
import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import "./commands/mongo-texts.ts";

export interface Mongo {
  db: Db;
  /** Throws while MongoDB does not answer. The next answer to any command will do: a process that has more to ask than its
   * pool takes at once would otherwise wait behind its own callers, and report MongoDB as down. */
  ping: () => Promise<void>;
  /** To be called when MongoDB has answered a command. */
  answered: () => void;
  close: () => Promise<void>;
}

/** How long to wait for MongoDB. */
export interface MongoTimeouts {
  /** For a server, for a connection to it, and for one of the pool. */
  connectMs: number;
  operationMs: number;
}
const TIMEOUTS: MongoTimeouts = { connectMs: 2_000, operationMs: 5_000 };

/** An acknowledged write survives the loss of a member or a process: a majority of members has it in its journal. Reads go
 * to the primary, so that a caller reads its own writes. Set on the database, because options in the URL override the
 * client's. */
const DURABLE = { writeConcern: { w: "majority", journal: true }, readPreference: "primary" } as const;

const OPEN_PAUSE_MS = { first: 50, most: 2_000 };

/** Retries until the driver knows its servers: a name may not resolve, a file may not be there. From then on the driver connects
 * by itself. */
async function keepOpening(client: MongoClient, log: Log, isClosed: () => boolean): Promise<void> {
  let isOpen = false;
  const opened = () => {
    isOpen = true;
  };
  client.once("topologyOpening", outsideRequests(opened));
  const outage = repeatedFailures(log, Infinity);
  for (let pauseMs = OPEN_PAUSE_MS.first; !isClosed(); pauseMs = Math.min(pauseMs * 2, OPEN_PAUSE_MS.most)) {
    try {
      await client.connect();
      return outage.over("open");
    } catch (err) {
      if (isClosed()) return;
      // For example a wrong password. An unreachable server is logged by serverHeartbeatFailed.
      if (err instanceof MongoServerError) log.warn({ err }, "MongoDB refuses the connection");
      if (isOpen) return;
      outage.failed("open", { err }, "MongoDB's name or certificates cannot be read; will retry");
      await Bun.sleep(pauseMs);
    }
  }
}

/** The part before the path has neither `/` nor `?`, since users and passwords are escaped. */
const DATABASE_IN_URL = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/;

/** Connects in the background: MongoDB need not be reachable yet. The database is the one in the URL's path, by default the
 * one named after the service. */
export function connectMongo(
  url: string,
  service: string,
  log: Log,
  { connectMs, operationMs } = TIMEOUTS,
): Mongo {
  const client = new MongoClient(url, {
    appName: service,
    serverSelectionTimeoutMS: connectMs,
    connectTimeoutMS: connectMs,
    socketTimeoutMS: operationMs,
    waitQueueTimeoutMS: connectMs,
    maxPoolSize: 20,
    maxIdleTimeMS: 60_000,
    ignoreUndefined: true,
  });
  let down = false;
  let closed = false;
  const failed = ({ failure }: { failure: Error }) => {
    if (!down) log.warn({ err: failure }, "MongoDB does not answer");
    down = true;
  };
  const succeeded = () => {
    if (down) log.info("MongoDB answers again");
    down = false;
  };
  client.on("serverHeartbeatFailed", outsideRequests(failed));
  client.on("serverHeartbeatSucceeded", outsideRequests(succeeded));
  inBackground(() => keepOpening(client, log, () => closed));
  /** What pings wait for. */
  let answer: PromiseWithResolvers<void> | undefined;
  const db = client.db(DATABASE_IN_URL.exec(url)?.[1] ?? service, DURABLE);
  return {
    db,
    async ping() {
      answer ??= Promise.withResolvers();
      await Promise.race([db.command({ ping: 1 }), answer.promise]);
    },
    answered() {
      answer?.resolve();
      answer = undefined;
    },
    close: () => {
      closed = true;
      return client.close();
    },
  };
}

const INDEX_OPTIONS_CONFLICT = 85;

/** Creates a TTL index, or changes the TTL of the existing one: `createIndex` refuses an existing name with other options,
 * and `collMod` can change this option. */
export async function ensureTtlIndex(
  db: Db,
  collection: string,
  { field, seconds, name }: { field: string; seconds: number; name: string },
): Promise<void> {
  const create = () =>
    db.collection(collection).createIndex({ [field]: 1 }, { expireAfterSeconds: seconds, name });
  try {
    await create();
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== INDEX_OPTIONS_CONFLICT) throw error;
    await db.command({ collMod: collection, index: { name, expireAfterSeconds: seconds } });
    await create();
  }
}

/** The unique index that refused a write. Undefined for other errors. */
export function duplicateKeyOf(error: unknown): string | undefined {
  if (!(error instanceof MongoServerError) || error.code !== 11_000) return undefined;
  return /index: (\S+)/.exec(error.message)?.[1] ?? "_id_";
}
