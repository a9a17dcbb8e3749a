/**
 * Who the server says it is: a standalone mongod 8.0. It offers sessions, as every mongod does; drivers then send
 * an `lsid`, but never retryable writes or transactions, which a standalone does not have.
 */
import { CommandError } from "../errors.ts";
import { type Document, toNumber } from "../values.ts";
import type { Call, Command } from "./call.ts";

const VERSION = "8.0.0";
const MAX_WIRE_VERSION = 25;

function hello({ name, connectionId }: Call): Document {
  return {
    ...(name === "hello" ? { isWritablePrimary: true } : { ismaster: true }),
    helloOk: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

const helloCommand: Command = {
  fields: [
    "helloOk",
    "client",
    "compression",
    "saslSupportedMechs",
    "speculativeAuthenticate",
    "hostInfo",
    "loadBalanced",
    "topologyVersion",
    "maxAwaitTimeMS",
    "forShell",
    "backpressure",
  ],
  run: hello,
};

const done: Command["run"] = () => ({ ok: 1 });

const buildInfo: Command["run"] = () => ({
  version: VERSION,
  gitVersion: "embedded emulator",
  versionArray: [8, 0, 0, 0],
  modules: [],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ["sqlite"],
  ok: 1,
});

const serverStatus: Command["run"] = ({ server }) => {
  const uptimeMs = Date.now() - server.startedAt;
  return {
    version: VERSION,
    process: "mongod",
    uptime: Math.floor(uptimeMs / 1000),
    uptimeMillis: uptimeMs,
    localTime: new Date(),
    ok: 1,
  };
};

const getParameter: Command = {
  fields: ["featureCompatibilityVersion", "allParameters"],
  run({ body }) {
    if (!body.featureCompatibilityVersion) throw new CommandError(72, "no option found to get");
    return { featureCompatibilityVersion: { version: "8.0" }, ok: 1 };
  },
};

const connectionStatus: Command["run"] = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
  ok: 1,
});

const dbStats: Command["run"] = ({ server, db, body }) => {
  const collections = server.store.collections(db);
  const objects = collections.reduce((sum, collection) => sum + collection.count(), 0);
  const indexes = collections.reduce((sum, { indexes: { length } }) => sum + length, 0);
  return {
    db,
    collections: collections.length,
    objects,
    indexes,
    scaleFactor: toNumber(body.scale ?? 1),
    ok: 1,
  };
};

/** There are no users here, so whoever gives a name and a password is nobody, as with a real server. */
const saslStart: Command = {
  fields: ["mechanism", "payload", "autoAuthorize", "options"],
  run() {
    throw new CommandError(18, "Authentication failed.");
  },
};

export const diagnosticCommands: Record<string, Command> = {
  hello: helloCommand,
  isMaster: helloCommand,
  ismaster: helloCommand,
  saslStart,
  ping: { fields: [], run: done },
  endSessions: { fields: [], run: done },
  killSessions: { fields: [], run: done },
  refreshSessions: { fields: [], run: done },
  buildInfo: { fields: [], run: buildInfo },
  buildinfo: { fields: [], run: buildInfo },
  serverStatus: { fields: ["repl", "metrics", "locks", "network", "opcounters"], run: serverStatus },
  getParameter,
  connectionStatus: { fields: ["showPrivileges"], run: connectionStatus },
  dbStats: { fields: ["scale", "freeStorage"], run: dbStats },
};
