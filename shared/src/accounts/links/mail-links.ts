// What every route has that sends a link by mail.
import type { Mailer } from "../../mail/mailer.ts";
import { currentScope } from "../../observe/request-scope.ts";
import { rateLimit } from "../../storage/rate-limit.ts";
import type { Redis } from "../../storage/redis.ts";
import { AppError, unprocessable } from "../../values/errors.ts";
import { hashOf } from "../refresh-tokens.ts";
import type { CheckMail } from "../schema.ts";
import { type Account, normaliseEmail } from "../store.ts";
import type { OneTimeLinks } from "./one-time-links.ts";

export const CHECK_MAIL: CheckMail = { next: "check_mail" };

/** Links in an hour to one recipient for one purpose. More are not sent, and the answer does not tell: the recipient has
 * these, and each is valid for at least an hour. */
export const MAILS_PER_HOUR = 5;
/** Requests for links in an hour from one client address. */
export const REQUESTS_PER_HOUR = 60;

const NO_MAIL_RETRY_SECONDS = 3_600;

/** Throws 503 without a mail server. */
export function requireMail({ isConfigured }: Mailer): void {
  if (!isConfigured)
    throw new AppError(503, "MAIL_NOT_CONFIGURED", "This service sends no mail. Ask its operator.", {
      retryAfterSeconds: NO_MAIL_RETRY_SECONDS,
    });
}

/** Changes with the address and with the password of the account. */
export const credentialsOf = ({ email, passwordHash }: Account) => hashOf(`${email}\n${passwordHash}`);

/** The same for a link that is unknown, used, expired or replaced. */
export const invalidLink = () =>
  unprocessable("INVALID_LINK", "The link is no longer valid. Ask for a new one.", {
    details: [{ pointer: "/token", detail: "The token of a link that is unused and not expired" }],
  });

export interface MailLinks {
  mailer: Mailer;
  links: OneTimeLinks;
  /** Counts a request of this client address. Throws 429 after too many, and 503 without a mail server. */
  countRequest: () => Promise<void>;
  /** Counts a mail to this recipient. False after too many. */
  mayReceive: (purpose: string, to: string) => Promise<boolean>;
}

export function mailLinks(deps: {
  mailer: Mailer;
  links: OneTimeLinks;
  redis: Redis;
  name: string;
}): MailLinks {
  const { mailer, links, redis, name } = deps;
  const windowMs = 3_600_000;
  const perAddress = rateLimit(redis, `mail-requests:${name}`, { max: REQUESTS_PER_HOUR, windowMs });
  const perRecipient = rateLimit(redis, `mails:${name}`, { max: MAILS_PER_HOUR, windowMs });
  return {
    mailer,
    links,
    async countRequest() {
      requireMail(mailer);
      await perAddress.take(currentScope()?.remoteAddress() ?? "");
    },
    mayReceive: (purpose, to) =>
      perRecipient.take(`${purpose}:${hashOf(normaliseEmail(to))}`).then(
        () => true,
        () => false,
      ),
  };
}
