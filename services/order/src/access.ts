import { givenAccountAccess } from "@food/shared/accounts/access";
import type { AccessTable } from "@food/shared/auth/access";
import { OPERATIONS } from "@food/shared/service/operations-access";

const STAFF = ["owner", "manager", "kitchen"];
const party = { roles: ["customer", "restaurant", "courier"], owns: "own order", staff: STAFF };
const operator = (owns: string) => ({ roles: ["operator"], owns });
const webhooks = { roles: ["restaurant"], owns: "own webhooks", staff: ["owner", "manager"] };
const webhook = { ...webhooks, owns: "own webhook" };
const forActors = { services: ["customer", "restaurant", "delivery"], owns: "the actor's order" };

/** Who may call which route. A service speaks for its own actors: `actorId` is checked against the order. */
export const access: AccessTable = {
  ...OPERATIONS,
  "GET /v1/orders/:orderId/status": party,
  "GET /v1/orders/:orderId/events": { ...party, ticket: true },
  "POST /v1/orders/:orderId/events/tickets": party,
  "GET /v1/orders/:orderId/timeline": party,

  ...givenAccountAccess("operators", "operator"),
  "POST /v1/operators": operator("the platform"),
  "GET /v1/operators/me": operator("self"),
  "GET /v1/town": operator("the platform"),
  "GET /v1/town/events": { ...operator("the platform"), ticket: true },
  "POST /v1/town/events/tickets": operator("the platform"),
  "GET /v1/town/orders/:orderId": operator("the platform"),
  "POST /v1/town/orders/:orderId/cancel": operator("the platform"),
  "POST /v1/town/orders/:orderId/complete": operator("the platform"),
  "POST /v1/town/orders/:orderId/reassign": operator("the platform"),

  "GET /v1/webhooks": webhooks,
  "POST /v1/webhooks": webhooks,
  "GET /v1/webhooks/:webhookId": webhook,
  "PATCH /v1/webhooks/:webhookId": webhook,
  "DELETE /v1/webhooks/:webhookId": webhook,
  "POST /v1/webhooks/:webhookId/secret": webhook,
  "POST /v1/webhooks/:webhookId/test": webhook,
  "GET /v1/webhooks/:webhookId/deliveries": webhook,
  "POST /v1/webhooks/:webhookId/deliveries/:messageId/replay": webhook,

  "POST /internal/orders": { services: ["customer"] },
  "GET /internal/orders": { services: ["customer", "restaurant"] },
  "POST /internal/orders/changed": { services: ["restaurant"] },
  "POST /internal/orders/outcomes": { services: ["restaurant"] },
  "PUT /internal/customers/:customerId/erasure": { services: ["customer"] },
  "PUT /internal/couriers/:courierId/erasure": { services: ["delivery"] },
  "PUT /internal/restaurants/:restaurantId/erasure": { services: ["restaurant"] },
  "GET /internal/orders/:orderId": forActors,
  "PUT /internal/orders/:orderId/tip": { services: ["customer"], owns: "the actor's order" },
  "POST /internal/orders/:orderId/:action": forActors,
};
