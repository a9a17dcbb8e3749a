import type { OrderEvent } from "../orders/order.ts";
import { ORDER_EVENTS, type OrderEventName, type OrderWebhookEvent } from "./schema.ts";

const NAMES: ReadonlySet<string> = new Set(ORDER_EVENTS);

export const isSent = (type: string): type is OrderEventName => NAMES.has(type);

/** Undefined for events that no webhook receives. */
export function webhookEvent(
  orderId: string,
  restaurantId: string,
  { type, at, sequence, to, from, actor, reason, prepMinutes }: OrderEvent,
): OrderWebhookEvent | undefined {
  if (!isSent(type)) return undefined;
  return {
    type: `order.${type}`,
    timestamp: at.toISOString(),
    data: {
      ...{ orderId, restaurantId, sequence, status: to, previousStatus: from, by: actor.role },
      ...(reason && { reason }),
      ...(prepMinutes && { prepMinutes }),
    },
  };
}

export const PING = "webhook.ping";
export const pingEvent = (webhookId: string, now: Date) => ({
  ...{ type: PING, timestamp: now.toISOString(), data: { webhookId } },
});
