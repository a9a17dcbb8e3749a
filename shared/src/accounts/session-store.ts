// A session is one document with the hash of its current refresh token, so rotating is one conditional update. Ending it is
// one as well: the document loses its hashes and stays until its last access token has expired, for all processes to read.
import type { Db, Filter } from "mongodb";
import type { TokenEnds } from "../auth/token-ends.ts";
import { ensureTtlIndex } from "../storage/mongo.ts";
import type { AddressClass } from "../values/address-class.ts";
import { sessionIdOf } from "./refresh-tokens.ts";

export interface RefreshSession {
  /** The family of its refresh tokens. */
  _id: string;
  accountId: string;
  /** The owner whom the account acts for in this session. */
  ownerId?: string;
  /** Missing once the session has ended. */
  tokenHash?: string;
  /** The token before, and the salt that leads from it to the current one. Missing before the first refresh. */
  previous?: { tokenHash: string; salt: string; usedAt: Date };
  expiresAt: Date;
  endedAt?: Date;
  /** When it was opened. Set at the first refresh when an earlier version opened it. */
  createdAt?: Date;
  /** The last sign-in or refresh. Missing when an earlier version stored it. */
  lastUsedAt?: Date;
  /** In a few words, of its `User-Agent`. */
  device?: string;
  addressClass?: AddressClass;
  /** When a second factor was given in it. Missing when an earlier version opened it. */
  secondFactorAt?: Date;
}

/** From where a session is used. */
export type SessionUse = Pick<RefreshSession, "device" | "addressClass">;

/** For a token that was being signed when its session ended, and for clocks that differ. */
const SIGNED_LATE_MS = 60_000;
/** Sessions that have ended, in one answer. */
export const ENDED_PAGE = 1_000;

export interface SessionStoreOptions {
  accessTtlSeconds: number;
  /** After these a session cannot be refreshed any more. */
  maxDays: number;
  /** Learns at once of the sessions that this process ends. */
  tokenEnds: Pick<TokenEnds, "add">;
}

const isOpen = { endedAt: { $exists: false } };
const endedOf = ({ _id, endedAt, expiresAt }: RefreshSession) => ({
  sessionId: sessionIdOf(_id),
  endedAt: endedAt ?? expiresAt,
  until: expiresAt,
});

/** The sessions of all accounts in this database. */
export function sessionStore(db: Db, { accessTtlSeconds, maxDays, tokenEnds }: SessionStoreOptions) {
  const sessions = db.collection<RefreshSession>("sessions");
  /** Sessions that can be refreshed. */
  const alive = (now: Date) => ({
    ...isOpen,
    expiresAt: { $gt: now },
    createdAt: { $not: { $lte: new Date(now.getTime() - maxDays * 86_400_000) } },
  });

  const aliveOf = (accountId: string, now: Date) => sessions.find({ accountId, ...alive(now) });

  /** Ends the sessions and with them their access tokens: here at once, elsewhere at the next poll. */
  async function end(
    which: Filter<RefreshSession>,
    only: Filter<RefreshSession> = {},
  ): Promise<RefreshSession[]> {
    const endedAt = new Date();
    const expiresAt = new Date(endedAt.getTime() + accessTtlSeconds * 1000 + SIGNED_LATE_MS);
    const { modifiedCount } = await sessions.updateMany(
      { ...which, ...only, ...isOpen },
      { $set: { endedAt, expiresAt }, $unset: { tokenHash: "", previous: "" } },
    );
    if (modifiedCount === 0) return [];
    const ended = await sessions.find({ ...which, endedAt }).toArray();
    tokenEnds.add(ended.map(endedOf).map(({ sessionId, until }) => ({ sessionId, until: until.getTime() })));
    return ended;
  }

  return {
    ensureIndexes: () =>
      Promise.all([
        sessions.createIndex({ accountId: 1 }, { name: "account" }),
        sessions.createIndex(
          { endedAt: 1 },
          { name: "ended", partialFilterExpression: { endedAt: { $exists: true } } },
        ),
        ensureTtlIndex(db, sessions.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
      ]),

    openSession: (session: RefreshSession) => sessions.insertOne(session),
    findSession: (family: string, now: Date) => sessions.findOne({ _id: family, ...alive(now) }),

    /** Those that can be refreshed, the last opened first; at most this many. */
    listSessions: (accountId: string, limit: number, now = new Date()) =>
      aliveOf(accountId, now).sort({ createdAt: -1, _id: 1 }).limit(limit).toArray(),

    /** Closes the least recently used sessions until `keep` remain, this one among them. */
    async closeOldSessions(accountId: string, family: string, keep: number): Promise<void> {
      const old = await sessions
        .find({ accountId, _id: { $ne: family }, ...isOpen })
        .sort({ expiresAt: -1 })
        .skip(keep - 1)
        .project<Pick<RefreshSession, "_id" | "expiresAt">>({ expiresAt: 1 })
        .toArray();
      const [newest] = old;
      if (!newest) return;
      // A session that was refreshed since the read has a later expiry and stays.
      const ids = old.map(({ _id }) => _id);
      await end({ _id: { $in: ids } }, { expiresAt: { $lte: newest.expiresAt } });
    },

    /** Replaces the session's token. Returns null when `tokenHash` is not its current one, and for a session that is too old. */
    rotateSession: (
      family: string,
      tokenHash: string,
      { salt, ...next }: { tokenHash: string; salt: string; expiresAt: Date } & SessionUse,
      now: Date,
    ) =>
      sessions.findOneAndUpdate(
        { _id: family, tokenHash, ...alive(now) },
        {
          $min: { createdAt: now },
          $set: {
            ...next,
            lastUsedAt: now,
            previous: { tokenHash, salt, usedAt: now },
          },
        },
        { returnDocument: "after" },
      ),

    /** Returns the session unless it has ended before. */
    closeSession: async (family: string) => (await end({ _id: family }))[0],
    closeSessionsOf: (accountId: string) => end({ accountId }),
    /** Makes an owner's sessions those of an account that acts for it. */
    assignSessions: (ownerId: string, accountId: string) =>
      sessions.updateMany({ accountId: ownerId }, { $set: { accountId, ownerId } }),
    /** Only those in which the account acts for this owner. */
    closeSessionsFor: (accountId: string, ownerId: string) => end({ accountId, ownerId }),
    /** Those for this owner in which these accounts gave no second factor, and all those of accounts that have none. */
    closeSessionsWithoutFactor: (ownerId: string, having: string[], lacking: string[]) =>
      end({
        ownerId,
        $or: [
          { accountId: { $in: having }, secondFactorAt: { $exists: false } },
          { accountId: { $in: lacking } },
        ],
      }),

    async noteSecondFactor(accountId: string, sessionId: string | undefined, now = new Date()) {
      const own = await aliveOf(accountId, now).toArray();
      const found = own.find(({ _id }) => sessionIdOf(_id) === sessionId);
      if (found) await sessions.updateOne({ _id: found._id }, { $set: { secondFactorAt: now } });
    },

    /** The sessions that have ended at or after this time, oldest first; at most `ENDED_PAGE`. */
    async endedSince(after = new Date(0)) {
      const ended = sessions
        .find({ endedAt: { $gte: after } })
        .sort({ endedAt: 1 })
        .limit(ENDED_PAGE);
      return (await ended.toArray()).map(endedOf);
    },
  };
}
