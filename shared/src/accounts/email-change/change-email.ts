// An account gets another address once links to both were opened: the new one proves its owner, and the old one keeps a
// stolen session from taking the account away. The change is void when password or address have changed since it was asked for.
import type { Db } from "mongodb";
import { ensureTtlIndex } from "../../storage/mongo.ts";
import { unprocessable } from "../../values/errors.ts";
import { newId } from "../../values/id.ts";
import type { ActivityLog } from "../activity/store.ts";
import { credentialsOf, invalidLink, type MailLinks } from "../links/mail-links.ts";
import { requirePassword, type SessionDeps } from "../sessions.ts";
import { normaliseEmail } from "../store.ts";

interface EmailChange {
  /** The account: a later request replaces an earlier one. */
  _id: string;
  changeId: string;
  newEmail: string;
  credentials: string;
  /** The sides whose link was opened. */
  confirmed: string[];
  expiresAt: Date;
}

export interface EmailChangeDeps extends Pick<SessionDeps, "accounts" | "signInLimits"> {
  activity: Pick<ActivityLog, "record">;
  mailLinks: MailLinks;
  changes: EmailChangeStore;
}

const TTL_MS = 24 * 3_600_000;
const PURPOSE = "email-change";
const SIDES = ["old", "new"];

export type EmailChangeStore = ReturnType<typeof emailChangeStore>;

export function emailChangeStore(db: Db) {
  const changes = db.collection<EmailChange>("email-changes");
  return {
    ensureIndexes: () =>
      ensureTtlIndex(db, changes.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),
    replace: ({ _id, ...change }: EmailChange) => changes.replaceOne({ _id }, change, { upsert: true }),
    /** Returns null when it was replaced, has expired or was carried out. */
    confirm: (accountId: string, changeId: string, side: string) =>
      changes.findOneAndUpdate(
        { _id: accountId, changeId, expiresAt: { $gt: new Date() } },
        { $addToSet: { confirmed: side } },
        { returnDocument: "after" },
      ),
    remove: (accountId: string, changeId: string) => changes.deleteOne({ _id: accountId, changeId }),
  };
}

/** Mails a link to both addresses. A new address that is taken gets a mail that says so, and the answer does not tell.
 * Throws 401 for a wrong password, 422 for the account's own address, 429 after too many requests, and 503 without a mail
 * server. */
export async function requestEmailChange(
  deps: EmailChangeDeps,
  accountId: string,
  request: { newEmail: string; currentPassword: string },
): Promise<void> {
  const { accounts, changes, mailLinks } = deps;
  const { links, mailer, mayReceive, countRequest } = mailLinks;
  await countRequest();
  const account = await requirePassword(deps, accountId, request.currentPassword);
  const newEmail = normaliseEmail(request.newEmail);
  if (newEmail === account.email)
    throw unprocessable("SAME_EMAIL", "The account has this address already.", {
      details: [{ pointer: "/newEmail", detail: "Another address than the account's" }],
    });
  const [changeId, credentials] = [newId("chg"), credentialsOf(account)];
  const expiresAt = new Date(Date.now() + TTL_MS);
  await changes.replace({ _id: accountId, changeId, newEmail, credentials, confirmed: [], expiresAt });

  const linkMail = async (to: string, side: string, what: string) => {
    if (!(await mayReceive(PURPOSE, to))) return undefined;
    const data = { changeId, side };
    const token = await links.issue({ purpose: PURPOSE, accountId, data, ttlMs: TTL_MS });
    return {
      to,
      subject: "Confirm the change of your email address",
      text: [
        `${what} If it was you, open this link within a day, and the one in the mail to the other address:`,
        mailer.linkTo("confirm-email-change", token),
        "If it was not you, do not open it: the account keeps its address.",
      ].join("\n\n"),
    };
  };
  mailer.send(() =>
    linkMail(account.email, "old", "Somebody asked for another email address for the account with this one."),
  );
  mailer.send(async () => {
    if (await accounts.findByEmail(newEmail)) {
      if (!(await mayReceive(PURPOSE, newEmail))) return undefined;
      return {
        to: newEmail,
        subject: "You already have an account",
        text: "Somebody asked to use this address for another account. It has an account already, so nothing changes. If it was you, sign in to that one.",
      };
    }
    return linkMail(newEmail, "new", "Somebody asked to use this address for their account.");
  });
}

/** Returns whether the account has the new address now: with the second of both links. Throws 422 for a link that is not
 * valid, and 409 when another account has got the new address meanwhile. */
export async function confirmEmailChange(
  { accounts, activity, changes, mailLinks: { links } }: EmailChangeDeps,
  token: string,
): Promise<boolean> {
  const link = await links.find(PURPOSE, token);
  const { changeId = "", side = "" } = link?.data ?? {};
  const change = link && (await changes.confirm(link.accountId, changeId, side));
  if (!change) throw invalidLink();
  if (!SIDES.every((one) => change.confirmed.includes(one))) {
    await links.consume(PURPOSE, token);
    return false;
  }
  const account = await accounts.findById(change._id);
  const isCurrent = account && credentialsOf(account) === change.credentials;
  const changed = isCurrent && (await accounts.changeEmail(account, change.newEmail));
  await changes.remove(change._id, changeId);
  await links.withdraw(PURPOSE, change._id);
  if (!changed) throw invalidLink();
  await activity.record({ ownerId: change._id, action: "email.changed" });
  return true;
}
