// What is sent to MongoDB, for metrics, traces and timings. The driver's own command monitoring reads each reply a second
// time: a command of one document then takes 1.2 times the CPU, a find of a hundred 1.8 times.
import type { MongoClient } from "mongodb";
import { Connection } from "mongodb/lib/cmap/connection.js";
import type { WatchCommand } from "./watch-command.ts";

/** An event that connections pass on to their client. With command monitoring on it comes for commands, too. */
const QUESTION = "commandFailed";

/** Whether the client of a connection is watched, once the connection has asked. */
const watchers = new WeakMap<Connection, WatchCommand | false>();

function watcherOf(connection: Connection): WatchCommand | false {
  const known = watchers.get(connection);
  if (known !== undefined) return known;
  const question: { watch: WatchCommand | false } = { watch: false };
  connection.emit(QUESTION, question);
  watchers.set(connection, question.watch);
  return question.watch;
}

const { command: send } = Connection.prototype;
Connection.prototype.command = async function sendWatched(namespace, command, options, responseType) {
  const watch = this.established && watcherOf(this);
  if (!watch) return send.call(this, namespace, command, options, responseType);
  const [name = ""] = Object.keys(command);
  const on = command[name];
  const ended = typeof on === "string" ? watch(name, on) : watch(name);
  try {
    const reply = await send.call(this, namespace, command, options, responseType);
    ended();
    return reply;
  } catch (error) {
    ended(error);
    throw error;
  }
};

/** Calls `watch` for each command that this client sends for its caller. Call it before the client connects. */
export function watchMongo(client: MongoClient, watch: WatchCommand): void {
  client.on(QUESTION, (question: object) => {
    if ("watch" in question) question.watch = watch;
  });
}
