// What the kernel says of a container's processes: who they are, what they may do, and their limits.
import { readFileSync } from "node:fs";
import type { Engine } from "./engine.ts";

export interface Confined {
  uids: number[];
  /** Every set of capabilities, as the kernel's masks. */
  capabilities: string[];
  noNewPrivileges: boolean;
  /** 2 is a filter of system calls. */
  seccomp: number;
  rootIsReadOnly: boolean;
}

function findText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Without the engine's own, which is about to become a health check. */
export async function processesOf({ docker }: Engine, container: string): Promise<number[]> {
  const [, ...lines] = (await docker("top", container, "-eo", "pid,comm")).split("\n");
  return lines.filter((line) => !/\brunc\b/.test(line)).map((line) => Number.parseInt(line, 10));
}

/** Undefined when the process has ended, as one of a health check soon does. */
export function confinementOf(pid: number): Confined | undefined {
  const [status, mountInfo] = ["status", "mountinfo"].map((file) => findText(`/proc/${pid}/${file}`));
  if (!status || !mountInfo) return undefined;
  const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1] ?? "";
  const root = mountInfo
    .split("\n")
    .map((line) => line.split(" "))
    .find((words) => words[4] === "/");
  return {
    uids: field("Uid").split(/\s+/).map(Number),
    capabilities: ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map(field),
    noNewPrivileges: field("NoNewPrivs") === "1",
    seccomp: Number(field("Seccomp")),
    rootIsReadOnly: /^ro\b/.test(root?.[5] ?? ""),
  };
}

/** Reads a file of the process's control group, of either version. */
function controlOf(pid: number, controller: string, file: { v1: string; v2: string }): number {
  const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n");
  const paths = groups.map((line) => line.split(":"));
  const old = paths.find(([, names]) => names?.split(",").includes(controller));
  const path = old
    ? `/sys/fs/cgroup/${controller}${old[2]}/${file.v1}`
    : `/sys/fs/cgroup${paths[0]?.[2]}/${file.v2}`;
  return Number(readFileSync(path, "utf8"));
}

export const limitsOf = (pid: number) => ({
  memoryBytes: controlOf(pid, "memory", { v1: "memory.limit_in_bytes", v2: "memory.max" }),
  processes: controlOf(pid, "pids", { v1: "pids.max", v2: "pids.max" }),
});
