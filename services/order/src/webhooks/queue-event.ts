import { causeNow } from "@food/shared/observe/spans";
import { derivedId } from "@food/shared/values/id";
import type { NotifyWebhooks } from "../orders/order.ts";
import { type Message, type MessageStore, slotFor } from "./messages/store.ts";
import type { EndpointStore } from "./store.ts";
import { webhookEvent } from "./webhook-event.ts";

export const newMessage = (
  fields: Pick<Message, "_id" | "webhookId" | "type" | "payload" | "orderId" | "sequence">,
  now: Date,
  trace = causeNow(),
): Message => ({
  ...{ ...fields, ...(trace && { trace }) },
  slot: slotFor(fields.webhookId, fields.orderId ?? fields._id),
  ...{ status: "pending", attempts: 0, failures: 0, createdAt: now, dueAt: now },
});

export interface QueueDeps {
  enabledOf: EndpointStore["enabledOf"];
  messages: MessageStore;
  wake: () => void;
}

/** Makes one message for each endpoint that waits for the event. Their ids are derived, so a repeat makes the same ones. */
export async function queueEvent(
  { enabledOf, messages, wake }: QueueDeps,
  orderId: string,
  { restaurantId, event }: NotifyWebhooks,
): Promise<void> {
  const posted = webhookEvent(orderId, restaurantId, event);
  if (!posted) return;
  const { type, data } = posted;
  const all = await enabledOf(restaurantId);
  const waiting = all.filter(({ events }) => events.length === 0 || events.includes(type));
  if (waiting.length === 0) return;
  const now = new Date();
  const payload = JSON.stringify(posted);
  const added = waiting.map(({ _id: webhookId }) => {
    const id = derivedId("msg", `${webhookId}:${orderId}:${data.sequence}`, event.at);
    return newMessage({ _id: id, webhookId, type, payload, orderId, sequence: data.sequence }, now);
  });
  await messages.add(added, now);
  wake();
}
