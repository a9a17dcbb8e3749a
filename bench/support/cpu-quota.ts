// A control group of Linux for one process, which may use so much of a core: what a limit is in a cluster. Needs root.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";

const V1 = "/sys/fs/cgroup/cpu";
const V2 = "/sys/fs/cgroup";
const PERIOD_US = 20_000;

export interface CpuQuota {
  /** Puts the process into the group. */
  hold: (pid: number) => void;
  /** Removes the group; its process has to have ended. */
  remove: () => void;
}

const isV1 = existsSync(`${V1}/cpu.cfs_quota_us`);

/** Why no process can be given a quota here. */
export function whyNoQuota(): string | undefined {
  if (process.platform !== "linux") return "control groups are Linux's";
  const file = isV1 ? `${V1}/cgroup.procs` : `${V2}/cgroup.subtree_control`;
  if (process.getuid?.() !== 0) return "only root makes control groups";
  return existsSync(file) ? undefined : `${file} is not there`;
}

/** Throws where there is no leave to do so. */
export function newCpuQuota(name: string, cores: number): CpuQuota {
  const folder = `${isV1 ? V1 : V2}/${name}`;
  const set = (file: string, text: string) => writeFileSync(`${folder}/${file}`, text);
  if (!isV1 && !readFileSync(`${V2}/cgroup.subtree_control`, "utf8").includes("cpu"))
    writeFileSync(`${V2}/cgroup.subtree_control`, "+cpu");
  mkdirSync(folder);
  const quotaUs = Math.round(cores * PERIOD_US);
  if (isV1) {
    set("cpu.cfs_period_us", String(PERIOD_US));
    set("cpu.cfs_quota_us", String(quotaUs));
  } else set("cpu.max", `${quotaUs} ${PERIOD_US}`);
  return {
    hold: (pid) => set("cgroup.procs", String(pid)),
    remove: () => rmdirSync(folder),
  };
}
