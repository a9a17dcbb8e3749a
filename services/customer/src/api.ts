import type { ApiInfo } from "@food/shared/http/openapi/document";
import { examples } from "./examples.ts";
import * as schemas from "./schemas.ts";

/** What the OpenAPI document says about the service as a whole. */
export const api: ApiInfo = {
  title: "Customer service",
  description:
    "The customers' API: sign up, manage addresses, browse restaurants and menus, place and read orders.",
  tags: {
    browse: "Restaurants, menus, delivery terms and search. Needs no token.",
    customers: "My account.",
    addresses: "Where my orders go.",
    orders: "Prices of carts, and my orders from placing to the tip. Follow one live at the order service.",
  },
  schemas,
  examples,
};
