// Who may call each route of a service. One table builds the guard, the `security` of the OpenAPI document and the
// tests, so that they cannot differ. A route without a row stops the process at its start.
import { forbidden } from "../values/errors.ts";
import { type Caller, SERVICE_ROLE } from "./tokens.ts";

export interface ForAnyone {
  anyone: true;
}

export interface ForRoles {
  /** The roles of accounts that may call it. */
  roles: readonly string[];
  /** Whose data it reads or changes, such as `self` or `own address`. Another account's looks like missing. */
  owns: string;
  /** The roles of staff that may call it. A token without a staff role is the owner's. Left out: all, also people who must set
   * up a second factor first. */
  staff?: readonly string[];
  /** Whether a one-time ticket in the query may stand for the token, because a browser's EventSource sends no header. */
  ticket?: true;
}

export interface ForServices {
  /** The services that may call it in their own name. */
  services: readonly string[];
  /** Whose data it reads or changes, when the request names an account as `actorId`. */
  owns?: string;
}

export type Access = ForAnyone | ForRoles | ForServices;
export type RouteName = `${string} /${string}`;
export type AccessTable = Readonly<Record<RouteName, Access>>;

export const ANYONE: ForAnyone = { anyone: true };
const STAFF_ROLE_DEFAULT = "owner";
/** Of a person who must set up a second factor first. No row names it. */
export const SETUP_ROLE = "setup";

/** The rows and the routes differ. The message is one line that names the route. */
export class AccessTableError extends Error {}

/** A lookup by method and route pattern. It concatenates no text, because every request uses it. */
export function rowsOf(table: AccessTable): (method: string, path: string) => Access | undefined {
  const byPath = new Map<string, Map<string, Access>>();
  for (const [route, access] of Object.entries(table)) {
    const [method = "", path = ""] = route.split(" ");
    const methods = byPath.get(path) ?? new Map<string, Access>();
    byPath.set(path, methods.set(method, access));
  }
  return (method, path) => byPath.get(path)?.get(method);
}

/** Throws unless each route has a row and each row a route. */
export function requireRows(table: AccessTable, routes: readonly { method: string; path: string }[]): void {
  const names = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const open = [...names].find((name) => !(name in table));
  if (open) throw new AccessTableError(`The route ${open} has no row in access.ts: say who may call it`);
  const stale = Object.keys(table).find((name) => !names.has(name));
  if (stale) throw new AccessTableError(`The row ${stale} in access.ts has no route: remove it`);
}

/** Throws 403 when the row does not name the caller. */
export function requireAllowed(row: ForRoles | ForServices, caller: Caller): void {
  const roles = "roles" in row ? row.roles : [SERVICE_ROLE];
  if (!roles.includes(caller.role))
    throw forbidden("WRONG_ROLE", `This needs the role ${roles.join(" or ")}.`);
  if ("services" in row && !row.services.includes(caller.id))
    throw forbidden("WRONG_SERVICE", `Only these services may call this: ${row.services.join(", ")}.`);
  const staff = "roles" in row ? row.staff : undefined;
  const { staffRole = STAFF_ROLE_DEFAULT } = caller;
  if (!staff || staff.includes(staffRole)) return;
  if (staffRole === SETUP_ROLE)
    throw forbidden(
      "SECOND_FACTOR_SETUP_REQUIRED",
      "Set up a second factor, then refresh the session. If you have one, sign in again with it.",
    );
  throw forbidden("WRONG_STAFF_ROLE", `This needs the staff role ${staff.join(" or ")}.`);
}

/** Everybody whose tokens the service accepts: roles, and services by name. */
const accepted = (table: AccessTable) =>
  new Set(
    Object.values(table).flatMap((row) =>
      "roles" in row ? row.roles : "services" in row ? row.services : [],
    ),
  );

/** Whether some token that the service accepts gets 403 from the row. */
export function mayForbid(table: AccessTable, row: Access): boolean {
  if ("anyone" in row) return false;
  const named = "roles" in row ? row.roles : row.services;
  return named.length < accepted(table).size || ("roles" in row && row.staff !== undefined);
}
