import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf, type Caller } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "../../values/page.ts";
import { ActivityCursor, type ActivityItem, ActivityPage, ActivityQuery } from "./schema.ts";
import { type ActivityEntry, type ActivityLog, KEPT_DAYS } from "./store.ts";

const detail = detailOf("accounts");

export const activityView = ({ _id, ownerId: _, at, ...entry }: ActivityEntry): ActivityItem => ({
  activityId: _id,
  ...entry,
  at: at.toISOString(),
});

/** Also the person's own account, when one acts for an owner. */
export const ownersOf = (caller: Caller) => [...new Set([caller.id, accountIdOf(caller)])];

export const activityRoutes = ({ activity, plural }: { activity: ActivityLog; plural: string }) =>
  new Elysia({ name: "activity-of-mine" }).use(withCaller()).get(
    `/v1/${plural}/me/activity`,
    async ({ caller, query: { limit = PAGE_SIZE_DEFAULT, cursor }, status }) => {
      const rows = await activity.list(
        ownersOf(caller),
        limit + 1,
        decodeCursor(ActivityCursor, cursor)?.before,
      );
      return status(
        200,
        toPage(rows, limit, activityView, ({ _id }) => ({ before: _id })),
      );
    },
    {
      query: ActivityQuery,
      response: { 200: ActivityPage, 400: problems("MALFORMED_CURSOR"), 422: Problem },
      detail: detail(
        `Who did what to my account and what belongs to it, newest first; kept for ${KEPT_DAYS} days`,
        "Only changes, not reads. `fields` has the names of changed fields, never their values. `requestId` is the `X-Request-Id` of the request.",
      ),
    },
  );
