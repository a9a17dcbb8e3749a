// An account is closing from the start of its deletion until the deletion succeeds, is refused, or a minute has passed: a crash
// in between leaves an account as it was.
import { notDeleted } from "@food/shared/accounts/deletion/deletion";
import type { Collection } from "mongodb";
import type { CustomerDocument } from "../customers/store.ts";

/** Far longer than a deletion takes. */
export const CLOSING_MS = 60_000;

export const isClosing = ({ closingAt }: Pick<CustomerDocument, "closingAt">, now = new Date()): boolean =>
  closingAt !== undefined && now.getTime() - closingAt.getTime() < CLOSING_MS;

export type ClosingStore = ReturnType<typeof closingStore>;

export function closingStore(customers: Collection<CustomerDocument>) {
  const since = (now: Date) => new Date(now.getTime() - CLOSING_MS);
  return {
    /** False when another request is deleting the account. */
    async begin(customerId: string, now: Date): Promise<boolean> {
      const { matchedCount } = await customers.updateOne(
        { _id: customerId, closingAt: { $not: { $gt: since(now) } } },
        { $set: { closingAt: now } },
      );
      return matchedCount === 1;
    },

    undo: (customerId: string, closingAt: Date) =>
      customers.updateOne({ _id: customerId, closingAt }, { $unset: { closingAt: "" } }),

    /** Also true for an account that is deleted. */
    async isClosing(customerId: string): Promise<boolean> {
      const found = await customers.findOne(
        { _id: customerId, ...notDeleted },
        { projection: { closingAt: 1 } },
      );
      return !found || isClosing(found);
    },
  };
}
