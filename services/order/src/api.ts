import type { ApiInfo } from "@food/shared/http/openapi/document";
import { examples } from "./examples.ts";
import * as schemas from "./schemas.ts";
import { EVENT_EXAMPLE, OrderWebhookEvent } from "./webhooks/schema.ts";

/** What the OpenAPI document says about the service as a whole. */
export const api: ApiInfo = {
  title: "Order service",
  description:
    "Orders: placed once, moved by the rules, followed live by their customer, restaurant and courier. Sign in at the service that has your account: its tokens are valid here.",
  tags: {
    town: "The whole town live, and help for one order by hand. For operators.",
    operators: "Accounts of operators. There is no sign-up.",
    tracking:
      "One order live: status, position of the courier, timeline. For its customer, restaurant and courier.",
    webhooks:
      "Events of a restaurant's orders, posted to its own URL and signed by the rules of Standard Webhooks. For owners and managers.",
  },
  schemas,
  examples,
  sends: {
    "order.event": {
      tag: "webhooks",
      summary: "An event of an order, posted to your URL",
      description:
        "At least once, and in order for each order. Signed by the rules of [Standard Webhooks](https://www.standardwebhooks.com).",
      headers: {
        "webhook-id": "The message, the same in each attempt",
        "webhook-timestamp": "When this attempt was signed, in seconds since 1970",
        "webhook-signature": "One signature, or two for a day after the secret was replaced",
      },
      schema: OrderWebhookEvent,
      example: EVENT_EXAMPLE,
      answers: {
        "2XX": "The message has arrived: answer within 10 seconds",
        "410": "Disables the webhook",
        default: "The message is sent again, for almost a day",
      },
    },
  },
};
