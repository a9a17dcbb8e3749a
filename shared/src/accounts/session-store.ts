// A session is one document with the hash of its current refresh token, so rotating is one conditional update and revoking
// the token family deletes one document.
import type { Db } from "mongodb";
import { ensureTtlIndex } from "../storage/mongo.ts";

export interface RefreshSession {
  /** The family of its refresh tokens. */
  _id: string;
  accountId: string;
  /** The owner whom the account acts for in this session. */
  ownerId?: string;
  tokenHash: string;
  /** The token before, and the salt that leads from it to the current one. Missing before the first refresh. */
  previous?: { tokenHash: string; salt: string; usedAt: Date };
  expiresAt: Date;
}

/** The sessions of all accounts in this database. */
export function sessionStore(db: Db) {
  const sessions = db.collection<RefreshSession>("sessions");
  return {
    ensureIndexes: () =>
      Promise.all([
        sessions.createIndex({ accountId: 1 }, { name: "account" }),
        ensureTtlIndex(db, sessions.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
      ]),

    openSession: (session: RefreshSession) => sessions.insertOne(session),
    findSession: (family: string) => sessions.findOne({ _id: family }),

    /** Closes the least recently used sessions until `keep` remain, this one among them. */
    async closeOldSessions(accountId: string, family: string, keep: number): Promise<void> {
      const old = await sessions
        .find({ accountId, _id: { $ne: family } })
        .sort({ expiresAt: -1 })
        .skip(keep - 1)
        .project<Pick<RefreshSession, "_id" | "expiresAt">>({ expiresAt: 1 })
        .toArray();
      const [newest] = old;
      if (!newest) return;
      // A session that was refreshed since the read has a later expiry and stays.
      const ids = old.map(({ _id }) => _id);
      await sessions.deleteMany({ _id: { $in: ids }, expiresAt: { $lte: newest.expiresAt } });
    },

    /** Replaces the session's token. Returns null when `tokenHash` is not its current one. */
    rotateSession: (
      family: string,
      tokenHash: string,
      next: { tokenHash: string; salt: string; expiresAt: Date },
      now: Date,
    ) =>
      sessions.findOneAndUpdate(
        { _id: family, tokenHash, expiresAt: { $gt: now } },
        {
          $set: {
            tokenHash: next.tokenHash,
            expiresAt: next.expiresAt,
            previous: { tokenHash, salt: next.salt, usedAt: now },
          },
        },
        { returnDocument: "after" },
      ),

    closeSession: (family: string) => sessions.deleteOne({ _id: family }),
    closeSessionsOf: (accountId: string) => sessions.deleteMany({ accountId }),
    /** Makes an owner's sessions those of an account that acts for it. */
    assignSessions: (ownerId: string, accountId: string) =>
      sessions.updateMany({ accountId: ownerId }, { $set: { accountId, ownerId } }),
    /** Only those in which the account acts for this owner. */
    closeSessionsFor: (accountId: string, ownerId: string) => sessions.deleteMany({ accountId, ownerId }),
  };
}
