// An account is any document with an email and a password hash. A session is one document that holds the hash
// of the only refresh token now good, so that rotating is one conditional update and revoking the whole family
// is deleting one document.
import type { Collection, Db, Filter } from "mongodb";
import { duplicateKeyOf, ensureTtlIndex } from "../storage/mongo.ts";

export interface Account {
  _id: string;
  /** Lower case: one account for each address, however it is typed. */
  email: string;
  passwordHash: string;
}

export interface RefreshSession {
  _id: string;
  accountId: string;
  tokenHash: string;
  expiresAt: Date;
}

export const normaliseEmail = (email: string) => email.trim().toLowerCase();

const EMAIL_INDEX = "email";

export const isEmailTaken = (error: unknown) => duplicateKeyOf(error) === EMAIL_INDEX;

export type AccountStore = ReturnType<typeof accountStore>;

/** The accounts, and their sessions beside them in the same database. */
export function accountStore<A extends Account>(accounts: Collection<A>, db: Db) {
  const sessions = db.collection<RefreshSession>("sessions");
  const byId = (accountId: string) => ({ _id: accountId }) as Filter<A>;
  return {
    ensureIndexes: () =>
      Promise.all([
        accounts.createIndex({ email: 1 }, { unique: true, name: EMAIL_INDEX }),
        sessions.createIndex({ accountId: 1 }, { name: "account" }),
        ensureTtlIndex(db, sessions.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
      ]),

    async findByEmail(email: string): Promise<Account | null> {
      const filter = { email: normaliseEmail(email) } as Filter<A>;
      return accounts.findOne<Account>(filter, { projection: { email: 1, passwordHash: 1 } });
    },

    findById: (accountId: string): Promise<Account | null> =>
      accounts.findOne<Account>(byId(accountId), { projection: { email: 1, passwordHash: 1 } }),

    /** False when the password is no longer the one that was checked. */
    async changePassword(accountId: string, fromHash: string, toHash: string): Promise<boolean> {
      const filter = { ...byId(accountId), passwordHash: fromHash } as Filter<A>;
      const { matchedCount } = await accounts.updateOne(filter, { $set: { passwordHash: toHash } as never });
      return matchedCount === 1;
    },

    openSession: (session: RefreshSession) => sessions.insertOne(session),

    /** Closes the account's sessions that were used longest ago: of this one and all others `keep` stay. */
    async closeOldSessions(accountId: string, sessionId: string, keep: number): Promise<void> {
      const old = await sessions
        .find({ accountId, _id: { $ne: sessionId } })
        .sort({ expiresAt: -1 })
        .skip(keep - 1)
        .project<Pick<RefreshSession, "_id" | "expiresAt">>({ expiresAt: 1 })
        .toArray();
      const [newest] = old;
      if (!newest) return;
      // One that has been refreshed meanwhile stays.
      const ids = old.map(({ _id }) => _id);
      await sessions.deleteMany({ _id: { $in: ids }, expiresAt: { $lte: newest.expiresAt } });
    },

    /** The session, its token replaced; null when this token is not the one now good. */
    rotateSession: (
      sessionId: string,
      tokenHash: string,
      next: { tokenHash: string; expiresAt: Date },
      now: Date,
    ) =>
      sessions.findOneAndUpdate(
        { _id: sessionId, tokenHash, expiresAt: { $gt: now } },
        { $set: next },
        { returnDocument: "after" },
      ),

    closeSession: (sessionId: string) => sessions.deleteOne({ _id: sessionId }),
    closeSessionsOf: (accountId: string) => sessions.deleteMany({ accountId }),
  };
}
