import type { MessageStore } from "./messages/store.ts";
import type { EndpointStore } from "./store.ts";

interface Deps {
  endpoints: EndpointStore;
  messages: MessageStore;
}

/** The messages first, so that a repetition after a crash finds the rest. A message that is added meanwhile is removed
 * when it is due. */
async function remove({ endpoints, messages }: Deps, webhookId: string): Promise<void> {
  await messages.removeAll(webhookId);
  await endpoints.remove(webhookId);
}

/** Throws 404 for another restaurant's. */
export async function removeWebhook(deps: Deps, restaurantId: string, webhookId: string): Promise<void> {
  await deps.endpoints.get(restaurantId, webhookId);
  await remove(deps, webhookId);
}

/** Of a deleted restaurant. */
export async function removeWebhooks(deps: Deps, restaurantId: string): Promise<void> {
  for (const { _id } of await deps.endpoints.list(restaurantId)) await remove(deps, _id);
}
