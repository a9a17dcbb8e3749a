// The regions in MongoDB: whoever holds the lease of one makes its next round.
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Db } from "mongodb";
import { ROUND_EVERY_MS } from "./terms.ts";

interface RegionDocument {
  _id: string;
  leasedUntil?: Date;
  /** When its waiting orders are looked at again, unless something happens before. */
  dueAt?: Date;
}

/** A time further ahead was written by a process whose clock was wrong, and counts as past. */
const within = (now: Date, ms: number) => ({ $gt: now, $lte: new Date(now.getTime() + ms) });

export type RegionStore = ReturnType<typeof regionStore>;

export function regionStore(db: Db) {
  const regions = db.collection<RegionDocument>("regions");
  return {
    /** Whether the region is the caller's until then: nobody else has it and, if that is asked, it is due. */
    async lease(region: string, now: Date, until: Date, ifDue: boolean): Promise<boolean> {
      const isOver = { $not: within(now, until.getTime() - now.getTime()) };
      const isDue = { $not: within(now, ROUND_EVERY_MS) };
      const filter = { _id: region, leasedUntil: isOver, ...(ifDue && { dueAt: isDue }) };
      try {
        await regions.updateOne(filter, { $set: { leasedUntil: until } }, { upsert: true });
        return true;
      } catch (error) {
        if (duplicateKeyOf(error) === undefined) throw error;
        return false;
      }
    },

    /** Those of these regions that are due, or of which nothing is known. */
    async dueAmong(names: string[], now: Date): Promise<string[]> {
      const later = await regions
        .find({ _id: { $in: names }, dueAt: within(now, ROUND_EVERY_MS) })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      const notDue = new Set(later.map(({ _id }) => _id));
      return names.filter((name) => !notDue.has(name));
    },

    /** Gives the region back, if it is still the caller's. */
    release: (region: string, leasedUntil: Date, dueAt: Date | undefined) =>
      regions.updateOne(
        { _id: region, leasedUntil },
        { $unset: { leasedUntil: "", ...(!dueAt && { dueAt: "" }) }, ...(dueAt && { $set: { dueAt } }) },
      ),
  };
}
