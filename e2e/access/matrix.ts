// The authorization matrix: every route of the access tables, called by everybody, with the answer that the row demands.
import { type Access, type AccessTable, SETUP_ROLE } from "@food/shared/auth/access";
import { access as customer } from "../../services/customer/src/access.ts";
import { access as delivery } from "../../services/delivery/src/access.ts";
import { access as order } from "../../services/order/src/access.ts";
import { access as restaurant } from "../../services/restaurant/src/access.ts";
import { SERVICES, type ServiceName } from "../platform.ts";
import type { Cast, Ids, Role } from "./cast.ts";
import { MOVES, REQUESTS } from "./requests.ts";

export const TABLES: Record<ServiceName, AccessTable> = { customer, restaurant, order, delivery };
const ROLES: Role[] = ["customer", "restaurant", "courier", "operator"];
const STAFF_ROLES = ["owner", "manager", "kitchen"];
const ROLE_OF: Partial<Record<ServiceName, Role>> = {
  customer: "customer",
  restaurant: "restaurant",
  delivery: "courier",
};

/** `served`: admitted, and what the caller owns is there. `like missing`: as for an id that names nothing. */
type Expected = 401 | 403 | "admitted" | "served" | "like missing";

interface Cell {
  service: ServiceName;
  route: string;
  who: string;
  token?: string | undefined;
  ids: Ids;
  actorId: string;
  expected: Expected;
  /** Text of another account that the answer must not contain. */
  secrets?: string[];
}

const READY = "GET /health/ready";
const TRIES_MAX = 5;

interface Result {
  status: number;
  text: string;
}

/** Headers in which a proxy of somebody else might name the user. */
const USER_HEADERS = [
  "x-user-id",
  "x-customer-id",
  "x-account-id",
  "x-actor-id",
  "x-forwarded-user",
  "x-sub",
];
const posingAs = (id: string) => ({
  ...Object.fromEntries(USER_HEADERS.map((name) => [name, id])),
  "x-user-role": "service",
  "x-role": "service",
});

/** Repeats what a busy service has answered 503, as every client should. */
async function ask(cast: Cast, cell: Cell, ids = cell.ids, tries = 1): Promise<Result> {
  const { retryAfter, ...result } = await askOnce(cast, cell, ids);
  if (result.status !== 503 || !retryAfter || cell.route === READY || tries === TRIES_MAX) return result;
  await Bun.sleep(Number(retryAfter) * 1_000);
  return ask(cast, cell, ids, tries + 1);
}

