import type { Log } from "../../observe/log.ts";
import { startTicker, type Ticker } from "../../process/ticker.ts";
import { BUSY, type Locks } from "../lock.ts";
import { type Archived, type Move, moveDocuments } from "./move-documents.ts";

const BATCH = 100;
/** After each batch it rests this many times as long as the batch took, so that requests come first. */
const REST = 9;
const LOCK_MS = 60_000;
const EVERY_MS = 60_000;
/** Longer than a rolling update: replicas of a release without the archive would not find what is in it. */
export const ARCHIVE_FROM_MS = 3_600_000;

export const DAY_MS = 86_400_000;

/** Of a service. */
export interface ArchivingDeps {
  /** 0: nothing is moved. */
  ARCHIVE_AFTER_DAYS: number;
  /** How long after its start a process begins. */
  archiveFromMs?: number;
  locks: Locks;
  log: Log;
}

export interface ArchivingOptions<D extends Archived> extends ArchivingDeps {
  move: Omit<Move<D>, "filter" | "limit">;
  /** Matches what was history at that time. */
  historyAt: (before: Date) => Move<D>["filter"];
  everyMs?: number;
}

/** Moves history to its archive in the background. Of all replicas usually one moves, under a lock that only saves work. */
export function startArchiving<D extends Archived>(options: ArchivingOptions<D>): Ticker {
  const { move, historyAt, locks, log, archiveFromMs = ARCHIVE_FROM_MS, everyMs = EVERY_MS } = options;
  const afterDays = options.ARCHIVE_AFTER_DAYS;
  const { collectionName } = move.hot;
  const beginsAt = performance.now() + archiveFromMs;

  async function moveAll(isStopped: () => boolean): Promise<number> {
    const until = performance.now() + LOCK_MS / 2;
    let count = 0;
    while (!isStopped() && performance.now() < until) {
      const startedAt = performance.now();
      const filter = historyAt(new Date(Date.now() - afterDays * DAY_MS));
      const { found, moved } = await moveDocuments({ ...move, filter, limit: BATCH });
      count += moved;
      if (found < BATCH || moved === 0) break;
      await Bun.sleep((performance.now() - startedAt) * REST);
    }
    return count;
  }

  return startTicker(`archive ${collectionName}`, everyMs, log, async (isStopped) => {
    if (afterDays === 0 || performance.now() < beginsAt) return;
    const moved = await locks.withLock(`archive:${collectionName}`, LOCK_MS, () => moveAll(isStopped));
    if (moved !== BUSY && moved > 0) log.info({ moved, collection: collectionName }, "Archived documents");
  });
}
