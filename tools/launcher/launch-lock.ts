// One launcher for each data folder. The lock lists the launcher's child processes, so that the next launcher ends those of
// a killed one. A process is identified by its id and its start time, because ids are reused.

import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneLine, StartFailure } from "../failure.ts";

type ProcessMark = { name: string; pid: number; startedAt: string };
type LockFile = { launcher: ProcessMark; children: ProcessMark[] };

const leftoverWithinMs = 5000;

export type LaunchLock = {
  /** Adds a child process. */
  record(child: { name: string; pid: number }): void;
  release(): void;
};

/** The start time of a process, in the system's format; undefined without a running process. */
function findStart(pid: number): string | undefined {
  if (process.platform !== "linux") {
    return (
      spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`])
        .stdout?.toString()
        .trim() || undefined
    );
  }
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold any character. After it come the state and, 19 fields on, the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function mark({ name, pid }: { name: string; pid: number }): ProcessMark {
  return { name, pid, startedAt: findStart(pid) ?? "" };
}

function isAlive({ pid, startedAt }: ProcessMark): boolean {
  return startedAt !== "" && findStart(pid) === startedAt;
}

function readLock(path: string): LockFile | undefined {
  try {
    const lock = JSON.parse(readFileSync(path, "utf8")) as Partial<LockFile>;
    return lock.launcher && Array.isArray(lock.children) ? (lock as LockFile) : undefined;
  } catch {
    return undefined;
  }
}

function signal(child: ProcessMark, name: "SIGTERM" | "SIGKILL") {
  try {
    if (isAlive(child)) process.kill(child.pid, name);
  } catch {
    // It ended before the signal.
  }
}

async function endLeftovers(children: ProcessMark[]) {
  const deadline = Date.now() + leftoverWithinMs;
  for (const child of children) signal(child, "SIGTERM");
  while (children.some(isAlive)) {
    if (Date.now() > deadline) for (const child of children) signal(child, "SIGKILL");
    await Bun.sleep(10);
  }
}

function inUse(dataDir: string, { pid }: ProcessMark): StartFailure {
  return new StartFailure(
    `The data folder ${dataDir} is in use by another launcher (process ${pid}): stop that one, or set DATA_DIR to another folder.`,
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Throws a StartFailure when a running launcher holds the folder. Ends the children of a dead one. */
async function removeStale(dataDir: string, path: string) {
  const found = readLock(path);
  if (found && isAlive(found.launcher)) throw inUse(dataDir, found.launcher);
  await endLeftovers(found?.children ?? []);
  // Another launcher may have taken the lock by now: check the file again after moving it aside.
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readLock(aside);
  const lives = moved && isAlive(moved.launcher);
  if (lives) tryLink(aside, path);
  rmSync(aside);
  if (lives) throw inUse(dataDir, moved.launcher);
}

export async function takeLaunchLock(dataDir: string): Promise<LaunchLock> {
  const path = join(dataDir, "launcher.lock");
  const draft = `${path}.${process.pid}`;
  const content: LockFile = { launcher: mark({ name: "launcher", pid: process.pid }), children: [] };
  const writeDraft = () => writeFileSync(draft, JSON.stringify(content, null, 2));
  try {
    mkdirSync(dataDir, { recursive: true });
    writeDraft();
  } catch (error) {
    throw new StartFailure(
      `The data folder ${dataDir} cannot be used (${oneLine(error)}): set DATA_DIR to another folder.`,
    );
  }
  try {
    while (!tryLink(draft, path)) await removeStale(dataDir, path);
  } finally {
    rmSync(draft);
  }
  return {
    record(child) {
      content.children.push(mark(child));
      writeDraft();
      renameSync(draft, path);
    },
    release() {
      rmSync(path, { force: true });
    },
  };
}
