/**
 * Who the server says it is: a standalone mongod 8.0. It offers sessions, as every mongod does; drivers then send an
 * `lsid`, but never retryable writes or transactions, which a standalone does not have.
 */
import { reading } from "./command.ts";
import { loginCommands } from "./login.ts";

const HELLO_FIELDS =
  "helloOk client compression saslSupportedMechs speculativeAuthenticate loadBalanced backpressure";

const hello = reading(HELLO_FIELDS, ({ name, body, connection }) => ({
  ...(name === "hello" ? { isWritablePrimary: true } : { ismaster: true }),
  helloOk: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId: connection.id,
  minWireVersion: 0,
  maxWireVersion: 25,
  readOnly: false,
  ...(body.saslSupportedMechs !== undefined && { saslSupportedMechs: ["SCRAM-SHA-256"] }),
  ok: 1,
}));

const done = reading("", () => ({ ok: 1 }));
const buildInfo = reading("", () => ({ version: "8.0.0", versionArray: [8, 0, 0, 0], ok: 1 }));

/** They need no login. */
export const connectionCommands = {
  ...{ hello, isMaster: hello, ismaster: hello, ...loginCommands },
  ...{ ping: done, endSessions: done, buildInfo },
};
