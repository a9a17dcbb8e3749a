// The CPU time that a process spends on a read.
import { cpuMs } from "./process-figures.ts";
import { startReaders } from "./readers.ts";

export interface ReadLoad {
  connections: number;
  seconds: number;
  headers?: Record<string, string>;
  /** Runs once a second during the measurement. */
  during?: () => Promise<unknown>;
}

const WARM_UP_MS = 200;

/** CPU microseconds of the process for a request. Throws when an answer is not 200. */
export async function readCost(
  pid: number,
  url: string,
  { connections, seconds, headers = {}, during }: ReadLoad,
): Promise<number> {
  const readers = startReaders(url, connections, headers);
  await Bun.sleep(WARM_UP_MS);
  const before = { cpu: cpuMs(pid), answered: readers.answered() };
  const until = performance.now() + seconds * 1_000;
  for (let leftMs = until - performance.now(); leftMs > 0; leftMs = until - performance.now()) {
    await during?.();
    await Bun.sleep(during ? Math.min(1_000, leftMs) : leftMs);
  }
  const cost = ((cpuMs(pid) - before.cpu) * 1_000) / (readers.answered() - before.answered);
  if (readers.failed() > 0) throw new Error(`${readers.failed()} answers were not 200`);
  readers.stop();
  return cost;
}
