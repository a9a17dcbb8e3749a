// One redis-server of a cluster or of sentinels, which tests and proofs kill, pause and start again.
import { join } from "node:path";
import { Redis } from "ioredis";
import { type Child, type ChildOptions, startChild } from "../child.ts";
import { StartFailure } from "../failure.ts";
import { waitForPort } from "./ping.ts";

export interface RedisServer {
  port: number;
  /** A connection of the test's own. */
  admin: Redis;
  kill: () => Promise<void>;
  /** Starts it again, with the files that it has written. */
  start: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  stop: () => Promise<void>;
}

const STOP_MS = 2_000;
const WAIT_MS = 60_000;

export const redisServer = () => Bun.which("redis-server") ?? Bun.which("valkey-server");

/** Starts it on the port. Throws a StartFailure where no redis-server is on the PATH. */
export async function startRedisServer(
  folder: string,
  port: number,
  options: string[],
  { password, onStart }: { password?: string; onStart?: ChildOptions["onStart"] } = {},
): Promise<RedisServer> {
  const program = redisServer();
  if (!program) throw new StartFailure("No redis-server is on the PATH: install Redis for a cluster.");
  const command = [program, ...options, "--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder];
  let child: Child;
  const start = async () => {
    child = startChild({ name: `redis-${port}`, command, logFile: join(folder, `${port}.log`), onStart });
    await waitForPort(port, () => child.hasExited());
  };
  await start();
  const admin = new Redis({
    ...{ host: "127.0.0.1", port, retryStrategy: () => 50, maxRetriesPerRequest: null },
    ...(password && { password }),
  });
  admin.on("error", () => undefined);
  const signal = (name: NodeJS.Signals) => {
    if (!child.hasExited()) process.kill(child.pid, name);
  };
  return {
    ...{ port, admin, start },
    async kill() {
      signal("SIGKILL");
      await child.exited;
    },
    pause: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    async stop() {
      admin.disconnect();
      signal("SIGCONT");
      await child.stop(STOP_MS);
    },
  };
}

/** Waits for a condition of servers that have just started, or lost one of them. */
export async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WAIT_MS; !(await check().catch(() => false)); await Bun.sleep(20))
    if (Date.now() > end) throw new StartFailure(`Redis did not become ready: ${what}.`);
}
