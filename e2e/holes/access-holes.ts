// Holes in the access tables, in the guard and in the checks of owners.
import type { Hole } from "./hole.ts";

const ACCESS = "shared/src/auth/access.ts";
const TABLES = "services/access.test.ts";
const FORGED = "shared/src/auth/forged-tokens.test.ts";

export const ACCESS_HOLES: Record<string, Hole> = {
  "owner-of-order": {
    what: "an order is shown to every customer",
    patches: [
      {
        file: "services/order/src/orders/order.ts",
        right: 'if (role === "customer") return order.customerId === id;',
        wrong: 'if (role === "customer") return true;',
      },
    ],
    red: { service: "order", route: "GET /v1/orders/:orderId/timeline", who: "another customer" },
  },
  "owner-of-live-status": {
    what: "the live status of an order is shown to every restaurant",
    patches: [
      {
        file: "services/order/src/tracking/live-copy.ts",
        right: 'if (role === "restaurant") return order.restaurantId === id;',
        wrong: 'if (role === "restaurant") return true;',
      },
    ],
    red: { service: "order", route: "GET /v1/orders/:orderId/status", who: "another restaurant" },
  },
  "owner-of-service-call": {
    what: "a service reads an order for any of its accounts",
    patches: [
      {
        file: "services/order/src/orders/routes.ts",
        right: "if (!order || !isParty(order, actor)) throw noSuchOrder();",
        wrong: "if (!order) throw noSuchOrder();",
      },
    ],
    red: {
      ...{ service: "order", route: "GET /internal/orders/:orderId" },
      who: "the customer service for another customer",
    },
  },
  "owner-of-list": {
    what: "a customer's list has the orders of all",
    patches: [
      {
        file: "services/order/src/orders/routes.ts",
        right: 'role === "customer" ? { customerId: actorId } : { restaurantId: actorId }',
        wrong: 'role === "customer" ? {} : { restaurantId: actorId }',
      },
    ],
    red: { service: "customer", route: "GET /v1/orders", who: "another customer" },
  },
  "owner-of-dish": {
    what: "a dish is read and changed by every restaurant",
    patches: [
      {
        file: "services/restaurant/src/dishes/store.ts",
        right: "dishes.findOne({ _id: dishId, restaurantId })",
        wrong: "dishes.findOne({ _id: dishId })",
      },
    ],
    red: {
      ...{ service: "restaurant", route: "GET /v1/restaurants/me/dishes/:dishId" },
      who: "another restaurant",
    },
  },
  "owner-of-delivery": {
    what: "a delivery is shown to every courier",
    patches: [
      {
        file: "services/delivery/src/archive/store.ts",
        right: "findOneInBoth(both, { ...having(deliveryId), courierId })",
        wrong: "findOneInBoth(both, having(deliveryId))",
      },
    ],
    red: { service: "delivery", route: "GET /v1/deliveries/:deliveryId", who: "another courier" },
  },
  "owner-of-address": {
    what: "a quote is made for an address of another customer",
    patches: [
      {
        file: "services/customer/src/addresses/store.ts",
        right: "customers.findOne({ _id: customerId, ...notDeleted }, { projection });",
        wrong: 'customers.findOne({ "addresses.addressId": addressId }, { projection });',
      },
    ],
    red: { service: "customer", route: "POST /v1/quotes", who: "another customer" },
  },
  "role-unchecked": {
    what: "a route admits every role",
    patches: [{ file: ACCESS, right: "if (!roles.includes(caller.role))", wrong: "if (roles.length === 0)" }],
    red: { file: FORGED, test: "of a user is refused by internal routes, and of a service by users' routes" },
  },
  "role-unchecked-in-the-service": {
    what: "the order service admits every role to every route",
    patches: [{ file: ACCESS, right: "if (!roles.includes(caller.role))", wrong: "if (roles.length === 0)" }],
    red: { service: "order", route: "GET /v1/orders/:orderId/timeline", who: "the restaurant service" },
  },
  "service-unchecked": {
    what: "an internal route admits every service",
    patches: [
      { file: ACCESS, right: "!row.services.includes(caller.id)", wrong: "row.services.length === 0" },
    ],
    red: { service: "order", route: "POST /internal/orders", who: "the delivery service" },
  },
  "staff-unchecked": {
    what: "a route admits every staff role",
    patches: [
      {
        file: ACCESS,
        right: "if (!staff || staff.includes(staffRole)) return;",
        wrong: "return;",
      },
    ],
    red: { file: "shared/src/auth/access.test.ts", test: "reads the staff role from the token" },
  },
  "staff-unchecked-in-the-service": {
    what: "the kitchen reads what only the owner may",
    patches: [{ file: ACCESS, right: "if (!staff || staff.includes(staffRole)) return;", wrong: "return;" }],
    red: { service: "restaurant", route: "GET /v1/restaurants/me/activity", who: "the kitchen" },
  },
  "row-for-anyone": {
    what: "a row admits anyone",
    patches: [
      {
        file: "services/order/src/access.ts",
        right: '"GET /v1/orders/:orderId/timeline": party',
        wrong: '"GET /v1/orders/:orderId/timeline": { anyone: true }',
      },
    ],
    red: { file: TABLES, test: "the order service has exactly these routes for anyone" },
  },
  "row-for-a-service-too-many": {
    what: "a row admits a service that makes no such call",
    patches: [
      {
        file: "services/order/src/access.ts",
        right: '"POST /internal/orders": { services: ["customer"] }',
        wrong: '"POST /internal/orders": { services: ["customer", "restaurant"] }',
      },
    ],
    red: { file: TABLES, test: "each internal route is for exactly the services whose clients call it" },
  },
  "guard-after-validation": {
    what: "a request without a token learns what is wrong with its content",
    patches: [
      {
        file: "shared/src/auth/guard.ts",
        right: '.derive({ as: "global" }',
        wrong: '.resolve({ as: "global" }',
      },
    ],
    red: { file: "shared/src/http/problem.test.ts", test: "answers 401 before it checks another shape" },
  },
  "row-missing": {
    what: "a route without a row is open",
    patches: [
      {
        file: "shared/src/auth/guard.ts",
        right: "if (!row) throw new Error(",
        wrong: "if (!row) return {}; if (!row) throw new Error(",
      },
    ],
    red: { file: "shared/src/auth/access.test.ts", test: "refuses every caller of a route without a row" },
  },
  "internal-from-outside": {
    what: "a proxy reaches internal routes",
    patches: [
      { file: "shared/src/http/app.ts", right: "if (isHidden(route)) throw nothingHere();", wrong: "" },
    ],
    red: {
      file: "shared/src/http/private-routes.test.ts",
      test: "answers 404 at /internal/x, which only services may call",
    },
  },
  "row-removed": {
    what: "a route has no row",
    patches: [
      {
        file: "services/order/src/access.ts",
        right: '"GET /v1/orders/:orderId/timeline": party,',
        wrong: "",
      },
    ],
    red: {
      service: "order",
      line: "The route GET /v1/orders/:orderId/timeline has no row in access.ts: say who may call it",
    },
  },
  "row-too-many": {
    what: "a row has no route",
    patches: [
      {
        file: "services/delivery/src/access.ts",
        right: '"POST /v1/couriers": ANYONE,',
        wrong: '"POST /v1/couriers": ANYONE, "PUT /v1/couriers": ANYONE,',
      },
    ],
    red: { service: "delivery", line: "The row PUT /v1/couriers in access.ts has no route: remove it" },
  },
};
