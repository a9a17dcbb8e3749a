import { accountAccess } from "@food/shared/accounts/access";
import { type AccessTable, ANYONE } from "@food/shared/auth/access";
import { OPERATIONS } from "@food/shared/service/operations-access";

const customer = (owns: string) => ({ roles: ["customer"], owns });

/** Who may call which route. */
export const access: AccessTable = {
  ...OPERATIONS,
  ...accountAccess("customers", "customer"),
  "POST /v1/customers": ANYONE,
  "GET /v1/customers/me": customer("self"),
  "PATCH /v1/customers/me": customer("self"),
  "DELETE /v1/customers/me": customer("self"),
  "GET /v1/customers/me/addresses": customer("own addresses"),
  "POST /v1/customers/me/addresses": customer("own addresses"),
  "PATCH /v1/customers/me/addresses/:addressId": customer("own address"),
  "DELETE /v1/customers/me/addresses/:addressId": customer("own address"),

  "GET /v1/restaurants": ANYONE,
  "GET /v1/search": ANYONE,
  "GET /v1/restaurants/:restaurantId": ANYONE,
  "GET /v1/restaurants/:restaurantId/menu": ANYONE,
  "GET /v1/restaurants/:restaurantId/delivery": ANYONE,

  "POST /v1/quotes": customer("own address"),
  "POST /v1/orders": customer("own address"),
  "GET /v1/orders": customer("own orders"),
  "GET /v1/orders/:orderId": customer("own order"),
  "PUT /v1/orders/:orderId/tip": customer("own order"),
  "POST /v1/orders/:orderId/cancel": customer("own order"),
  "GET /internal/token-ends": { services: ["order"] },
};
