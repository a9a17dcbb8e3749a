import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { LOG_BYTES_MAX, rotateLog } from "./log-file.ts";

export type Child = {
  name: string;
  pid: number;
  exited: Promise<number>;
  hasExited(): boolean;
  /** Sends SIGTERM, and SIGKILL after that time. */
  stop(withinMs: number): Promise<void>;
  lastLogLine(): string;
};

export type ChildOptions = {
  name: string;
  command: string[];
  logFile: string;
  logBytesMax?: number;
  env?: Record<string, string | undefined>;
  /** Called at once, so that the process can be recorded before this one is killed. */
  onStart?: ((child: Child) => void) | undefined;
};

const ROTATE_EVERY_MS = 1_000;

/**
 * Starts a process and appends its output to the log file. It has its own process group, because Ctrl-C reaches a whole
 * group and would stop the databases before the services, and a standard input that closes with this process.
 */
export function startChild(options: ChildOptions): Child {
  const { name, command, logFile, logBytesMax = LOG_BYTES_MAX, env, onStart } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  rotateLog(logFile, logBytesMax);
  const log = openSync(logFile, "a");
  let begunAt = fstatSync(log).size;
  const spawned = Bun.spawn(command, {
    stdin: "pipe",
    stdout: log,
    stderr: log,
    env: env ?? process.env,
    detached: true,
  });
  closeSync(log);
  const rotating = setInterval(() => {
    if (rotateLog(logFile, logBytesMax)) begunAt = 0;
  }, ROTATE_EVERY_MS);
  rotating.unref();
  void spawned.exited.then(() => clearInterval(rotating));
  const hasExited = () => spawned.exitCode !== null || spawned.signalCode !== null;
  const child: Child = {
    name,
    pid: spawned.pid,
    exited: spawned.exited,
    hasExited,
    async stop(withinMs) {
      if (hasExited()) return;
      spawned.kill("SIGTERM");
      const force = setTimeout(() => spawned.kill("SIGKILL"), withinMs);
      await spawned.exited;
      clearTimeout(force);
    },
    lastLogLine() {
      const lines = readFileSync(logFile).toString("utf8", begunAt).trimEnd().split("\n");
      // A crash ends with a stack and Bun's version: the line of the error says more.
      const crashed = lines.at(-1)?.startsWith("Bun v");
      const error = crashed ? lines.findLast((line) => /^(error|\w*Error):/.test(line)) : undefined;
      return error ?? (lines.at(-1) || "it printed nothing");
    },
  };
  onStart?.(child);
  return child;
}
