// What a route needs besides its path, so that a request of another account reaches the check of the owner.
import { newId } from "@food/shared/values/id";
import { PASSWORD } from "../actors.ts";
import type { Ids } from "./cast.ts";

export interface Needs {
  /** Other values for its path than those of the cast. */
  ids?: Partial<Ids>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
}

const cart = ({ restaurantId, dishId, addressId }: Ids) => ({
  ...{ restaurantId, addressId },
  items: [{ dishId, quantity: 1 }],
});

const withPassword = () => ({ body: { currentPassword: PASSWORD } });

/** By service and route. `actorId` is the account for which a service calls. */
export const REQUESTS: Record<string, (ids: Ids, actorId: string) => Needs> = {
  "customer DELETE /v1/sessions/:sessionId": withPassword,
  "restaurant DELETE /v1/sessions/:sessionId": withPassword,
  "delivery DELETE /v1/sessions/:sessionId": withPassword,
  "order DELETE /v1/sessions/:sessionId": withPassword,
  "customer PATCH /v1/customers/me/addresses/:addressId": () => ({ body: { label: "Office" } }),
  "customer POST /v1/quotes": (ids) => ({ body: cart(ids) }),
  "customer POST /v1/orders": (ids) => ({
    body: cart(ids),
    headers: { "idempotency-key": crypto.randomUUID() },
  }),
  "customer PUT /v1/orders/:orderId/tip": () => ({ body: { tipCents: 100 } }),
  "restaurant PATCH /v1/restaurants/me/dishes/:dishId": () => ({ body: { priceCents: 900 } }),
  "restaurant PUT /v1/restaurants/me/dishes/:dishId/stock": () => ({ body: { remaining: 50 } }),
  "restaurant PATCH /v1/restaurants/me/option-groups/:optionGroupId": () => ({ body: { name: "Sizes" } }),
  "restaurant PATCH /v1/restaurants/me/option-groups/:optionGroupId/options/:optionId": () => ({
    body: { priceCents: 100 },
  }),
  "restaurant PATCH /v1/restaurants/me/staff/:staffId": () => ({ body: { role: "owner" } }),
  "restaurant POST /v1/orders/:orderId/accept": () => ({ body: { prepMinutes: 10 } }),
  "restaurant POST /v1/orders/:orderId/reject": () => ({ body: { reason: "too_busy" } }),
  "restaurant PUT /internal/restaurants/:restaurantId/disabled-webhooks/:webhookId": () => ({
    body: { host: "pos.example.com", reason: "gone" },
  }),
  "restaurant POST /v1/orders/:orderId/cancel": () => ({ body: { reason: "The oven is broken" } }),
  "order POST /v1/town/orders/:orderId/cancel": () => ({ body: { reason: "No courier answers" } }),
  "order POST /v1/town/orders/:orderId/complete": () => ({ body: { reason: "The customer has it" } }),
  "order POST /v1/town/orders/:orderId/reassign": ({ courierId }) => ({
    body: { courierId, reason: "The bicycle is broken" },
  }),
  "order PATCH /v1/webhooks/:webhookId": () => ({ body: { description: "Till" } }),
  // Its webhooks are deleted: those of the cast are needed to the end.
  "order PUT /internal/restaurants/:restaurantId/erasure": () => ({ ids: { restaurantId: newId("rst") } }),
  "order GET /internal/orders": (_, actorId) => ({ query: { actorId } }),
  "order POST /internal/orders/changed": (_, actorId) => ({ body: { actorId, known: [] } }),
  "order GET /internal/orders/:orderId": (_, actorId) => ({ query: { actorId } }),
  "order PUT /internal/orders/:orderId/tip": (_, actorId) => ({ body: { actorId, tipCents: 100 } }),
  "order POST /internal/orders/:orderId/:action": (_, actorId) => ({ body: { actorId } }),
  "delivery POST /v1/deliveries/:deliveryId/deliver": () => ({ body: { pin: "0000" } }),
  "delivery POST /v1/deliveries/:deliveryId/fail": () => ({ body: { reason: "refused" } }),
};

/** The move that a service asks for, by the role of its accounts. */
export const MOVES: Record<string, string> = { customer: "cancel", restaurant: "ready", courier: "pickup" };
