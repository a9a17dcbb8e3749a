import { type Db, MongoClient, MongoServerError } from "mongodb";
import type { Log } from "./log.ts";

export interface Mongo {
  db: Db;
  /** Throws while MongoDB does not answer. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

const SERVER_SELECTION_TIMEOUT_MS = 2_000;
const OPERATION_TIMEOUT_MS = 5_000;

/** Opens no connection yet: the driver connects with the first operation and by itself again later. */
export function connectMongo(url: string, database: string, log: Log): Mongo {
  const client = new MongoClient(url, {
    appName: database,
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    connectTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    socketTimeoutMS: OPERATION_TIMEOUT_MS,
    waitQueueTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    maxPoolSize: 20,
    maxIdleTimeMS: 60_000,
    ignoreUndefined: true,
  });
  client.on("serverHeartbeatFailed", ({ failure }) => log.warn({ err: failure }, "MongoDB does not answer"));
  const db = client.db(database);
  return {
    db,
    ping: async () => void (await db.command({ ping: 1 })),
    close: () => client.close(),
  };
}

/** The name of the unique index that refused a write, if that is what the error says. */
export function duplicateKeyOf(error: unknown): string | undefined {
  if (!(error instanceof MongoServerError) || error.code !== 11_000) return undefined;
  return /index: (\S+)/.exec(error.message)?.[1] ?? "_id_";
}
