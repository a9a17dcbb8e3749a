// The accounts of people who work in restaurants. Until this collection existed a restaurant's document was the account: its
// `passwordHash` says that its owner has not been moved here yet, and is then the only one that counts.
import type { SessionStoreOptions } from "@food/shared/accounts/session-store";
import {
  type Account,
  type AccountStore,
  accountStore,
  insertAccount,
  normaliseEmail,
  orEmailTaken,
} from "@food/shared/accounts/store";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { unavailable } from "@food/shared/values/errors";
import type { Db } from "mongodb";
import type { RestaurantDocument } from "../restaurants/store.ts";
import { newTeam } from "../staff/team.ts";
import { foundedBy, founderOf } from "./founder.ts";

export interface PersonDocument extends Account {
  createdAt: Date;
  /** While the person's restaurant is deleted (remove-person.ts). */
  leaving?: string;
}

export type PeopleStore = ReturnType<typeof peopleStore>;

/** Each failed try is a change that another request made. */
const TRIES_MAX = 20;

export function peopleStore(db: Db, options: SessionStoreOptions) {
  const people = db.collection<PersonDocument>("staff");
  const restaurants = db.collection<RestaurantDocument>("restaurants");
  const base = accountStore(people, db, options);

  /** Returns false when the restaurant's password has changed meanwhile. */
  async function copyOwner(restaurantId: string): Promise<boolean> {
    const staffId = founderOf(restaurantId);
    // Read before the restaurant: a person whose move has ended may have changed the password since.
    const person = await people.findOne({ _id: staffId });
    const old = await restaurants.findOne({ _id: restaurantId, passwordHash: { $exists: true } });
    if (old?.passwordHash === undefined) return true;
    const { email, passwordHash, createdAt } = old;
    if (!person) await people.insertOne({ _id: staffId, email, passwordHash, createdAt });
    else if (person.passwordHash !== passwordHash) {
      const copy = { _id: staffId, passwordHash: person.passwordHash };
      if ((await people.updateOne(copy, { $set: { passwordHash } })).matchedCount === 0) return false;
    }
    // Also before the last write, after which nothing moves the sessions again.
    await base.assignSessions(restaurantId, staffId);
    const { matchedCount } = await restaurants.updateOne(
      { _id: restaurantId, passwordHash },
      { $set: { team: newTeam(staffId, createdAt) }, $unset: { passwordHash: "" } },
    );
    await base.assignSessions(restaurantId, staffId);
    return matchedCount === 1;
  }

  async function moveOwner(restaurantId: string): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++)
      try {
        if (await copyOwner(restaurantId)) return;
      } catch (error) {
        if (duplicateKeyOf(error) !== "_id_") throw error;
      }
    throw unavailable("OVERLOADED", "Other requests changed the account at the same time. Try again.");
  }

  const accounts: AccountStore = {
    ...base,
    async findByEmail(email) {
      const old = await restaurants.findOne(
        { email: normaliseEmail(email), passwordHash: { $exists: true } },
        { projection: { _id: 1 } },
      );
      if (old) await moveOwner(old._id);
      return base.findByEmail(email);
    },
    async findById(staffId) {
      const found = await base.findById(staffId);
      if (found) return found;
      await moveOwner(foundedBy(staffId));
      return base.findById(staffId);
    },
  };

  return {
    accounts,
    moveOwner,

    /** Throws 409 when the email address has an account already. */
    add: (person: PersonDocument) => insertAccount(people, person),

    async markLeaving(staffId: string, mark: string): Promise<void> {
      await people.updateOne({ _id: staffId }, { $set: { leaving: mark } });
    },
    /** False when somebody has taken the mark away. */
    removeLeaving: async (staffId: string, mark: string): Promise<boolean> =>
      (await people.deleteOne({ _id: staffId, leaving: mark })).deletedCount === 1,

    /** For a person who has joined a restaurant. Throws 409 when the person was removed meanwhile, and the email address has
     * another account. */
    async keep({ _id, email, passwordHash, name }: Account): Promise<void> {
      const person = { email, passwordHash, ...(name !== undefined && { name }), createdAt: new Date() };
      const update = { $unset: { leaving: "" as const }, $setOnInsert: person };
      await orEmailTaken(() => people.updateOne({ _id }, update, { upsert: true }));
    },

    findMany: (staffIds: string[]) =>
      people
        .find({ _id: { $in: staffIds } })
        .project<Pick<PersonDocument, "_id" | "email" | "name">>({ email: 1, name: 1 })
        .toArray(),
  };
}
