#!/usr/bin/bun
// Inside the substitute of the MongoDB image, this one file is `mongod` and `mongosh`: the embedded emulator, with the
// users that the real image makes on its first start, by the same script; and of the shell what compose.yaml's health
// check needs. Never in an image that a release builds.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { MongoClient } from "mongodb";
import { startMongoEmulator } from "../../emulators/mongo/server.ts";

const PORT = 27017;
const DATA = "/data/db";
/** Written last: marks that all users are there. */
const USERS_MADE = `${DATA}/users-made`;
const USERS_SCRIPT = "/docker-entrypoint-initdb.d/users.js";

/** Runs a script of the shell that only makes users. */
async function makeUsers(client: MongoClient): Promise<void> {
  const { MONGO_INITDB_ROOT_USERNAME: name = "", MONGO_INITDB_ROOT_PASSWORD_FILE: file = "" } = process.env;
  const password = readFileSync(file, "utf8");
  await client.db("admin").command({ createUser: name, pwd: password, roles: ["root"] });
  const root = new MongoClient(`mongodb://127.0.0.1:${PORT}`, { auth: { username: name, password } });
  const made: Promise<unknown>[] = [];
  const db = {
    getSiblingDB: (database: string) => ({
      createUser: ({ user, pwd, roles }: Record<string, unknown>) =>
        made.push(root.db(database).command({ createUser: user, pwd, roles })),
    }),
  };
  new Function("db", "require", readFileSync(USERS_SCRIPT, "utf8"))(db, createRequire(import.meta.url));
  await Promise.all(made);
  await root.close();
}

async function mongod(words: string[]): Promise<void> {
  const auth = words.includes("--auth");
  const dataFile = `${DATA}/emulator.sqlite`;
  let stop = async () => {};
  // From the start: as process 1 it would ignore a signal that it does not handle.
  process.once("SIGTERM", () => void stop().then(() => process.exit(0)));
  if (!existsSync(USERS_MADE)) {
    // On loopback, as the real image does: nothing answers the services before its users exist.
    const first = await startMongoEmulator({ dataFile, port: PORT, auth });
    const client = new MongoClient(first.url);
    await makeUsers(client);
    await client.close();
    await first.stop();
    writeFileSync(USERS_MADE, "");
  }
  ({ stop } = await startMongoEmulator({ dataFile, port: PORT, host: "0.0.0.0", auth }));
  process.stdout.write("THIS IS NO MONGODB BUT AN EMULATOR OF IT, FOR TESTS\nWaiting for connections\n");
}

async function mongosh(words: string[]): Promise<void> {
  const wordAfter = (flag: string) => words[words.indexOf(flag) + 1] ?? "";
  const client = new MongoClient(`mongodb://${wordAfter("--host")}:${PORT}/?directConnection=true`, {
    serverSelectionTimeoutMS: 3000,
  });
  const hello = await client.db().command({ hello: 1 });
  new Function("db", "quit", wordAfter("--eval"))({ hello: () => hello }, process.exit);
  await client.close();
}

await (basename(Bun.argv[1] ?? "") === "mongosh" ? mongosh : mongod)(Bun.argv.slice(2));
