// The regions in MongoDB. The process that holds the lease of a region plays its next round.
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Db } from "mongodb";
import { ROUND_EVERY_MS } from "./terms.ts";

interface RegionDocument {
  _id: string;
  leasedUntil?: Date;
  /** When its waiting orders are planned again at the latest. */
  dueAt?: Date;
}

/** Matches times up to `ms` ahead. A later time was written by a process with a wrong clock and counts as past. */
const within = (now: Date, ms: number) => ({ $gt: now, $lte: new Date(now.getTime() + ms) });

export type RegionStore = ReturnType<typeof regionStore>;

export function regionStore(db: Db) {
  const regions = db.collection<RegionDocument>("regions");
  return {
    /** Takes the lease until `until`. Returns false when another process holds it or, with `ifDue`, when the region is not
     * due. */
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

    /** Returns the regions that are due. A region without a document is due. */
    async dueAmong(names: string[], now: Date): Promise<string[]> {
      const later = await regions
        .find({ _id: { $in: names }, dueAt: within(now, ROUND_EVERY_MS) })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      const notDue = new Set(later.map(({ _id }) => _id));
      return names.filter((name) => !notDue.has(name));
    },

    /** Releases the lease if the caller still holds it, and stores when the region is due. */
    release: (region: string, leasedUntil: Date, dueAt: Date | undefined) =>
      regions.updateOne(
        { _id: region, leasedUntil },
        { $unset: { leasedUntil: "", ...(!dueAt && { dueAt: "" }) }, ...(dueAt && { $set: { dueAt } }) },
      ),
  };
}
