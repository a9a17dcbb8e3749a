import type { MessageStore } from "./messages/store.ts";
import type { EndpointStore } from "./store.ts";

interface Deps {
  endpoints: EndpointStore;
  messages: MessageStore;
}

/** The messages first, so that a repetition after a crash finds the rest. A message that is added meanwhile is removed
 * when it is due. */
export async function removeWebhook(
  { endpoints, messages }: Deps,
  restaurantId: string,
  webhookId: string,
): Promise<void> {
  await endpoints.get(restaurantId, webhookId);
  await messages.removeAll(webhookId);
  await endpoints.remove(webhookId);
}

/** Of a deleted restaurant. */
export async function removeWebhooks(deps: Deps, restaurantId: string): Promise<void> {
  for (const { _id } of await deps.endpoints.list(restaurantId)) await removeWebhook(deps, restaurantId, _id);
}
