// The second factor of an account is one document, so that each code is used up by one conditional update.
import type { Db } from "mongodb";
import { duplicateKeyOf } from "../../storage/mongo.ts";
import { conflict } from "../../values/errors.ts";

export interface SecondFactor {
  /** The account. */
  _id: string;
  /** Until a code has confirmed it. Both secrets are sealed text. */
  pendingSecret?: string;
  secret?: string;
  /** The time step of the last accepted code. */
  lastStep?: number;
  /** Hashes. */
  recoveryCodes?: string[];
}

export const isOnAlready = () =>
  conflict("SECOND_FACTOR_ON", "The account has a second factor already. Turn it off first.");

export type SecondFactorStore = ReturnType<typeof secondFactorStore>;

export function secondFactorStore(db: Db) {
  const factors = db.collection<SecondFactor>("second-factors");
  const off = { secret: { $exists: false } };
  return {
    find: (accountId: string) => factors.findOne({ _id: accountId }),

    /** Those of the accounts whose second factor is on. */
    async having(accountIds: string[]): Promise<string[]> {
      const found = factors.find({ _id: { $in: accountIds }, secret: { $exists: true } });
      return (await found.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id);
    },

    /** A later secret replaces an earlier one. Throws 409 when the second factor is on. */
    async begin(accountId: string, pendingSecret: string): Promise<void> {
      const update = { $set: { pendingSecret } };
      try {
        await factors.updateOne({ _id: accountId, ...off }, update, { upsert: true });
      } catch (error) {
        throw duplicateKeyOf(error) === undefined ? error : isOnAlready();
      }
    },

    /** Returns false when the secret is no longer the pending one. */
    async turnOn(accountId: string, secret: string, lastStep: number, recoveryCodes: string[]) {
      const { matchedCount } = await factors.updateOne(
        { _id: accountId, pendingSecret: secret, ...off },
        { $set: { secret, lastStep, recoveryCodes }, $unset: { pendingSecret: "" } },
      );
      return matchedCount === 1;
    },

    /** Stores the secret as `renewed`. Returns false when a code of this step or a later one was accepted before. */
    async useStep(accountId: string, secret: string, step: number, renewed = secret): Promise<boolean> {
      const filter = { _id: accountId, secret, lastStep: { $lt: step } };
      const update = { $set: { lastStep: step, secret: renewed } };
      return (await factors.updateOne(filter, update)).matchedCount === 1;
    },

    /** Returns false when there is no such code, or no longer. */
    async useRecoveryCode(accountId: string, hash: string): Promise<boolean> {
      const filter = { _id: accountId, recoveryCodes: hash };
      return (await factors.updateOne(filter, { $pull: { recoveryCodes: hash } })).matchedCount === 1;
    },

    turnOff: (accountId: string) => factors.deleteOne({ _id: accountId }),
  };
}
