import type { TObject } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import { CHECK_MAIL, MAILS_PER_HOUR } from "../links/mail-links.ts";
import { CheckMail, ConfirmSignUp, ForAddress } from "../schema.ts";
import type { PendingSignUps, SignUpBody } from "./pending-sign-ups.ts";

const detail = detailOf("accounts");

/** `Profile` is the answer of a sign-up. */
export const emailVerificationRoutes = (
  signUps: Pick<PendingSignUps<SignUpBody, Record<string, unknown>>, "sendAgain" | "confirm">,
  Profile: TObject,
) =>
  new Elysia({ name: "email-verifications" })
    .post(
      "/v1/email-verifications",
      async ({ body, status }) => {
        await signUps.sendAgain(body.email);
        return status(202, CHECK_MAIL);
      },
      {
        body: ForAddress,
        response: { 202: CheckMail, 422: Problem, 429: Problem, 503: problems("MAIL_NOT_CONFIGURED") },
        detail: detail(
          "Ask for another link to confirm a sign-up; the answer is the same for an unknown address",
          `The link is valid until a day after the sign-up; earlier links stay valid. One address gets at most ${MAILS_PER_HOUR} such mails an hour; no more are sent, and the answer stays the same.`,
        ),
      },
    )
    .post(
      "/v1/email-verifications/confirm",
      async ({ body, status }) => status(201, await signUps.confirm(body)),
      {
        body: ConfirmSignUp,
        response: {
          201: Profile,
          401: problems("INVALID_CREDENTIALS"),
          409: problems("EMAIL_TAKEN"),
          422: problems("INVALID_LINK"),
          429: Problem,
        },
        detail: detail(
          "Confirm a sign-up with the token of its link and its password, which makes the account",
          "The password keeps a person who opens another person's link from making that account. A wrong one leaves the link valid; after several tries 429 says when to try again. Then sign in with `POST /v1/sessions`.",
        ),
      },
    );
