/**
 * Users and their logins by SCRAM-SHA-256 (RFC 5802 and 7677), and what a server started with `--auth` lets each do. A
 * password that is not ASCII is normalized by NFKC alone, and not by all of SASLprep.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { Binary } from "bson";
import { check, refuse } from "../errors.ts";
import type { Role, User } from "../storage/users.ts";
import { type Document, isDocument } from "../values.ts";
import { type Call, reading, writing } from "./command.ts";

const MECHANISM = "SCRAM-SHA-256";
/** A mongod's `scramSHA256IterationCount`. */
const ITERATIONS = 15_000;

const hash = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const hmac = (key: Uint8Array, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** A login for which a proof is awaited, of what client and server have said (RFC 5802, `AuthMessage`). */
export interface Conversation {
  user: User;
  said: string;
}

const textOf = (payload: Binary | string): string =>
  Buffer.from(payload instanceof Binary ? payload.value() : payload).toString("utf8");
const reply = (text: string, done: boolean): Document => {
  return { conversationId: 1, done, payload: new Binary(Buffer.from(text)), ok: 1 };
};
const fail = (): never => refuse(18, "Authentication failed.");

const saslStart = reading("mechanism payload autoAuthorize options", ({ body, db, store, connection }) => {
  const { mechanism, payload } = body;
  check(
    mechanism === MECHANISM,
    334,
    `Received authentication for mechanism ${mechanism} which is not enabled`,
  );
  const [, bare = "", name = "", clientNonce = ""] =
    /^n,[^,]*,(n=([^,]*),r=([!-+\--~]+))$/.exec(textOf(payload)) ?? fail();
  const user = store.users.find(db, name.replaceAll("=2C", ",").replaceAll("=3D", "=")) ?? fail();
  const nonce = clientNonce + randomBytes(24).toString("base64");
  const answer = `r=${nonce},s=${Buffer.from(user.salt).toString("base64")},i=${user.iterations}`;
  connection.conversation = { user, said: `${bare},${answer},c=biws,r=${nonce}` };
  return reply(answer, false);
});

const saslContinue = reading("conversationId payload", ({ body, connection }) => {
  const { user, said } = connection.conversation ?? refuse(17, "No SASL session state found");
  connection.conversation = undefined;
  const [, proof = ""] = /,p=(.+)$/.exec(textOf(body.payload)) ?? fail();
  const sent = Buffer.from(proof, "base64");
  const signature = hmac(user.storedKey, said);
  const clientKey = signature.map((byte, i) => byte ^ (sent[i] ?? 0));
  if (!timingSafeEqual(hash(clientKey), user.storedKey)) fail();
  connection.user = user;
  return reply(`v=${hmac(user.serverKey, said).toString("base64")}`, true);
});

const createUser = writing("pwd roles", ({ body, db, name: command, store }) => {
  const name = String(body[command]);
  check(typeof body.pwd === "string" && body.pwd !== "", 9, "Password cannot be empty");
  check(!store.users.find(db, name), 51003, `User "${name}@${db}" already exists`);
  const salt = randomBytes(28);
  const salted = pbkdf2Sync(body.pwd.normalize("NFKC"), salt, ITERATIONS, 32, "sha256");
  const storedKey = hash(hmac(salted, "Client Key"));
  const serverKey = hmac(salted, "Server Key");
  store.users.add({
    db,
    name,
    role: roleOf(body.roles, db),
    salt,
    iterations: ITERATIONS,
    storedKey,
    serverKey,
  });
  return { ok: 1 };
});

/** Of all roles, `root` on admin and `readWrite` on the user's own database, one for each user. */
function roleOf(roles: unknown, db: string): Role {
  const [given, ...more] = Array.isArray(roles) ? roles : [];
  const { role, db: on } = isDocument(given) ? given : { role: given, db };
  const isKnown =
    (role === "readWrite" && on === db) || (role === "root" && on === "admin" && db === "admin");
  check(isKnown && more.length === 0, 31, `Could not find role: ${role}@${on}`);
  return role;
}

/** What `readWrite` leaves to administrators. */
const ADMINISTRATION = ["createUser", "dropDatabase"];

/** Throws Unauthorized unless the user of the connection may run this command on this database. */
export function checkAccess({ connection, db, name, store }: Call): void {
  const { user, isLocal } = connection;
  // The first user is made without one, from the same machine.
  if (name === "createUser" && isLocal && store.users.isEmpty()) return;
  if (!user) refuse(13, `Command ${name} requires authentication`);
  const isAllowed = user.role === "root" || (user.db === db && !ADMINISTRATION.includes(name));
  check(isAllowed, 13, `not authorized on ${db} to execute command ${name}`);
}

export const loginCommands = { saslStart, saslContinue };
export const userCommands = { createUser };
