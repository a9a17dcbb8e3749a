import type { Message } from "./messages/store.ts";
import type { Webhook, WebhookDelivery } from "./schema.ts";
import type { Endpoint } from "./store.ts";

export const webhookView = (endpoint: Endpoint): Webhook => {
  const { _id, url, events, description, disabledReason, failingSince, createdAt } = endpoint;
  return {
    ...{ webhookId: _id, url, events, ...(description !== undefined && { description }) },
    ...{ enabled: disabledReason === undefined, ...(disabledReason && { disabledReason }) },
    ...(failingSince && { failingSince: failingSince.toISOString() }),
    createdAt: createdAt.toISOString(),
  };
};

export function messageView(message: Message): WebhookDelivery {
  const { _id, type, orderId, status, attempts, createdAt, dueAt, lastAttemptAt, last } = message;
  const { statusCode = undefined, durationMs = undefined } = last && "durationMs" in last ? last : {};
  return {
    ...{ messageId: _id, type, status, attempts, createdAt: createdAt.toISOString() },
    ...(orderId && { orderId }),
    ...(lastAttemptAt && { lastAttemptAt: lastAttemptAt.toISOString() }),
    ...(statusCode && { lastStatusCode: statusCode }),
    ...(last?.error && { lastError: last.error }),
    ...(durationMs !== undefined && { durationMs }),
    ...(dueAt && { nextAttemptAt: dueAt.toISOString() }),
  };
}
