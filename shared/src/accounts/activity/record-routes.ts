// One table says which routes add to the activity of an account. The entry is written after the handler has succeeded and
// before its response. Routes that only read cost a look at the method.
import { Elysia } from "elysia";
import { decodeJwt } from "jose";
import type { RouteName } from "../../auth/access.ts";
import type { Caller } from "../../auth/tokens.ts";
import type { Activity, ActivityLog } from "./store.ts";

type Owner = Pick<Activity, "ownerId" | "actorId">;

/** The parsed JSON of a request or response, or an empty object. */
type Json = Record<string, unknown>;

export interface Recorded {
  /** Such as `dish.removed`. A function where it depends on the request. */
  action: string | ((body: Json) => string);
  /** The parameter, or else the field of the response, with the id of what was changed. */
  subject?: string;
  /** For routes that anyone may call: whose activity it is. */
  owner?: (answer: Json) => Owner | undefined;
}

/** Why a route that changes something adds no entry, or where it adds its own. */
export interface NotRecorded {
  because: string;
}

export type ActivityTable = Readonly<Record<RouteName, Recorded | NotRecorded>>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const json = (value: unknown): Json => (isJson(value) ? value : {});
const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** Whose the session is that a sign-in has just answered with. */
function ownerOfSession({ accessToken }: Json): Owner {
  const { sub = "", act } = decodeJwt(String(accessToken));
  const actorId = text(json(act).sub);
  return { ownerId: sub, ...(actorId && { actorId }) };
}

/** The owner has the id in this field of the response. A sign-up that waits for its confirmation has none. */
const ownerIn = (field: string) => (answer: Json) => {
  const ownerId = text(answer[field]);
  return ownerId === undefined ? undefined : { ownerId };
};

/** The rows of the routes of accounts without a sign-up. */
export const givenAccountActivity = (plural: string): ActivityTable => ({
  "POST /v1/sessions": { action: "session.opened", owner: ownerOfSession },
  "POST /v1/sessions/refresh": { because: "the session was recorded when it was opened" },
  "POST /v1/sessions/revoke": {
    because: "the route records it: the answer does not say whose session it was",
  },
  "DELETE /v1/sessions/:sessionId": { action: "session.closed", subject: "sessionId" },
  "POST /v1/password-resets": { because: "asking changes nothing, and anybody may ask" },
  "POST /v1/password-resets/confirm": {
    because: "the route records it: the answer does not say whose password",
  },
  "POST /v1/email-changes/confirm": {
    because: "the route records it: the answer does not say whose address",
  },
  [`POST /v1/${plural}/me/email`]: { action: "email.change_requested" },
  [`POST /v1/${plural}/me/second-factor`]: { because: "nothing changes until a code confirms it" },
  [`POST /v1/${plural}/me/second-factor/confirm`]: { action: "second_factor.enabled" },
  [`POST /v1/${plural}/me/second-factor/disable`]: { action: "second_factor.disabled" },
  [`POST /v1/${plural}/me/password`]: { action: "password.changed" },
});

/** The rows of the routes of accounts that people make themselves. */
export const accountActivity = (plural: string, idField: string): ActivityTable => ({
  ...givenAccountActivity(plural),
  [`POST /v1/${plural}`]: { action: "account.created", owner: ownerIn(idField) },
  "POST /v1/email-verifications": { because: "asking changes nothing, and anybody may ask" },
  "POST /v1/email-verifications/confirm": { action: "account.created", owner: ownerIn(idField) },
});

interface Handled {
  request: Request;
  route: string;
  params?: Record<string, string>;
  body?: unknown;
  responseValue?: unknown;
  caller?: Caller;
}

/** The status and the body of what a handler returned with `status(…)`. */
function outcomeOf(value: unknown): { status: number; answer: Json } {
  if (value instanceof Response) return { status: value.status, answer: {} };
  const { code, response } = json(value);
  return { status: Number(code), answer: json(response) };
}

const ownerOf = ({ id, actorId }: Caller): Owner => ({
  ownerId: id,
  ...(actorId && { actorId }),
});

function activityOf(recorded: Recorded, handled: Handled, answer: Json): Activity | undefined {
  const { caller, params = {}, request } = handled;
  const owner = caller ? ownerOf(caller) : recorded.owner?.(answer);
  if (!owner) return undefined;
  const body = json(handled.body);
  const { action, subject: field } = recorded;
  const subject = field && (params[field] ?? text(answer[field]));
  return {
    ...owner,
    action: typeof action === "string" ? action : action(body),
    ...(subject && { subject }),
    ...(request.method === "PATCH" && { fields: Object.keys(body) }),
  };
}

/** Records what the routes after it do. */
export function recordActivity({ record }: Pick<ActivityLog, "record">, table: ActivityTable) {
  const rows = new Map(Object.entries(table));
  return new Elysia({ name: "activity" }).onAfterHandle({ as: "global" }, async (context) => {
    const handled = context as unknown as Handled;
    const { method } = handled.request;
    if (method === "GET" || method === "HEAD") return;
    const row = rows.get(`${method} ${handled.route}`);
    if (!row || "because" in row) return;
    const { status, answer } = outcomeOf(handled.responseValue);
    if (!(status < 400)) return;
    const activity = activityOf(row, handled, answer);
    if (activity) await record(activity);
  });
}
