// Who did what to an account and to what belongs to it: entries that are only added, for the account's owner to read.
// An entry is a second write after the change itself. A crash between the two loses the entry, and an entry that cannot be
// written is logged and fails no request: the change has been made.
import type { Db } from "mongodb";
import type { Log } from "../../observe/log.ts";
import { currentScope } from "../../observe/request-scope.ts";
import { ensureTtlIndex } from "../../storage/mongo.ts";
import { type AddressClass, addressClassOf } from "../../values/address-class.ts";
import { newId } from "../../values/id.ts";

export interface ActivityEntry {
  /** Sorts by time. */
  _id: string;
  ownerId: string;
  /** The person who acted for the owner. */
  actorId?: string;
  /** Such as `password.changed`: what was changed, and how. */
  action: string;
  /** The id of what was changed. */
  subject?: string;
  /** The names of the fields that were changed. */
  fields?: string[];
  at: Date;
  requestId?: string;
  addressClass?: AddressClass;
}

export type Activity = Pick<ActivityEntry, "ownerId" | "actorId" | "action" | "subject" | "fields">;

/** Longer than a year, so that last year's holidays can be looked up. MongoDB deletes older entries. */
export const KEPT_DAYS = 400;

export type ActivityLog = ReturnType<typeof activityLog>;

export function activityLog(db: Db, log: Pick<Log, "error">) {
  const entries = db.collection<ActivityEntry>("activity");
  return {
    ensureIndexes: () =>
      Promise.all([
        entries.createIndex({ ownerId: 1, _id: -1 }, { name: "owner" }),
        ensureTtlIndex(db, entries.collectionName, {
          field: "at",
          seconds: KEPT_DAYS * 86_400,
          name: "expiry",
        }),
      ]),

    /** Never throws. */
    async record(activity: Activity): Promise<void> {
      const scope = currentScope();
      const at = new Date();
      const entry: ActivityEntry = {
        _id: newId("act", at.getTime()),
        ...activity,
        at,
        ...(scope && {
          requestId: scope.requestId,
          addressClass: addressClassOf(scope.remoteAddress()),
        }),
      };
      try {
        await entries.insertOne(entry);
      } catch (err) {
        log.error({ err, action: activity.action, owner: activity.ownerId }, "Activity not recorded");
      }
    },

    /** Newest first, those before this entry. */
    list: (ownerIds: string[], limit: number, before?: string) =>
      entries
        .find({ ownerId: { $in: ownerIds }, ...(before !== undefined && { _id: { $lt: before } }) })
        .sort({ _id: -1 })
        .limit(limit)
        .toArray(),
  };
}
