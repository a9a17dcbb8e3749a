// The access tables against what they must agree with: the calls that clients make, and the network policies.
import { describe, expect, test } from "bun:test";
import { basename } from "node:path";
import type { Access, AccessTable } from "@food/shared/auth/access";
import { type Endpoint, mayReach } from "../k8s/check/network-policy.ts";
import type { Manifest } from "../k8s/check/objects.ts";
import { access as customer } from "./customer/src/access.ts";
import { access as delivery } from "./delivery/src/access.ts";
import { access as order } from "./order/src/access.ts";
import { access as restaurant } from "./restaurant/src/access.ts";
import { every, isTest, read, SERVICES, serviceOf, sourceOf } from "./source-files.builder.ts";

const tables: Record<string, AccessTable> = { customer, restaurant, order, delivery };
const ISSUERS: Record<string, string> = {
  customer: "customer",
  restaurant: "restaurant",
  courier: "delivery",
  operator: "order",
};

const rows = Object.entries(tables).flatMap(([service, table]) =>
  Object.entries(table).map(([route, row]): [string, string, Access] => [service, route, row]),
);

/** Every public route. A new one must be written here, too. */
const PUBLIC = {
  "every service": [
    "GET /",
    "GET /.well-known/jwks.json",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /swagger",
    "GET /swagger/errors",
    "GET /swagger/json",
    "GET /swagger/start.js",
    "GET /swagger/swagger-ui-bundle.js",
    "GET /swagger/swagger-ui.css",
    "GET /swagger/yaml",
  ],
  "services with accounts": [
    "POST /v1/sessions",
    "POST /v1/sessions/refresh",
    "POST /v1/sessions/revoke",
    "POST /v1/password-resets",
    "POST /v1/password-resets/confirm",
    "POST /v1/email-changes/confirm",
  ],
  "services with a sign-up": ["POST /v1/email-verifications", "POST /v1/email-verifications/confirm"],
  "services that show menus": [
    "GET /v1/restaurants",
    "GET /v1/restaurants/:restaurantId",
    "GET /v1/restaurants/:restaurantId/delivery",
    "GET /v1/restaurants/:restaurantId/menu",
    "GET /v1/search",
  ],
};
const WITH_ACCOUNTS = [
  ...PUBLIC["every service"],
  ...PUBLIC["services with accounts"],
  ...PUBLIC["services with a sign-up"],
];

test.each([
  ["customer", [...WITH_ACCOUNTS, ...PUBLIC["services that show menus"], "POST /v1/customers"]],
  [
    "restaurant",
    [
      ...WITH_ACCOUNTS,
      ...PUBLIC["services that show menus"],
      "POST /v1/restaurants",
      "POST /v1/staff/invitations/accept",
    ],
  ],
  ["order", [...PUBLIC["every service"], ...PUBLIC["services with accounts"]]],
  ["delivery", [...WITH_ACCOUNTS, "POST /v1/couriers"]],
])("the %s service has exactly these routes for anyone", (service, routes) => {
  const open = rows.filter(([of, , row]) => of === service && "anyone" in row).map(([, route]) => route);
  expect(open.sort()).toEqual(routes.sort());
});

test("routes under /v1 are for the role of their service, of an order also for its three parties, and of webhooks for restaurants", () => {
  const foreign = rows.filter(([service, , row]) => {
    if (!("roles" in row)) return false;
    if (service === "order" && /^own webhooks?$/.test(row.owns)) return row.roles.join() !== "restaurant";
    return service === "order" && row.owns === "own order"
      ? row.roles.includes("operator")
      : row.roles.length !== 1 || ISSUERS[row.roles[0] ?? ""] !== service;
  });
  expect(foreign).toEqual([]);
});

test("routes for restaurants name the roles of their staff, except those for people who must set up a second factor", () => {
  const forAll = rows.filter(
    ([, , row]) => "roles" in row && row.roles.includes("restaurant") && row.staff === undefined,
  );
  expect(forAll.map(([service, route]) => `${service} ${route}`)).toEqual([
    "restaurant GET /v1/restaurants/me/second-factor",
    "restaurant POST /v1/restaurants/me/second-factor",
    "restaurant POST /v1/restaurants/me/second-factor/confirm",
    "restaurant GET /v1/restaurants/me",
  ]);
});

