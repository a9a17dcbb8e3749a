// Bodies of requests, as the OpenAPI document shows them.
import { givenAccountExamples } from "@food/shared/accounts/examples";
import type { Examples } from "@food/shared/http/openapi/document";

export const examples: Examples = {
  ...givenAccountExamples("operators"),
  "POST /v1/operators": { email: "ada@example.com", password: "correct horse battery", name: "Ada Lovelace" },
  "POST /v1/town/orders/:orderId/cancel": { reason: "The kitchen has a power cut" },
  "POST /v1/town/orders/:orderId/complete": { reason: "The customer called: the food is there" },
  "POST /v1/town/orders/:orderId/reassign": {
    courierId: "crr_01k9v3e6m2x8r4t7w0z5b1c3d6",
    reason: "The bicycle is broken",
  },
  "POST /v1/webhooks": {
    url: "https://pos.example.com/hooks/orders",
    events: ["order.placed", "order.cancelled"],
    description: "Till at the counter",
  },
  "PATCH /v1/webhooks/:webhookId": { enabled: false },
};
