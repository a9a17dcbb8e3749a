import type { AccessTable } from "@food/shared/auth/access";
import { OPERATIONS } from "@food/shared/service/operations-access";

const party = { roles: ["customer", "restaurant", "courier"], owns: "own order" };
const forActors = { services: ["customer", "restaurant", "delivery"], owns: "the actor's order" };

/** Who may call which route. A service speaks for its own actors: `actorId` is checked against the order. */
export const access: AccessTable = {
  ...OPERATIONS,
  "GET /v1/orders/:orderId/status": party,
  "GET /v1/orders/:orderId/events": { ...party, ticket: true },
  "POST /v1/orders/:orderId/events/tickets": party,
  "GET /v1/orders/:orderId/timeline": party,

  "POST /internal/orders": { services: ["customer"] },
  "GET /internal/orders": { services: ["customer", "restaurant"] },
  "POST /internal/orders/changed": { services: ["restaurant"] },
  "POST /internal/orders/outcomes": { services: ["restaurant"] },
  "PUT /internal/customers/:customerId/erasure": { services: ["customer"] },
  "PUT /internal/couriers/:courierId/erasure": { services: ["delivery"] },
  "GET /internal/orders/:orderId": forActors,
  "PUT /internal/orders/:orderId/tip": { services: ["customer"], owns: "the actor's order" },
  "POST /internal/orders/:orderId/:action": forActors,
};
