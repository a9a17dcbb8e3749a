import { Database } from "./database.ts";
import { PubSub } from "./pub-sub.ts";
import type { Reply } from "./resp.ts";
import { ScriptEngine } from "./script.ts";

const databaseCount = 16;
const imitatedVersion = "7.4.0";

/** What all connections share. */
export class Store {
  readonly databases = Array.from({ length: databaseCount }, () => new Database());
  readonly pubSub = new PubSub();
  readonly scripts = new ScriptEngine();
  readonly startedAt = Date.now();
  sessionCount = 0;
}

export function greeting(protocol: number, sessionId: number): Reply {
  return {
    map: [
      ["server", "redis"],
      ["version", imitatedVersion],
      ["proto", protocol],
      ["id", sessionId],
      ["mode", "standalone"],
      ["role", "master"],
      ["modules", []],
    ],
  };
}

/** The lines of INFO that clients read before they trust a server. */
export function describeServer(store: Store): string {
  return [
    "# Server",
    `redis_version:${imitatedVersion}`,
    "redis_mode:standalone",
    "emulator:yes",
    `uptime_in_seconds:${Math.floor((Date.now() - store.startedAt) / 1000)}`,
    "# Persistence",
    "loading:0",
    "# Replication",
    "role:master",
    "connected_slaves:0",
    "",
  ].join("\r\n");
}
