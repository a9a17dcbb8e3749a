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
import type { SecondFactors } from "./second-factor.ts";

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
      detail: detail("Whether signing in needs a second factor"),
    })
    .post(
      path,
      async ({ body, caller, status }) =>
        status(201, await factors.begin(accountIdOf(caller), body.currentPassword)),
      {
        body: BeginSecondFactor,
        response: { 201: SecondFactorSecret, 409: problems("SECOND_FACTOR_ON"), ...refusals },
        detail: detail("Get a secret for an authenticator app; it counts once a code has confirmed it"),
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
        detail: detail("Turn the second factor on; the recovery codes are shown this once"),
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
        detail: detail("Turn the second factor off"),
      },
    );
};
