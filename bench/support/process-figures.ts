// Memory and CPU time of a process, from /proc.
import { readdirSync, readFileSync } from "node:fs";

const PAGE_BYTES = 4096;
const TICK_MS = 10;

export const residentBytes = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;

/** Without the pages of files, such as the program, which processes of one machine share. */
export function ownBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Anonymous:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
}

/** User and system time since the start, in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** 0 for a thread that has ended since it was listed. */
function threadNs(pid: number, task: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return 0;
    throw error;
  }
}

/** The time on a core of the threads that it has now, in nanoseconds' steps: for short work. */
export function exactCpuMs(pid: number): number {
  const spentNs = readdirSync(`/proc/${pid}/task`).map((task) => threadNs(pid, task));
  return spentNs.reduce((sum, ns) => sum + ns, 0) / 1e6;
}
