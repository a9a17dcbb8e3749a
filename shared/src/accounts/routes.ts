import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { withCaller } from "../auth/guard.ts";
import { accountIdOf } from "../auth/tokens.ts";
import { detailOf } from "../http/detail.ts";
import { Problem, problems } from "../http/problem.ts";
import { currentScope } from "../observe/request-scope.ts";
import { addressClassOf } from "../values/address-class.ts";
import type { ActingOptions } from "./acting.ts";
import type { ActivityLog } from "./activity/store.ts";
import type { CountSignIn } from "./measure-accounts.ts";
import { deviceOf } from "./own-sessions/device.ts";
import { sessionIdOf } from "./refresh-tokens.ts";
import { ChangePassword, RefreshToken, Session, SignIn } from "./schema.ts";
import { changePassword, refreshSession, revokeSession, type SessionDeps, signIn } from "./sessions.ts";

const detail = detailOf("sessions");

const ownerIn = (body: Record<string, unknown>, { field }: ActingOptions) => {
  const ownerId = body[field];
  return typeof ownerId === "string" ? ownerId : undefined;
};

function useOf({ headers }: Request) {
  const remoteAddress = currentScope()?.remoteAddress() ?? "";
  const device = deviceOf(headers.get("user-agent") ?? "");
  return { remoteAddress, addressClass: addressClassOf(remoteAddress), ...(device && { device }) };
}

/** `/v1/sessions` and, for accounts under `/v1/{plural}`, the change of password. */
export const sessionRoutes = (
  deps: SessionDeps & {
    plural: string;
    acting?: ActingOptions;
    activity: Pick<ActivityLog, "record">;
    countSignIn: CountSignIn;
  },
) => {
  const { acting } = deps;
  const sessionDeps = { ...deps, chooseOwner: acting?.choose };
  const granted = (acting?.session ?? Session) as typeof Session;
  return new Elysia({ name: "sessions" })
    .post(
      "/v1/sessions",
      async ({ body, request, status }) =>
        status(
          201,
          await deps.countSignIn(signIn(sessionDeps, body, useOf(request), acting && ownerIn(body, acting))),
        ),
      {
        body: (acting?.signIn ?? SignIn) as typeof SignIn,
        response: {
          201: granted,
          401: problems("INVALID_CREDENTIALS", "SECOND_FACTOR_REQUIRED", "INVALID_SECOND_FACTOR"),
          403: problems("EMAIL_NOT_VERIFIED", ...(acting?.refusals ?? [])),
          422: Problem,
          429: Problem,
        },
        detail: detail(
          "Sign in",
          "The access token is short-lived: send it as `Authorization: Bearer …`. The refresh token gets the next one. After several wrong passwords 429 says when to try again.",
        ),
      },
    )
    .post(
      "/v1/sessions/refresh",
      async ({ body, request, status }) => {
        const { remoteAddress: _, ...use } = useOf(request);
        return status(200, await refreshSession(sessionDeps, body.refreshToken, use));
      },
      {
        body: RefreshToken,
        response: { 200: granted, 401: problems("INVALID_REFRESH_TOKEN"), 422: Problem },
        detail: detail(
          "Exchange a refresh token for new tokens",
          "Each is valid once. A retry within 10 seconds gets the same successor. A later use ends the session: the token was copied.",
        ),
      },
    )
    .post(
      "/v1/sessions/revoke",
      async ({ body, status }) => {
        const ended = await revokeSession(deps, body.refreshToken);
        if (ended) {
          const { accountId, ownerId } = ended;
          const who = ownerId ? { ownerId, actorId: accountId } : { ownerId: accountId };
          await deps.activity.record({ ...who, action: "session.closed", subject: sessionIdOf(ended._id) });
        }
        return status(204, undefined);
      },
      {
        body: RefreshToken,
        response: { 204: Type.Void(), 422: Problem },
        detail: detail(
          "Sign out",
          "Ends the access tokens of the session, too, within a minute in all services.",
        ),
      },
    )
    .use(
      new Elysia().use(withCaller()).post(
        `/v1/${deps.plural}/me/password`,
        async ({ body, caller, status }) => {
          await changePassword(deps, accountIdOf(caller), body);
          return status(204, undefined);
        },
        {
          body: ChangePassword,
          response: {
            204: Type.Void(),
            401: problems("INVALID_CREDENTIALS"),
            422: problems("SAME_PASSWORD", "PASSWORD_EASY_TO_GUESS"),
            429: Problem,
          },
          detail: detail(
            "Change the password, which ends all sessions",
            "Needs the current password. Sign in again afterwards: the session of this request ends, too. Wrong current passwords count like wrong sign-ins: after several of them 429 says when to try again.",
          ),
        },
      ),
    );
};
