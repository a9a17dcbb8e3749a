// Links that are valid once. Only the hash of a token is stored, so a reader of the database has no link. A token has
// 256 random bits, so a plain hash is enough.
import type { Db } from "mongodb";
import { ensureTtlIndex } from "../../storage/mongo.ts";
import { hashOf, randomText } from "../refresh-tokens.ts";

export interface OneTimeLink {
  /** The hash of its token. */
  _id: string;
  purpose: string;
  accountId: string;
  /** What the link is about, for its purpose. */
  data?: Record<string, string>;
  expiresAt: Date;
}

export type OneTimeLinks = ReturnType<typeof oneTimeLinks>;

export function oneTimeLinks(db: Db) {
  const links = db.collection<OneTimeLink>("links");
  const valid = (purpose: string, token: string) => ({
    _id: hashOf(token),
    purpose,
    // MongoDB deletes expired documents up to a minute late.
    expiresAt: { $gt: new Date() },
  });
  return {
    ensureIndexes: () =>
      Promise.all([
        links.createIndex({ accountId: 1, purpose: 1 }, { name: "account" }),
        ensureTtlIndex(db, links.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
      ]),

    /** Returns the token. */
    async issue({ ttlMs, ...link }: Pick<OneTimeLink, "purpose" | "accountId" | "data"> & { ttlMs: number }) {
      const token = randomText(32);
      await links.insertOne({ _id: hashOf(token), ...link, expiresAt: new Date(Date.now() + ttlMs) });
      return token;
    },

    /** Leaves the link valid. Null for a token that is unknown, used, expired or of another purpose. */
    find: (purpose: string, token: string) => links.findOne(valid(purpose, token)),

    /** Of several callers at once one gets the link, and the others null. */
    consume: (purpose: string, token: string) => links.findOneAndDelete(valid(purpose, token)),

    /** Ends the account's links of this purpose. */
    withdraw: (purpose: string, accountId: string) => links.deleteMany({ purpose, accountId }),
  };
}
