import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import { notFound } from "../../values/errors.ts";
import { sessionIdOf } from "../refresh-tokens.ts";
import type { RefreshSession } from "../session-store.ts";
import { requirePassword, SESSIONS_MAX, type SessionDeps } from "../sessions.ts";
import { EndSession, type OwnSession, OwnSessionPage, SessionParams } from "./schema.ts";

const detail = detailOf("sessions");

function sessionView(session: RefreshSession, currentId: string | undefined): OwnSession {
  const { _id, device, createdAt, lastUsedAt, addressClass } = session;
  const sessionId = sessionIdOf(_id);
  return {
    sessionId,
    ...(device && { device }),
    ...(createdAt && { createdAt: createdAt.toISOString() }),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    ...(addressClass && { addressClass }),
    current: sessionId === currentId,
  };
}

const sessionNotFound = () => notFound("SESSION_NOT_FOUND", "There is no such session.");

/** An account sees and ends its own sessions. Ending takes the password, so that a stolen token ends none. */
export const ownSessionRoutes = (deps: Pick<SessionDeps, "accounts" | "signInLimits">) =>
  new Elysia({ name: "own-sessions" })
    .use(withCaller())
    .get(
      "/v1/sessions",
      async ({ caller, status }) => {
        const sessions = await deps.accounts.listSessions(accountIdOf(caller), SESSIONS_MAX);
        return status(200, {
          items: sessions.map((session) => sessionView(session, caller.sessionId)),
          nextCursor: null,
        });
      },
      {
        response: { 200: OwnSessionPage },
        detail: detail(
          `My sessions, newest first; at most ${SESSIONS_MAX}`,
          "`device`, `lastUsedAt` and `addressClass` are those of the last sign-in or refresh. Signing in once more at the limit ends the least recently used session.",
        ),
      },
    )
    .delete(
      "/v1/sessions/:sessionId",
      async ({ caller, params, body, status }) => {
        const accountId = accountIdOf(caller);
        await requirePassword(deps, accountId, body.currentPassword);
        const sessions = await deps.accounts.listSessions(accountId, SESSIONS_MAX);
        const session = sessions.find(({ _id }) => sessionIdOf(_id) === params.sessionId);
        if (!session || !(await deps.accounts.closeSession(session._id))) throw sessionNotFound();
        return status(204, undefined);
      },
      {
        params: SessionParams,
        body: EndSession,
        response: {
          204: Type.Void(),
          401: problems("INVALID_CREDENTIALS"),
          404: problems("SESSION_NOT_FOUND"),
          422: Problem,
          429: Problem,
        },
        detail: detail(
          "End one of my sessions, with my password: also its access tokens and open streams",
          "Also the session of this request. Other services refuse its access tokens within a minute. A wrong password counts like a wrong sign-in. 404 for a session that has ended.",
        ),
      },
    );
