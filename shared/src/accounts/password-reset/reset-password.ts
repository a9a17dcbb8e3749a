// Who forgot the password gets a link by mail. The link is valid only while the account has the password and the address
// that it had, so a change of either ends all earlier links.

import type { ActivityLog } from "../activity/store.ts";
import { credentialsOf, invalidLink, type MailLinks } from "../links/mail-links.ts";
import { hashNewPassword } from "../new-password.ts";
import { replacePassword } from "../sessions.ts";
import type { AccountStore } from "../store.ts";

export interface ResetDeps {
  accounts: AccountStore;
  activity: Pick<ActivityLog, "record">;
  mailLinks: MailLinks;
}

export const RESET_TTL_MS = 3_600_000;
const PURPOSE = "password-reset";

/** Finds out after the response whether the address has an account, so that neither answer nor time tells. Throws 429
 * after too many requests of this client, and 503 without a mail server. */
export async function requestReset({ accounts, mailLinks }: ResetDeps, email: string): Promise<void> {
  await mailLinks.countRequest();
  const { links, mailer, mayReceive } = mailLinks;
  mailer.send(async () => {
    const account = await accounts.findByEmail(email);
    if (!account || !(await mayReceive(PURPOSE, account.email))) return undefined;
    const { _id: accountId } = account;
    const data = { credentials: credentialsOf(account) };
    const token = await links.issue({ purpose: PURPOSE, accountId, data, ttlMs: RESET_TTL_MS });
    return {
      to: account.email,
      subject: "Set a new password",
      text: [
        "Somebody asked for a new password for the account with this address. If it was you, open this link within an hour:",
        mailer.linkTo("reset-password", token),
        "If it was not you, do nothing: the password stays as it is.",
      ].join("\n\n"),
    };
  });
}

/** Ends all sessions. Throws 422 for a link that is not valid
 * and for a password that is easy to guess. */
export async function resetPassword(
  { accounts, activity, mailLinks: { links, mailer } }: ResetDeps,
  { token, newPassword }: { token: string; newPassword: string },
): Promise<void> {
  const link = await links.find(PURPOSE, token);
  const account = link && (await accounts.findById(link.accountId));
  if (!account || link.data?.credentials !== credentialsOf(account)) throw invalidLink();
  const passwordHash = await hashNewPassword(newPassword, account, "/newPassword");
  if (!(await links.consume(PURPOSE, token))) throw invalidLink();
  if (!(await replacePassword(accounts, account, passwordHash))) throw invalidLink();
  await activity.record({ ownerId: account._id, action: "password.reset" });
  mailer.send({
    to: account.email,
    subject: "Your password was changed",
    text: "The password of your account was changed through a link in a mail, and all sessions were ended. If it was not you, ask for a new password at once.",
  });
}