test("routes under /internal are for services, and no other route is", () => {
  const odd = rows.filter(([, route, row]) => route.includes(" /internal/") !== "services" in row);
  expect(odd).toEqual([]);
});

test("a route with an id in its path for one role names what its caller owns", () => {
  const odd = rows.filter(([, route, row]) => "roles" in row && row.owns === "self" && route.includes("/:"));
  expect(odd).toEqual([]);
});

/** The internal calls in a file of clients, as `METHOD /path` with `*` for each value. */
function callsIn(source: string): string[] {
  const text = source.replaceAll("...ROUND_CALL", 'method: "POST"');
  const methods = [...text.matchAll(/method: "(\w+)"/g)].map(({ index, 1: method = "" }) => ({
    index,
    method,
  }));
  return [...text.matchAll(/["`](\/internal\/[^"`]*)["`]/g)].map(({ index, 1: path = "" }) => {
    const away = (one: { index: number }) => Math.abs(one.index - index);
    const [nearest] = methods.toSorted((one, other) => away(one) - away(other));
    return `${nearest?.method} ${path.replaceAll(/\$\{\w+\}/g, "*")}`;
  });
}

const TARGETS: Record<string, string> = {
  orders: "order",
  restaurants: "restaurant",
  deliveries: "delivery",
};

/** A call fits the row of its own pattern, else one with values in these places. */
function rowFor(service: string, call: string): string {
  const routes = Object.keys(tables[service] ?? {});
  const asPattern = (route: string) => route.replaceAll(/:\w+/g, "*");
  const fits = (route: string) => new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`).test(call);
  return routes.find((route) => asPattern(route) === call) ?? routes.find(fits) ?? `no row for ${call}`;
}

test("each internal route is for exactly the services whose clients call it", () => {
  const files = every.filter(
    (path) => SERVICES.includes(serviceOf(path) ?? "") && path.includes("/clients/"),
  );
  const made = files
    .filter((path) => !isTest(path))
    .flatMap((path) => {
      const to = TARGETS[basename(path, ".ts")] ?? basename(path, ".ts");
      return callsIn(sourceOf(path)).map((call) => `${serviceOf(path)} > ${to} ${rowFor(to, call)}`);
    });
  // Part of shared/src/accounts, so that no client names its path.
  const polled = SERVICES.flatMap((service) =>
    [...sourceOf(`services/${service}/src/app.ts`).matchAll(/^ +(\w+): endedAt\(/gm)].map(
      ([, issuer = ""]) => `${service} > ${issuer} ${rowFor(issuer, "GET /internal/token-ends")}`,
    ),
  );
  const allowed = rows.flatMap(([service, route, row]) =>
    "services" in row ? row.services.map((caller) => `${caller} > ${service} ${route}`) : [],
  );
  expect([...new Set([...made, ...polled])].sort()).toEqual(allowed.sort());
});

describe("the network policies", async () => {
  const objects = (Bun.YAML.parse(await read("k8s/base/network-policy.yaml")) as Manifest[]).filter(Boolean);
  const pod = (name: string): Endpoint => ({
    name,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "service" },
    ports: { http: 8080 },
  });

  test("allow exactly the calls of the access tables, and the fetching of the keys that these need", () => {
    const needed = rows.flatMap(([service, , row]) => {
      if ("services" in row)
        return row.services.flatMap((caller) => [`${caller} > ${service}`, `${service} > ${caller}`]);
      return "roles" in row ? row.roles.map((role) => `${service} > ${ISSUERS[role]}`) : [];
    });
    const others = new Set(needed.filter((call) => !/^(\w+) > \1$/.test(call)));
    const allowed = SERVICES.flatMap((from) =>
      SERVICES.filter((to) => to !== from && mayReach(objects, pod(from), pod(to), 8080)).map(
        (to) => `${from} > ${to}`,
      ),
    );
    expect(allowed.sort()).toEqual([...others].sort());
  });
});

test("every service has its table", () => {
  expect(Object.keys(tables).sort()).toEqual(
    SERVICES.filter((service) => every.includes(`services/${service}/src/access.ts`)).sort(),
  );
});
