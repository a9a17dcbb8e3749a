import { Elysia } from "elysia";
import { type AccessTable, requireAllowed, rowsOf } from "./access.ts";
import { type Caller, refusedToken, type VerifyToken } from "./tokens.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Admits to every route mounted after it only the callers of its row: 401 without a valid token, 403 for other callers.
 * Runs before validation, so that 401 comes before 422. */
export function guard(table: AccessTable, verify: VerifyToken) {
  const rowOf = rowsOf(table);
  return new Elysia({ name: "guard" }).derive({ as: "global" }, async ({ request, route }) => {
    const row = rowOf(request.method, route);
    if (!row) throw new Error(`The route ${request.method} ${route} has no row in access.ts`);
    if ("anyone" in row) return {};
    const token = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
    if (!token) throw refusedToken();
    const caller = await verify(token);
    requireAllowed(row, caller);
    return { caller };
  });
}

/** Gives the routes after it the type of `caller`, which the guard sets. Without a guard they get `undefined`. */
export const withCaller = () =>
  new Elysia({ name: "caller" }).decorate("caller", undefined as unknown as Caller);
