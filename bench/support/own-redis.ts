// A Redis of the benchmark's own, that it may kill: a server found on the PATH, else the embedded emulator.
import { join } from "node:path";
import { waitForPort } from "../../tools/databases/ping.ts";
import { freePort } from "../../tools/free-port.ts";

export interface OwnRedis {
  url: string;
  /** Kills it and starts an empty one in its place. */
  restartEmpty: () => Promise<void>;
  stop: () => void;
}

export async function ownRedis(): Promise<OwnRedis> {
  const port = freePort();
  const program = Bun.which("redis-server") ?? Bun.which("valkey-server");
  const command = program
    ? [program, "--port", `${port}`, "--bind", "127.0.0.1", "--save", ""]
    : [process.execPath, join(import.meta.dir, "../../emulators/redis/main.ts"), "--port", `${port}`];
  const start = async () => {
    const child = Bun.spawn(command, { stdout: "ignore", stderr: "ignore" });
    await waitForPort(port, () => child.exitCode !== null);
    return child;
  };
  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async restartEmpty() {
      child.kill("SIGKILL");
      await child.exited;
      child = await start();
    },
    stop: () => child.kill("SIGKILL"),
  };
}
