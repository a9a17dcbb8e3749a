import { Elysia } from "elysia";
import { privateDetailOf } from "../../http/detail.ts";
import { Problem } from "../../http/problem.ts";
import type { AccountStore } from "../store.ts";
import { endedIn } from "./poll.ts";
import { EndedSessions, EndedSince } from "./schema.ts";

/** For the services that accept this service's access tokens. */
export const tokenEndRoutes = ({ accounts }: { accounts: Pick<AccountStore, "endedSince"> }) =>
  new Elysia({ name: "token-ends" }).get(
    "/internal/token-ends",
    async ({ query: { after }, status }) => status(200, await endedIn(accounts)(after)),
    {
      query: EndedSince,
      response: { 200: EndedSessions, 422: Problem },
      detail: privateDetailOf("sessions")(
        "The sessions that have ended while their access tokens may still be valid",
      ),
    },
  );
