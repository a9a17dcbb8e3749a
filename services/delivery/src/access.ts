import { accountAccess } from "@food/shared/accounts/access";
import { type AccessTable, ANYONE } from "@food/shared/auth/access";
import { OPERATIONS } from "@food/shared/service/operations-access";

const courier = (owns: string) => ({ roles: ["courier"], owns });
const dispatcher = { services: ["order"] };

/** Who may call which route. */
export const access: AccessTable = {
  ...OPERATIONS,
  ...accountAccess("couriers", "courier"),
  "POST /v1/couriers": ANYONE,
  "GET /v1/couriers/me": courier("self"),
  "PATCH /v1/couriers/me": courier("self"),
  "DELETE /v1/couriers/me": courier("self"),
  "PUT /v1/couriers/me/availability": courier("self"),
  "PUT /v1/couriers/me/location": courier("self"),

  "GET /v1/couriers/me/trip": courier("own trip"),
  "POST /v1/trips/:tripId/pickup": courier("own trip"),
  "POST /v1/trips/:tripId/decline": courier("own trip"),
  "POST /v1/trips/:tripId/arrive": courier("own trip"),

  "GET /v1/deliveries": courier("own deliveries"),
  "GET /v1/deliveries/events": { ...courier("own deliveries"), ticket: true },
  "POST /v1/deliveries/events/tickets": courier("own deliveries"),
  "GET /v1/deliveries/:deliveryId": courier("own delivery"),
  "GET /v1/deliveries/:deliveryId/tip": courier("own delivery"),
  "POST /v1/deliveries/:deliveryId/arrive": courier("own delivery"),
  "POST /v1/deliveries/:deliveryId/decline": courier("own delivery"),
  "POST /v1/deliveries/:deliveryId/pickup": courier("own delivery"),
  "POST /v1/deliveries/:deliveryId/deliver": courier("own delivery"),
  "POST /v1/deliveries/:deliveryId/fail": courier("own delivery"),

  "POST /internal/couriers/search": dispatcher,
  "GET /internal/couriers/free": dispatcher,
  "GET /internal/couriers/on-duty": dispatcher,
  "POST /internal/trips": dispatcher,
  "PUT /internal/deliveries/erasure": dispatcher,
  "PUT /internal/deliveries/:deliveryId/order": dispatcher,
  "GET /internal/token-ends": { services: ["order"] },
};
