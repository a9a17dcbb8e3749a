import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import { CHECK_MAIL } from "../links/mail-links.ts";
import { ChangeEmail, CheckMail, ConfirmLink, EmailChanged } from "../schema.ts";
import { confirmEmailChange, type EmailChangeDeps, requestEmailChange } from "./change-email.ts";

const detail = detailOf("accounts");

export const emailChangeRoutes = ({ plural, ...deps }: EmailChangeDeps & { plural: string }) =>
  new Elysia({ name: "email-changes" })
    .post(
      "/v1/email-changes/confirm",
      async ({ body, status }) => status(200, { changed: await confirmEmailChange(deps, body.token) }),
      {
        body: ConfirmLink,
        response: { 200: EmailChanged, 409: problems("EMAIL_TAKEN"), 422: problems("INVALID_LINK") },
        detail: detail(
          "Confirm a change of email address with the token of one of its two links",
          "Needs no session. `changed` is false with the first link that is opened and true with the second. Each link is valid for a day; a change of the password and a later request end both.",
        ),
      },
    )
    .use(withCaller())
    .post(
      `/v1/${plural}/me/email`,
      async ({ body, caller, status }) => {
        await requestEmailChange(deps, accountIdOf(caller), body);
        return status(202, CHECK_MAIL);
      },
      {
        body: ChangeEmail,
        response: {
          202: CheckMail,
          401: problems("INVALID_CREDENTIALS"),
          422: problems("SAME_EMAIL"),
          429: Problem,
          503: problems("MAIL_NOT_CONFIGURED"),
        },
        detail: detail(
          "Ask for another email address; links to the old and the new one must both be opened",
          "Needs the current password. Until both links were opened the account keeps its address. The answer is the same for an address that has an account, which gets a mail that says so. A later request replaces this one.",
        ),
      },
    );
