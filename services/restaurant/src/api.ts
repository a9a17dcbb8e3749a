import type { ApiInfo } from "@food/shared/http/openapi/document";
import { examples } from "./examples.ts";
import * as schemas from "./schemas.ts";

/** What the OpenAPI document says about the service as a whole. */
export const api: ApiInfo = {
  title: "Restaurant service",
  description: "The restaurants' API: manage the menu, open and close, handle orders. Public: browse.",
  tags: {
    restaurants: "My restaurant: profile, hours, zones, and whether it takes orders.",
    staff: "Who works here, in which role, and who is invited.",
    dishes: "My menu, with what is sold out and how many portions are left.",
    "option groups": "Sizes, toppings and other choices that dishes offer.",
    orders: "The kitchen: accept or reject, cook, report ready.",
    browse: "What customers see. Needs no token.",
  },
  schemas,
  examples,
};
