// The record of a deleted restaurant, with what is still to be removed. It is written before the restaurant's document is
// deleted, which decides. A crash leaves nothing behind: an outbox worker of any process does the rest. The record stays
// without the people, so that nobody signs up with the same id.
import { isClosing } from "@food/shared/accounts/deletion/closing";
import { eraseData } from "@food/shared/accounts/deletion/deletion";
import { OUTBOX_INDEX, type OutboxEntry, type WithOutbox, withTrace } from "@food/shared/outbox/outbox";
import type { Db } from "mongodb";
import type { DishDocument } from "../dishes/store.ts";
import type { RestaurantDocument } from "../restaurants/store.ts";

export interface DeletionRecord extends WithOutbox<OutboxEntry> {
  /** The mark of the request that deletes. */
  closingAt: Date;
  /** Who worked there. Missing once everything is removed. */
  staffIds?: string[];
}

/** Longer than a restaurant is closing. */
const CRASHED_AFTER_MS = 90_000;

export type DeletingStore = ReturnType<typeof deletingStore>;

export function deletingStore(db: Db) {
  const records = db.collection<DeletionRecord>("deletions");
  const restaurants = db.collection<RestaurantDocument>("restaurants");
  const dishes = db.collection<DishDocument>("dishes");
  return {
    records,
    ensureIndexes: () =>
      records.createIndex(OUTBOX_INDEX.key, {
        name: OUTBOX_INDEX.name,
        partialFilterExpression: { outboxDueAt: { $exists: true } },
      }),

    /** Before the deletion: should this process die right after it, a worker finishes it later. */
    async begin(restaurantId: string, staffIds: string[], closingAt: Date): Promise<void> {
      const record = {
        ...{ closingAt, staffIds },
        outbox: withTrace([{ id: `${restaurantId}:erase`, kind: "erase", at: closingAt }]),
        outboxDueAt: new Date(closingAt.getTime() + CRASHED_AFTER_MS),
      };
      await records.replaceOne({ _id: restaurantId }, record, { upsert: true });
    },

    /** False when the mark or the team has changed since. */
    async remove(restaurantId: string, closingAt: Date, teamVersion: number): Promise<boolean> {
      const filter = { _id: restaurantId, closingAt, "team.version": teamVersion };
      return (await restaurants.deleteOne(filter)).deletedCount === 1;
    },

    eraseAfter: (restaurantId: string, ms: number) =>
      records.updateOne(
        { _id: restaurantId, "outbox.0": { $exists: true } },
        { $set: { outboxDueAt: new Date(Date.now() + ms) } },
      ),

    find: (restaurantId: string) => records.findOne({ _id: restaurantId }),

    isThere: async (restaurantId: string) =>
      (await restaurants.findOne({ _id: restaurantId }, { projection: { _id: 1 } })) !== null,

    /** For a deletion that was refused or has crashed. First takes its mark away: a late `remove` finds none. Throws while it
     * may still succeed. */
    async abandon({ _id, closingAt }: DeletionRecord): Promise<void> {
      if (isClosing({ closingAt })) throw new Error("The deletion may be under way");
      await restaurants.updateOne({ _id, closingAt }, { $unset: { closingAt: "" } });
      if ((await restaurants.findOne({ _id })) === null) throw new Error("The deletion has succeeded");
      await records.deleteOne({ _id, closingAt });
    },

    async eraseDishes(restaurantId: string): Promise<void> {
      await dishes.deleteMany({ restaurantId });
    },
    eraseOwner: (restaurantId: string) => eraseData(db, restaurantId, "owner"),
    eraseAccount: (staffId: string) => eraseData(db, staffId, "account"),

    finish: (restaurantId: string) => records.updateOne({ _id: restaurantId }, { $unset: { staffIds: "" } }),
  };
}
