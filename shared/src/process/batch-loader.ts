// Questions that fall together are asked as one.
import DataLoader from "dataloader";
import { outsideRequests } from "../observe/request-scope.ts";

/** What a find of MongoDB answers in its first batch, 101 documents, is not exceeded by one for each. */
const TOGETHER_MAX = 100;

/** Gathers what is asked until what has come in is read, and asks for it in one go: `askAll` answers in the order of
 * its keys, and when it throws all of them fail. */
export function batchLoader<Key, Answer>(
  askAll: (keys: readonly Key[]) => Promise<Answer[]>,
): (key: Key) => Promise<Answer> {
  const loader = new DataLoader<Key, Answer>(outsideRequests(askAll), {
    cache: false,
    maxBatchSize: TOGETHER_MAX,
    batchScheduleFn: setImmediate,
  });
  return (key) => loader.load(key);
}
