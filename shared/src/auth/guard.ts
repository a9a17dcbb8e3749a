import { Elysia } from "elysia";
import { AppError } from "../values/errors.ts";
import { type Access, type AccessTable, requireAllowed, rowsOf } from "./access.ts";
import { type Caller, refusedToken, type VerifyToken } from "./tokens.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

export interface GuardOptions {
  /** The caller of a one-time ticket for this path. Throws 401. */
  redeemTicket?: (ticket: string, path: string) => Promise<Caller>;
  /** Counts a request, of an unknown caller without one. Throws 429. */
  countRequest?: (route: string, caller?: Caller) => void;
}

/** Admits to every route mounted after it only the callers of its row: 401 without a valid token, 403 for other callers.
 * Runs before validation, so that 401 comes before 422. */
export function guard(table: AccessTable, verify: VerifyToken, options: GuardOptions = {}) {
  const { redeemTicket, countRequest } = options;
  const rowOf = rowsOf(table);

  async function callerOf(request: Request, path: string, row: Access): Promise<Caller> {
    const authorization = request.headers.get("authorization");
    const token = BEARER.exec(authorization ?? "")?.[1];
    if (token) return verify(token);
    if (authorization === null && redeemTicket && "roles" in row && row.ticket) {
      const tickets = new URL(request.url).searchParams.getAll("ticket");
      if (tickets.length > 0) return redeemTicket(tickets.length > 1 ? "" : (tickets[0] ?? ""), path);
    }
    throw refusedToken();
  }

  return new Elysia({ name: "guard" }).derive({ as: "global" }, async ({ request, route, path }) => {
    const row = rowOf(request.method, route);
    if (!row) throw new Error(`The route ${request.method} ${route} has no row in access.ts`);
    if ("anyone" in row) {
      countRequest?.(route);
      return {};
    }
    let caller: Caller;
    try {
      caller = await callerOf(request, path, row);
    } catch (error) {
      if (error instanceof AppError && error.status === 401) countRequest?.(route);
      throw error;
    }
    countRequest?.(route, caller);
    requireAllowed(row, caller);
    return { caller };
  });
}

/** Gives the routes after it the type of `caller`, which the guard sets. Without a guard they get `undefined`. */
export const withCaller = () =>
  new Elysia({ name: "caller" }).decorate("caller", undefined as unknown as Caller);
