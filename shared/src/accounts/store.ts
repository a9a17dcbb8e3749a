// An account is a document with an email and a password hash. A session is one document with the hash of its current
// refresh token, so rotating is one conditional update and revoking the token family deletes one document.
import type { Collection, Db, Filter, OptionalUnlessRequiredId } from "mongodb";
import { duplicateKeyOf, ensureTtlIndex } from "../storage/mongo.ts";
import { conflict } from "../values/errors.ts";

export interface Account {
  _id: string;
  /** Lower case, so that each address has one account. */
  email: string;
  passwordHash: string;
}

export interface RefreshSession {
  _id: string;
  accountId: string;
  /** The owner whom the account acts for in this session. */
  ownerId?: string;
  tokenHash: string;
  expiresAt: Date;
}

export const normaliseEmail = (email: string) => email.trim().toLowerCase();

const EMAIL_INDEX = "email";

/** Stores a new account. Throws 409 when the email address has one already. */
export async function insertAccount<A extends Account>(accounts: Collection<A>, account: A): Promise<A> {
  const stored = { ...account, email: normaliseEmail(account.email) };
  try {
    await accounts.insertOne(stored as OptionalUnlessRequiredId<A>);
  } catch (error) {
    if (duplicateKeyOf(error) !== EMAIL_INDEX) throw error;
    throw conflict("EMAIL_TAKEN", "This email address already has an account.");
  }
  return stored;
}

export type AccountStore = ReturnType<typeof accountStore>;

/** Accounts, and their sessions in the same database. */
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

    /** Returns false when the password has changed since `fromHash` was read. */
    async changePassword(accountId: string, fromHash: string, toHash: string): Promise<boolean> {
      const filter = { ...byId(accountId), passwordHash: fromHash } as Filter<A>;
      const { matchedCount } = await accounts.updateOne(filter, { $set: { passwordHash: toHash } as never });
      return matchedCount === 1;
    },

    openSession: (session: RefreshSession) => sessions.insertOne(session),

    /** Closes the least recently used sessions until `keep` remain, this one among them. */
    async closeOldSessions(accountId: string, sessionId: string, keep: number): Promise<void> {
      const old = await sessions
        .find({ accountId, _id: { $ne: sessionId } })
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
    /** Only those in which the account acts for this owner. */
    closeSessionsFor: (accountId: string, ownerId: string) => sessions.deleteMany({ accountId, ownerId }),
  };
}
