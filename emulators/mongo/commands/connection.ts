/**
 * Who the server says it is: a standalone mongod 8.0. It offers sessions, as every mongod does; drivers then send an
 * `lsid`, but never retryable writes or transactions, which a standalone does not have.
 */
import { refuse } from "../errors.ts";
import { reading } from "./command.ts";

const HELLO_FIELDS =
  "helloOk client compression saslSupportedMechs speculativeAuthenticate loadBalanced backpressure";

const hello = reading(HELLO_FIELDS, ({ name, connectionId }) => ({
  ...(name === "hello" ? { isWritablePrimary: true } : { ismaster: true }),
  helloOk: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId,
  minWireVersion: 0,
  maxWireVersion: 25,
  readOnly: false,
  ok: 1,
}));

const done = reading("", () => ({ ok: 1 }));
/** There are no users here: a name and a password are wrong, as with a real server. */
const saslStart = reading("mechanism payload autoAuthorize options", () =>
  refuse(18, "Authentication failed."),
);
const buildInfo = reading("", () => ({ version: "8.0.0", versionArray: [8, 0, 0, 0], ok: 1 }));

export const connectionCommands = {
  ...{ hello, isMaster: hello, ismaster: hello, saslStart },
  ...{ ping: done, endSessions: done, buildInfo },
};