async function askOnce({ urls }: Cast, cell: Cell, ids: Cell["ids"]) {
  const [method = "GET", pattern = ""] = cell.route.split(" ");
  const needs = REQUESTS[`${cell.service} ${cell.route}`]?.(ids, cell.actorId) ?? {};
  const { query, body, headers } = needs;
  const path = pattern.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = needs.ids?.[name] ?? ids[name];
    if (value === undefined) throw new Error(`cast.ts has no :${name} for ${cell.service} ${cell.route}`);
    return value;
  });
  const search = query ? `?${new URLSearchParams(query)}` : "";
  const response = await fetch(`${urls[cell.service]}${path}${search}`, {
    method,
    headers: {
      ...posingAs(cell.actorId),
      ...headers,
      "x-request-id": "same",
      ...(cell.token && { authorization: `Bearer ${cell.token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = { status: response.status, retryAfter: response.headers.get("retry-after") };
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return { ...answer, text: "" };
  }
  return { ...answer, text: await response.text() };
}

/** What is wrong with the answer, if anything. */
async function faultOf(cast: Cast, cell: Cell, { status, text }: Result): Promise<string | undefined> {
  const fault = (why: string) =>
    `${cell.service} ${cell.route} by ${cell.who}: ${why}, got ${status} ${text.slice(0, 200)}`;
  const leaked = cell.secrets?.find((secret) => text.includes(secret));
  if (leaked) return fault(`must not contain ${leaked}`);
  if (cell.expected === "admitted" || cell.expected === "served") {
    // On a busy machine a service may not be ready, and says so to everyone.
    if ([401, 403].includes(status) || (status >= 500 && cell.route !== READY))
      return fault("must be admitted");
    if (cell.expected === "admitted") return undefined;
    const failed = cell.route.startsWith("GET ") ? status >= 300 : status === 404;
    return failed ? fault("must be served") : undefined;
  }
  if (cell.expected === "like missing") {
    const missing = await ask(cast, cell, { ...cell.ids, ...cast.missing });
    if (missing.status < 400) return fault("a missing id must be refused");
    const same = missing.status === status && missing.text === text;
    if (!same) return fault(`must be as for a missing id: ${missing.status} ${missing.text.slice(0, 200)}`);
    return cell.route.includes("/:") && status !== 404 ? fault("must be 404") : undefined;
  }
  if (status !== cell.expected) return fault(`must be ${cell.expected}`);
  return undefined;
}

const issuersOf = (table: AccessTable) =>
  new Set(Object.values(table).flatMap((row) => ("services" in row ? row.services : [])));
const rolesOf = (table: AccessTable) =>
  new Set(Object.values(table).flatMap((row) => ("roles" in row ? row.roles : [])));

/** A token is refused with 401 when its issuer is not trusted here, else with 403. */
function verdict(table: AccessTable, row: Access, who: { role: Role } | { service: ServiceName }): Expected {
  if ("anyone" in row) return "admitted";
  if ("role" in who) {
    if (!rolesOf(table).has(who.role)) return 401;
    return "roles" in row && row.roles.includes(who.role) ? "served" : 403;
  }
  if (!issuersOf(table).has(who.service)) return 401;
  if (!("services" in row && row.services.includes(who.service))) return 403;
  return row.owns ? "served" : "admitted";
}

/** In its path or in its body. */
const hasId = (route: string) =>
  route.includes("/:") || (/ \/v1\/(orders|quotes)$/.test(route) && route.startsWith("POST "));

async function cellsOf(cast: Cast, service: ServiceName, route: string, row: Access): Promise<Cell[]> {
  const table = TABLES[service];
  const { accounts } = cast;
  const base = { service, route, ids: { action: "cancel", ...cast.ids }, actorId: accounts.customer.own.id };
  const refused = "anyone" in row ? "admitted" : 401;
  const cells: Cell[] = [
    { ...base, who: "nobody", expected: refused },
    { ...base, who: "a forger", token: "eyJhbGciOiJub25lIn0.e30.AA", expected: refused },
  ];
  for (const role of ROLES) {
    const { own, other } = accounts[role];
    const expected = verdict(table, row, { role });
    const ids = { ...cast.ids, sessionId: cast.sessions[role], action: MOVES[role] ?? "cancel" };
    cells.push({ ...base, ids, actorId: own.id, who: `the ${role}`, token: own.token, expected });
    if ("roles" in row && row.roles.includes(role)) {
      const seesAll = row.owns === "the platform";
      const foreign = hasId(route) && !seesAll ? "like missing" : "admitted";
      const secrets = seesAll
        ? []
        : [own.id, own.email, ...Object.values(cast.ids)].filter((one) => !route.includes(one));
      cells.push({
        ...base,
        ids,
        actorId: own.id,
        who: `another ${role}`,
        token: other.token,
        expected: foreign,
        secrets,
      });
    }
    const expired = await cast.expired(role);
    cells.push({
      ...base,
      ids,
      who: `the ${role}, expired`,
      token: expired,
      expected: refused,
    });
  }
  for (const issuer of SERVICES) {
    const role = ROLE_OF[issuer] ?? "customer";
    const { own, other } = accounts[role];
    const asService = { ...base, ids: { ...cast.ids, action: MOVES[role] ?? "" } };
    const expected = verdict(table, row, { service: issuer });
    const token = await cast.service(issuer, service);
    cells.push({ ...asService, actorId: own.id, who: `the ${issuer} service`, token, expected });
    if ("services" in row && row.owns && expected === "served")
      cells.push({
        ...asService,
        actorId: other.id,
        who: `the ${issuer} service for another ${role}`,
        token,
        expected: "like missing",
      });
    const elsewhere = await cast.service(issuer, SERVICES.find((other) => other !== service) ?? "");
    cells.push({
      ...base,
      who: `the ${issuer} service, for another audience`,
      token: elsewhere,
      expected: refused,
    });
    const old = await cast.service(issuer, service, -60);
    cells.push({ ...base, who: `the ${issuer} service, expired`, token: old, expected: refused });
  }
  if ("roles" in row && row.roles.includes("restaurant"))
    for (const staffRole of [...STAFF_ROLES, SETUP_ROLE]) {
      const isAdmitted = row.staff?.includes(staffRole) ?? true;
      // Such a row may ask more of a role, according to the request.
      if (isAdmitted && STAFF_ROLES.every((role) => row.staff?.includes(role))) continue;
      const expected = isAdmitted ? "admitted" : 403;
      cells.push({
        ...base,
        actorId: accounts.restaurant.own.id,
        who: `the ${staffRole}`,
        token: await cast.staff(staffRole),
        expected,
      });
    }
  return cells;
}

/** Requests that change data come after those that only read it, and those that end something last: parts before the
 * whole. */
function rankOf({ route, expected }: Cell): number {
  if (expected !== "served" && expected !== "admitted") return 0;
  if (route.startsWith("GET ")) return 1;
  if (route.startsWith("DELETE ")) return 100 - route.split("/").length;
  return /\/(cancel|complete|decline|fail|reassign|reject|:action)$/.test(route) ? 3 : 2;
}

const AT_ONCE = 40;

export interface Outcome {
  cells: number;
  faults: string[];
  /** The statuses that each route of a service answered. */
  statuses: Map<string, Set<number>>;
}

/** Calls every route as everybody. */
export async function playMatrix(
  cast: Cast,
  isPlayed: (service: ServiceName, route: string) => boolean = () => true,
): Promise<Outcome> {
  const cells: Cell[] = [];
  for (const service of SERVICES)
    for (const [route, row] of Object.entries(TABLES[service]))
      if (isPlayed(service, route)) cells.push(...(await cellsOf(cast, service, route, row)));
  const faults: string[] = [];
  const statuses: Outcome["statuses"] = new Map();
  for (const [rank, group] of [...Map.groupBy(cells, rankOf)].sort(([one], [other]) => one - other)) {
    const queue = group.values();
    const workers = Array.from({ length: rank < 2 ? AT_ONCE : 1 }, async () => {
      for (const cell of queue) {
        const result = await ask(cast, cell);
        const name = `${cell.service} ${cell.route}`;
        statuses.set(name, (statuses.get(name) ?? new Set()).add(result.status));
        const fault = await faultOf(cast, cell, result);
        if (fault) faults.push(fault);
      }
    });
    await Promise.all(workers);
  }
  return { cells: cells.length, faults, statuses };
}
