// Bodies of requests, as the OpenAPI document shows them.
import { accountExamples } from "@food/shared/accounts/examples";
import type { Examples } from "@food/shared/http/openapi/document";

export const examples: Examples = {
  ...accountExamples("couriers"),
  "POST /v1/couriers": {
    email: "ada@example.com",
    password: "correct horse battery",
    name: "Kim",
    phone: "+49 151 1234567",
    vehicle: "bicycle",
  },
  "PATCH /v1/couriers/me": { vehicle: "cargo_bike" },
  "PUT /v1/couriers/me/availability": { available: true },
  "PUT /v1/couriers/me/location": { location: { lat: 52.522, lng: 13.405 } },
  "POST /v1/deliveries/:deliveryId/deliver": { pin: "0417" },
  "POST /v1/deliveries/:deliveryId/fail": { reason: "customer_unavailable" },
};
