/** Removes documents whose TTL index says that their time is over. */
import { encodeKey, TAG } from "./key.ts";
import type { Store } from "./store.ts";

/** One pass over every TTL index, as one transaction; returns how many documents went. */
export function removeExpired(store: Store, now: number): number {
  let removed = 0;
  store.transaction(() => {
    for (const collection of store.collections()) {
      for (const index of collection.indexes) {
        if (index.expireAfterSeconds === undefined) continue;
        const cutoff = new Date(now - index.expireAfterSeconds * 1000);
        const [low, high] = [Uint8Array.of(TAG.date), encodeKey([cutoff], [1])];
        const isAscending = index.directions[0] === 1;
        const range = isAscending ? { low, high } : descendingRange(cutoff);
        const rows = new Map([...collection.range(index, range, false, 256)].map((row) => [row.row, row]));
        for (const row of rows.values()) collection.remove(row);
        removed += rows.size;
      }
    }
  });
  return removed;
}

function descendingRange(cutoff: Date) {
  return { low: encodeKey([cutoff], [-1]), high: Uint8Array.of(0xff - TAG.date + 1) };
}
