import { accountAccess } from "@food/shared/accounts/access";
import { type AccessTable, ANYONE } from "@food/shared/auth/access";
import { OPERATIONS } from "@food/shared/service/operations-access";
import { MANAGERS, OWNERS, STAFF } from "./staff/roles.ts";

const restaurant = (owns: string) => ({ roles: ["restaurant"], owns, staff: STAFF });
const managers = (owns: string) => ({ ...restaurant(owns), staff: MANAGERS });
const owners = (owns: string) => ({ ...restaurant(owns), staff: OWNERS });

/** Who may call which route. */
export const access: AccessTable = {
  ...OPERATIONS,
  ...accountAccess("restaurants", "restaurant", STAFF),
  "GET /v1/restaurants/me/activity": owners("own activity"),
  "POST /v1/restaurants": ANYONE,
  // Also for people who must set up a second factor first.
  "GET /v1/restaurants/me": { roles: ["restaurant"], owns: "self" },
  "PATCH /v1/restaurants/me": managers("self"),
  "DELETE /v1/restaurants/me": owners("self"),
  "PUT /v1/restaurants/me/availability": managers("self"),

  "GET /v1/restaurants/me/dishes": restaurant("own dishes"),
  "POST /v1/restaurants/me/dishes": managers("own dishes"),
  "GET /v1/restaurants/me/dishes/:dishId": restaurant("own dish"),
  "PATCH /v1/restaurants/me/dishes/:dishId": restaurant("own dish; kitchen: whether it is sold out"),
  "DELETE /v1/restaurants/me/dishes/:dishId": managers("own dish"),
  "GET /v1/restaurants/me/stock": restaurant("own stock"),
  "PUT /v1/restaurants/me/dishes/:dishId/stock": restaurant("own dish"),
  "DELETE /v1/restaurants/me/dishes/:dishId/stock": restaurant("own dish"),
  "GET /v1/restaurants/me/option-groups": restaurant("own option groups"),
  "POST /v1/restaurants/me/option-groups": managers("own option groups"),
  "GET /v1/restaurants/me/option-groups/:optionGroupId": restaurant("own option group"),
  "PATCH /v1/restaurants/me/option-groups/:optionGroupId": managers("own option group"),
  "DELETE /v1/restaurants/me/option-groups/:optionGroupId": managers("own option group"),
  "PATCH /v1/restaurants/me/option-groups/:optionGroupId/options/:optionId": restaurant(
    "own option; kitchen: whether it is sold out",
  ),

  "GET /v1/restaurants/me/staff": owners("own staff"),
  "PATCH /v1/restaurants/me/staff/:staffId": owners("own staff"),
  "DELETE /v1/restaurants/me/staff/:staffId": restaurant("own staff; others than owners: self"),
  "GET /v1/restaurants/me/staff/invitations": owners("own invitations"),
  "POST /v1/restaurants/me/staff/invitations": owners("own invitations"),
  "DELETE /v1/restaurants/me/staff/invitations/:invitationId": owners("own invitation"),
  "PUT /v1/restaurants/me/second-factor-policy": owners("self"),
  "POST /v1/staff/invitations/accept": ANYONE,

  "GET /v1/orders": restaurant("own orders"),
  "GET /v1/orders/events": { ...restaurant("own orders"), ticket: true },
  "POST /v1/orders/events/tickets": restaurant("own orders"),
  "GET /v1/orders/:orderId": restaurant("own order"),
  "POST /v1/orders/:orderId/accept": restaurant("own order"),
  "POST /v1/orders/:orderId/reject": restaurant("own order"),
  "POST /v1/orders/:orderId/prepare": restaurant("own order"),
  "POST /v1/orders/:orderId/ready": restaurant("own order"),
  "POST /v1/orders/:orderId/cancel": restaurant("own order"),

  "GET /v1/restaurants": ANYONE,
  "GET /v1/search": ANYONE,
  "GET /v1/restaurants/:restaurantId": ANYONE,
  "GET /v1/restaurants/:restaurantId/menu": ANYONE,
  "GET /v1/restaurants/:restaurantId/delivery": ANYONE,

  "POST /internal/quotes": { services: ["customer", "order"] },
  "PUT /internal/stock/:orderId/release": { services: ["order"] },
  "PUT /internal/restaurants/:restaurantId/disabled-webhooks/:webhookId": { services: ["order"] },
  "GET /internal/token-ends": { services: ["order"] },
};
