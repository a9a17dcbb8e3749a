import type { ApiInfo } from "@food/shared/http/openapi/document";
import { examples } from "./examples.ts";
import * as schemas from "./schemas.ts";

/** What the OpenAPI document says about the service as a whole. */
export const api: ApiInfo = {
  title: "Delivery service",
  description: "Couriers: come on duty, get assigned, pick up, deliver.",
  tags: {
    couriers: "My account, whether I am on duty, and where I am.",
    trips: "My trip: one pickup and its doors, in sequence.",
    deliveries: "Each delivery of my trips, to the hand-over with the customer's PIN.",
  },
  schemas,
  examples,
};
