import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { authenticated } from "../auth/authenticated.ts";
import type { VerifyToken } from "../auth/tokens.ts";
import { Problem } from "../http/problem.ts";
import { currentScope } from "../observe/request-scope.ts";
import { ChangePassword, RefreshToken, Session, SignIn } from "./schema.ts";
import { changePassword, refreshSession, revokeSession, type SessionDeps, signIn } from "./sessions.ts";

const detail = (summary: string) => ({ tags: ["sessions"], summary });

/** `/v1/sessions` and, for accounts under `/v1/{plural}`, the change of password. */
export const sessionRoutes = (
  deps: SessionDeps & {
    verifyToken: VerifyToken;
    plural: string;
    /** Whether other services call this one: only their role can get 403. */
    servicesCall: boolean;
  },
) =>
  new Elysia({ name: "sessions" })
    .post(
      "/v1/sessions",
      async ({ body, status }) =>
        status(201, await signIn(deps, body, currentScope()?.remoteAddress() ?? "")),
      {
        body: SignIn,
        response: { 201: Session, 401: Problem, 422: Problem, 429: Problem },
        detail: detail("Sign in"),
      },
    )
    .post(
      "/v1/sessions/refresh",
      async ({ body, status }) => status(200, await refreshSession(deps, body.refreshToken)),
      {
        body: RefreshToken,
        response: { 200: Session, 401: Problem, 422: Problem },
        detail: detail("Exchange a refresh token for new tokens"),
      },
    )
    .post(
      "/v1/sessions/revoke",
      async ({ body, status }) => {
        await revokeSession(deps, body.refreshToken);
        return status(204, undefined);
      },
      { body: RefreshToken, response: { 204: Type.Void(), 422: Problem }, detail: detail("Sign out") },
    )
    .use(
      new Elysia().use(authenticated(deps.verifyToken, deps.role)).post(
        `/v1/${deps.plural}/me/password`,
        async ({ body, caller, status }) => {
          await changePassword(deps, caller.id, body);
          return status(204, undefined);
        },
        {
          body: ChangePassword,
          response: {
            204: Type.Void(),
            401: Problem,
            ...(deps.servicesCall && { 403: Problem }),
            422: Problem,
            429: Problem,
          },
          detail: { ...detail("Change the password, which ends all sessions"), security: [{ bearer: [] }] },
        },
      ),
    );
