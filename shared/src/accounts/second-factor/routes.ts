import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import {
  BeginSecondFactor,
  ConfirmSecondFactor,
  DisableSecondFactor,
  RecoveryCodes,
  SecondFactorSecret,
  SecondFactorState,
} from "../schema.ts";
import { CODE_TRIES, CODE_TRIES_A_DAY, type SecondFactors } from "./second-factor.ts";

const detail = detailOf("accounts");
const refusals = {
  401: problems("INVALID_CREDENTIALS", "INVALID_SECOND_FACTOR", "SECOND_FACTOR_REQUIRED"),
  422: Problem,
  429: Problem,
};

export interface SecondFactorRouteOptions {
  plural: string;
  /** Whether somebody may require it of an account. */
  mayBeRequired: boolean;
}

export const secondFactorRoutes = (
  factors: SecondFactors,
  { plural, mayBeRequired }: SecondFactorRouteOptions,
) => {
  const path = `/v1/${plural}/me/second-factor`;
  return new Elysia({ name: "second-factor" })
    .use(withCaller())
    .get(path, async ({ caller, status }) => status(200, await factors.state(accountIdOf(caller))), {
      response: { 200: SecondFactorState },
      detail: detail(
        "Whether signing in needs a second factor",
        "`recoveryCodesLeft` counts the recovery codes that are not used.",
      ),
    })
    .post(
      path,
      async ({ body, caller, status }) =>
        status(201, await factors.begin(accountIdOf(caller), body.currentPassword)),
      {
        body: BeginSecondFactor,
        response: { 201: SecondFactorSecret, 409: problems("SECOND_FACTOR_ON"), ...refusals },
        detail: detail(
          "Get a secret for an authenticator app; it counts once a code has confirmed it",
          "Needs the current password. Show `uri` as a QR code. Asking again replaces a secret that no code has confirmed. 409 while a second factor is on: turn it off first.",
        ),
      },
    )
    .post(
      `${path}/confirm`,
      async ({ body, caller, status }) =>
        status(200, {
          recoveryCodes: await factors.confirm(accountIdOf(caller), body.code, caller.sessionId),
        }),
      {
        body: ConfirmSecondFactor,
        response: {
          200: RecoveryCodes,
          409: problems("SECOND_FACTOR_ON", "SECOND_FACTOR_NOT_BEGUN"),
          ...refusals,
        },
        detail: detail(
          "Turn the second factor on; the recovery codes are shown this once",
          `From now on signing in needs a code of the app or a recovery code; each works once. Open sessions go on. After ${CODE_TRIES.max} wrong codes in 15 minutes, or ${CODE_TRIES_A_DAY.max} in a day, 429 says when to try again.`,
        ),
      },
    )
    .post(
      `${path}/disable`,
      async ({ body, caller, status }) => {
        await factors.turnOff(accountIdOf(caller), body);
        return status(204, undefined);
      },
      {
        body: DisableSecondFactor,
        response: {
          204: Type.Void(),
          ...(mayBeRequired && { 409: problems("SECOND_FACTOR_NEEDED") }),
          ...refusals,
        },
        detail: detail(
          "Turn the second factor off",
          `Needs the current password and a code of the app or a recovery code. The recovery codes end, too. Open sessions go on.${mayBeRequired ? " 409 while it is required of the account." : ""}`,
        ),
      },
    );
};
