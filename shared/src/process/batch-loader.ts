// Groups single reads that arrive at the same time into one query.
import DataLoader from "dataloader";
import { inTraceOnly } from "../observe/request-scope.ts";

/** MongoDB returns up to 101 documents in the first batch of a find, so one reply holds a whole batch. */
const BATCH_MAX = 100;

/** Collects keys until all pending input is read, then loads them with one call. `askAll` returns answers in the order of
 * its keys. When it throws, every key of the batch fails. */
export function batchLoader<Key, Answer>(
  askAll: (keys: readonly Key[]) => Promise<Answer[]>,
): (key: Key) => Promise<Answer> {
  const loader = new DataLoader<Key, Answer>(inTraceOnly(askAll), {
    cache: false,
    maxBatchSize: BATCH_MAX,
    batchScheduleFn: setImmediate,
  });
  return (key) => loader.load(key);
}
