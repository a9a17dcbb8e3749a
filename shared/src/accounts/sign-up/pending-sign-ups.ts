// With EMAIL_VERIFICATION=required a sign-up is kept as a request until its address is confirmed. Only then is there an
// account. So a sign-up does not block the address of another person, and neither answer nor time tells whether an address is taken.
// Confirming takes the link and the password: a person who opens the link of another person's sign-up makes no account.
import type { Db } from "mongodb";
import { ensureTtlIndex } from "../../storage/mongo.ts";
import { rateLimit } from "../../storage/rate-limit.ts";
import type { Redis } from "../../storage/redis.ts";
import { newId } from "../../values/id.ts";
import type { CountSignUp } from "../limits.ts";
import { invalidLink, type MailLinks } from "../links/mail-links.ts";
import { hashNewPassword } from "../new-password.ts";
import { isPassword } from "../passwords.ts";
import { badCredentials } from "../sessions.ts";
import { normaliseEmail } from "../store.ts";

interface PendingSignUp {
  _id: string;
  email: string;
  passwordHash: string;
  /** The request without its password, as JSON. */
  profile: string;
  expiresAt: Date;
}

export interface SignUpBody {
  email: string;
  name?: string;
  password: string;
}

export interface SignUpDeps<B extends SignUpBody, P> {
  name: string;
  db: Db;
  redis: Redis;
  mailLinks: MailLinks;
  isRequired: boolean;
  /** Whether `register` would find an account with this address. */
  isTaken: (email: string) => Promise<boolean>;
  /** Stores the account. Throws 409 when the address has one. */
  register: (body: B) => Promise<P>;
  countSignUp: CountSignUp;
}

export const SIGN_UP_TTL_MS = 24 * 3_600_000;
const TRIES = { max: 10, windowMs: 15 * 60_000 };
const PURPOSE = "sign-up";

export type PendingSignUps<B extends SignUpBody, P> = ReturnType<typeof pendingSignUps<B, P>>;

export function pendingSignUps<B extends SignUpBody, P>(deps: SignUpDeps<B, P>) {
  const { name, db, redis, isRequired, isTaken, register, countSignUp } = deps;
  const { mailer, links, mayReceive, countRequest } = deps.mailLinks;
  const pending = db.collection<PendingSignUp>("sign-ups");
  const tries = rateLimit(redis, `sign-up-confirm:${name}`, TRIES);

  async function linkMail({ _id, email }: PendingSignUp) {
    const token = await links.issue({ purpose: PURPOSE, accountId: _id, ttlMs: SIGN_UP_TTL_MS });
    return {
      to: email,
      subject: "Confirm your email address",
      text: [
        "Somebody signed up with this address. If it was you, open this link within a day and enter your password:",
        mailer.linkTo("confirm-email", token),
        "If it was not you, do nothing: there is no account yet.",
      ].join("\n\n"),
    };
  }

  const takenMail = (to: string) => ({
    to,
    subject: "You already have an account",
    text: "Somebody signed up with this address, which has an account already. If it was you, sign in, or set a new password if you forgot it. If it was not you, do nothing.",
  });

  /** Keeps the request and mails a link. The same for an address that is taken, which gets another mail. */
  async function hold({ password, ...profile }: B): Promise<void> {
    const signUp = {
      _id: newId("sgn"),
      email: normaliseEmail(profile.email),
      passwordHash: await hashNewPassword(password, profile),
      profile: JSON.stringify(profile),
      expiresAt: new Date(Date.now() + SIGN_UP_TTL_MS),
    };
    await pending.insertOne(signUp);
    mailer.send(async () => {
      if (!(await mayReceive(PURPOSE, signUp.email))) return undefined;
      return (await isTaken(signUp.email)) ? takenMail(signUp.email) : linkMail(signUp);
    });
  }

  return {
    /** Returns the account, or undefined when its address must be confirmed first. Throws 409 when the address has an
     * account, but not when it must be confirmed; 422 when the password is easy to guess; 429 after too many sign-ups. */
    async signUp(body: B): Promise<P | undefined> {
      await countSignUp();
      if (!isRequired) return register(body);
      await hold(body);
      return undefined;
    },

    ensureIndexes: () =>
      Promise.all([
        pending.createIndex({ email: 1, _id: -1 }, { name: "email" }),
        ensureTtlIndex(db, pending.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
      ]),

    /** The newest request with this address, while it has not been confirmed. */
    findByEmail: (email: string) =>
      pending.findOne(
        { email: normaliseEmail(email), expiresAt: { $gt: new Date() } },
        { sort: { _id: -1 } },
      ),

    /** Mails another link, if there is a request to confirm. Finds that out after the response. */
    async sendAgain(email: string): Promise<void> {
      await countRequest();
      mailer.send(async () => {
        const signUp = await this.findByEmail(email);
        if (!signUp || (await isTaken(signUp.email))) return undefined;
        return (await mayReceive(PURPOSE, signUp.email)) ? linkMail(signUp) : undefined;
      });
    },

    /** Makes the account. Throws 422 for a link that is not valid, 401 for a wrong password, 429 after ten tries, and 409
     * when the address has got an account meanwhile. The link stays valid unless there is an account. */
    async confirm({ token, password }: { token: string; password: string }): Promise<P> {
      const link = await links.find(PURPOSE, token);
      const signUp = link && (await pending.findOne({ _id: link.accountId }));
      if (!signUp) throw invalidLink();
      await tries.take(signUp._id);
      if (!(await isPassword(password, signUp.passwordHash))) throw badCredentials();
      const account = await register({ ...JSON.parse(signUp.profile), password });
      // All requests with this address are settled.
      await pending.deleteMany({ email: signUp.email });
      await links.withdraw(PURPOSE, signUp._id);
      return account;
    },
  };
}
