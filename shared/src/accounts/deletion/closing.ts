// An account is closing from the start of its deletion until the deletion succeeds, is refused, or a minute has passed: a crash
// in between leaves an account as it was.
import type { Collection, Filter, UpdateFilter } from "mongodb";
import { conflict } from "../../values/errors.ts";
import { notDeleted } from "./deletion.ts";

/** Far longer than a deletion takes. */
export const CLOSING_MS = 60_000;

export interface Closable {
  _id: string;
  closingAt?: Date;
}

export const isClosing = ({ closingAt }: Pick<Closable, "closingAt">, now = new Date()): boolean =>
  closingAt !== undefined && now.getTime() - closingAt.getTime() < CLOSING_MS;

export const isBeingDeleted = () =>
  conflict("ACCOUNT_CLOSING", "This account is being deleted. Try again in a minute if it is not.");

/** Whether a deletion that began then may still succeed. Half of the time, for clocks that differ. */
export const isInTime = (closingAt: Date) => Date.now() - closingAt.getTime() < CLOSING_MS / 2;

export type ClosingStore = ReturnType<typeof closingStore>;

export function closingStore<D extends Closable>(accounts: Collection<D>) {
  const where = (filter: Filter<Closable>) => filter as Filter<D>;
  const change = (update: UpdateFilter<Closable>) => update as UpdateFilter<D>;
  const since = (now: Date) => new Date(now.getTime() - CLOSING_MS);
  return {
    /** False when another request is deleting the account, or there is none. */
    async begin(accountId: string, now: Date): Promise<boolean> {
      const { matchedCount } = await accounts.updateOne(
        where({ _id: accountId, closingAt: { $not: { $gt: since(now) } } }),
        change({ $set: { closingAt: now } }),
      );
      return matchedCount === 1;
    },

    async undo(accountId: string, closingAt: Date): Promise<void> {
      await accounts.updateOne(where({ _id: accountId, closingAt }), change({ $unset: { closingAt: "" } }));
    },

    /** Also true for an account that is deleted. */
    async isClosing(accountId: string): Promise<boolean> {
      const found = await accounts.findOne<Closable>(where({ _id: accountId, ...notDeleted }), {
        projection: { closingAt: 1 },
      });
      return !found || isClosing(found);
    },
  };
}
