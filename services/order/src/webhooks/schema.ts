import { OrderId, RestaurantId } from "@food/shared/contracts/ids";
import { OrderStatus } from "@food/shared/contracts/order";
import { WebhookId } from "@food/shared/contracts/webhooks";
import { Instant, Line } from "@food/shared/values/fields";
import { idSchema } from "@food/shared/values/id";
import { oneOf } from "@food/shared/values/one-of";
import { pageOf, pageQuery } from "@food/shared/values/page";
import { stored } from "@food/shared/values/ruled";
import { WEB_URL_MAX } from "@food/shared/values/web-url";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

/** The events of an order that a restaurant's webhooks can receive, in the words of the order's timeline. */
export const ORDER_EVENTS = [
  "placed",
  "accepted",
  "rejected",
  "preparing",
  "ready",
  "courier_assigned",
  "courier_released",
  "courier_at_restaurant",
  "picked_up",
  "delivered",
  "failed",
  "cancelled",
] as const;
export type OrderEventName = (typeof ORDER_EVENTS)[number];
export type WebhookEventType = `order.${OrderEventName}`;
export const WebhookEventType = oneOf(ORDER_EVENTS.map((name): WebhookEventType => `order.${name}`));

const MessageId = idSchema("msg", "A message, the same in each of its attempts: the header webhook-id");

const Url = Type.String({
  pattern: "^https?://[^\\s\\\\]+$",
  maxLength: WEB_URL_MAX,
  description: "Where events are posted: https, a public name, port 443",
  examples: ["https://pos.example.com/hooks/orders"],
});
const Events = Type.Array(WebhookEventType, {
  uniqueItems: true,
  maxItems: ORDER_EVENTS.length,
  description: "The events that it receives; all when empty",
});
const Description = Line(200, "For you");
const Secret = Type.String({
  description: "The key of the signatures. It is shown only here",
  examples: ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
});

export const NewWebhook = Type.Object(
  { url: Url, events: Type.Optional(Events), description: Type.Optional(Description) },
  strict,
);
export type NewWebhook = Static<typeof NewWebhook>;

export const ChangeWebhook = Type.Partial(
  Type.Object(
    {
      url: Url,
      events: Events,
      description: Description,
      enabled: Type.Boolean({
        description:
          "`false` gives up what waits. `true` also enables one that was disabled for its failures",
      }),
    },
    strict,
  ),
  { ...strict, minProperties: 1 },
);
export type ChangeWebhook = Static<typeof ChangeWebhook>;

const DISABLED_REASONS = ["by_owner", "gone", "failing"] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export const Webhook = Type.Object(
  {
    webhookId: WebhookId,
    url: Type.String(),
    events: Events,
    description: Type.Optional(stored(Description)),
    enabled: Type.Boolean(),
    disabledReason: Type.Optional(
      oneOf(DISABLED_REASONS, "`gone`: it answered 410. `failing`: nothing else but failures for a day"),
    ),
    failingSince: Type.Optional(
      Type.String({ description: "The first failure since the last success (RFC 3339)" }),
    ),
    createdAt: Instant,
  },
  strict,
);
export type Webhook = Static<typeof Webhook>;
export const WebhookList = pageOf(Webhook);

export const CreatedWebhook = Type.Object({ ...Webhook.properties, secret: Secret }, strict);
export const WebhookSecret = Type.Object(
  {
    secret: Secret,
    previousValidUntil: Type.String({
      description: "Until then messages are signed with the previous secret, too (RFC 3339)",
    }),
  },
  strict,
);

const WEBHOOK_MESSAGE_STATUSES = ["pending", "succeeded", "failed"] as const;
export type WebhookMessageStatus = (typeof WEBHOOK_MESSAGE_STATUSES)[number];

export const WebhookDelivery = Type.Object(
  {
    messageId: MessageId,
    type: Type.String({ examples: ["order.placed"] }),
    orderId: Type.Optional(OrderId),
    status: oneOf(WEBHOOK_MESSAGE_STATUSES, "`pending`: not sent yet, or will be sent again"),
    attempts: Type.Integer(),
    createdAt: Instant,
    lastAttemptAt: Type.Optional(Type.String({ description: "RFC 3339" })),
    lastStatusCode: Type.Optional(Type.Integer({ description: "Of the last answer" })),
    lastError: Type.Optional(
      Type.String({
        description:
          "Why there was no success: `status`, `timeout`, `connection`, `certificate`, `address` (not public) or `disabled`",
      }),
    ),
    durationMs: Type.Optional(Type.Integer({ description: "Of the last attempt" })),
    nextAttemptAt: Type.Optional(Type.String({ description: "RFC 3339" })),
  },
  strict,
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;
export const WebhookDeliveryPage = pageOf(WebhookDelivery);

export const WebhookParams = Type.Object({ webhookId: WebhookId });
export const MessageParams = Type.Object({ webhookId: WebhookId, messageId: MessageId });
export const MessageQuery = Type.Object(pageQuery);
export const MessageCursor = Type.Object({ after: MessageId }, strict);

/** What is posted. No personal data of the customer: read the order for what you may know of it. */
export const OrderWebhookEvent = Type.Object(
  {
    type: WebhookEventType,
    timestamp: Type.String({ description: "When it happened (RFC 3339)" }),
    data: Type.Object(
      {
        orderId: OrderId,
        restaurantId: RestaurantId,
        sequence: Type.Integer({
          description: "The order's version: increases, with gaps for events that are not sent",
        }),
        status: OrderStatus,
        previousStatus: Type.Union([OrderStatus, Type.Null()]),
        by: Type.String({ description: "`customer`, `restaurant`, `courier` or `system`" }),
        reason: Type.Optional(Type.String()),
        prepMinutes: Type.Optional(Type.Integer()),
      },
      strict,
    ),
  },
  strict,
);
export type OrderWebhookEvent = Static<typeof OrderWebhookEvent>;

export const EVENT_EXAMPLE: OrderWebhookEvent = {
  type: "order.accepted",
  timestamp: "2026-11-29T18:04:11.482Z",
  data: {
    orderId: "ord_01hq2z5v7k3m9x0c4b8n1t6w2y",
    restaurantId: "rst_01hq2z1d0f6g8j2k4m6n8p0r2t",
    sequence: 2,
    status: "accepted",
    previousStatus: "pending",
    by: "restaurant",
    prepMinutes: 12,
  },
};
