// What is sent to Redis, for metrics, traces and timings. ioredis can publish it on a diagnostics channel: for all clients of
// the process, with the values, and at several times the cost.
import type { Redis } from "ioredis";
import type { WatchCommand } from "./watch-command.ts";

interface Settles {
  isWatched?: true;
  resolve: (reply: unknown) => void;
  reject: (error: Error) => void;
}

/** Calls `watch` for each command of this connection, those in pipelines and scripts included. */
export function watchRedis(redis: Pick<Redis, "sendCommand">, watch: WatchCommand): void {
  const send = redis.sendCommand;
  redis.sendCommand = function sendWatched(command, ...rest) {
    const settles = command as unknown as Settles;
    // A command that waited for the connection comes again.
    if (settles.isWatched) return send.call(this, command, ...rest);
    settles.isWatched = true;
    const { resolve, reject } = settles;
    const ended = watch(command.name);
    settles.resolve = (reply) => {
      ended();
      resolve(reply);
    };
    settles.reject = (error) => {
      ended(error);
      reject(error);
    };
    return send.call(this, command, ...rest);
  };
}
