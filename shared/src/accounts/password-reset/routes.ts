import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import { CHECK_MAIL, MAILS_PER_HOUR } from "../links/mail-links.ts";
import { CheckMail, ForAddress, ResetPassword } from "../schema.ts";
import { type ResetDeps, requestReset, resetPassword } from "./reset-password.ts";

const detail = detailOf("accounts");

export const passwordResetRoutes = (deps: ResetDeps) =>
  new Elysia({ name: "password-resets" })
    .post(
      "/v1/password-resets",
      async ({ body, status }) => {
        await requestReset(deps, body.email);
        return status(202, CHECK_MAIL);
      },
      {
        body: ForAddress,
        response: { 202: CheckMail, 422: Problem, 429: Problem, 503: problems("MAIL_NOT_CONFIGURED") },
        detail: detail(
          "Ask for a link to set a new password; the answer is the same for an unknown address",
          `The link is valid for an hour and works once. A change of the password or of the email address ends it. One address gets at most ${MAILS_PER_HOUR} such mails an hour; no more are sent, and the answer stays the same.`,
        ),
      },
    )
    .post(
      "/v1/password-resets/confirm",
      async ({ body, status }) => {
        await resetPassword(deps, body);
        return status(204, undefined);
      },
      {
        body: ResetPassword,
        response: { 204: Type.Void(), 422: problems("INVALID_LINK", "PASSWORD_EASY_TO_GUESS") },
        detail: detail(
          "Set a new password with the token of a link, which ends all sessions",
          "A second factor stays on. A password that is refused leaves the link valid. The account gets a mail that its password was changed.",
        ),
      },
    );
