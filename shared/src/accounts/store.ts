// An account is a document with an email and a password hash.
import type { Collection, Db, Filter, OptionalUnlessRequiredId } from "mongodb";
import { duplicateKeyOf } from "../storage/mongo.ts";
import type { Shards } from "../storage/sharding/shards.ts";
import { conflict } from "../values/errors.ts";
import { type SessionStoreOptions, sessionStore } from "./session-store.ts";

export interface Account {
  _id: string;
  /** Lower case, so that each address has one account. */
  email: string;
  passwordHash: string;
  name?: string;
}

export const normaliseEmail = (email: string) => email.trim().toLowerCase();

const ACCOUNT = { email: 1, passwordHash: 1, name: 1 };
const EMAIL_INDEX = "email";

export const emailTaken = () => conflict("EMAIL_TAKEN", "This email address already has an account.");

/** Stores a new account. Throws 409 when the email address has one already. */
export async function insertAccount<A extends Account>(accounts: Collection<A>, account: A): Promise<A> {
  const stored = { ...account, email: normaliseEmail(account.email) };
  await orEmailTaken(() => accounts.insertOne(stored as OptionalUnlessRequiredId<A>));
  return stored;
}

/** Writes an account. Throws 409 when another one has its email address. */
export async function orEmailTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw duplicateKeyOf(error) === EMAIL_INDEX ? emailTaken() : error;
  }
}

export type AccountStore = ReturnType<typeof accountStore>;

/** Accounts, and their sessions in the same database. */
export function accountStore<A extends Account>(
  accounts: Collection<A>,
  db: Db,
  options: SessionStoreOptions,
) {
  const sessions = sessionStore(db, options);
  const byId = (accountId: string) => ({ _id: accountId }) as Filter<A>;
  return {
    ...sessions,

    ensureIndexes: () =>
      Promise.all([
        accounts.createIndex({ email: 1 }, { unique: true, name: EMAIL_INDEX }),
        sessions.ensureIndexes(),
      ]),

    async findByEmail(email: string): Promise<Account | null> {
      const filter = { email: normaliseEmail(email) } as Filter<A>;
      return accounts.findOne<Account>(filter, { projection: ACCOUNT });
    },

    findById: (accountId: string): Promise<Account | null> =>
      accounts.findOne<Account>(byId(accountId), { projection: ACCOUNT }),

    /** Returns false when email or password have changed since `account` was read. Throws 409 when the new address has an
     * account. */
    async changeEmail({ _id, email, passwordHash }: Account, toEmail: string): Promise<boolean> {
      const filter = { ...byId(_id), email, passwordHash } as Filter<A>;
      const update = { $set: { email: normaliseEmail(toEmail) } as never };
      return (await orEmailTaken(() => accounts.updateOne(filter, update))).matchedCount === 1;
    },

    /** Returns false when the password has changed since `fromHash` was read. */
    async changePassword(accountId: string, fromHash: string, toHash: string): Promise<boolean> {
      const filter = { ...byId(accountId), passwordHash: fromHash } as Filter<A>;
      const { matchedCount } = await accounts.updateOne(filter, { $set: { passwordHash: toHash } as never });
      return matchedCount === 1;
    },
  };
}

const STAYS = "people who sign in: millions fit one server";

/** The collections of every service with accounts. */
export const ACCOUNT_SHARDS: Shards = [
  { collection: "activity", key: "ownerId" },
  { collection: "sessions", stays: STAYS },
  { collection: "links", stays: STAYS },
  { collection: "sign-ups", stays: STAYS },
  { collection: "email-changes", stays: STAYS },
  { collection: "second-factors", stays: STAYS },
];
