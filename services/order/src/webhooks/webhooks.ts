// Webhooks of restaurants: what the rest of the service sees of them.
import type { DisabledWebhook } from "@food/shared/contracts/webhooks";
import type { Log } from "@food/shared/observe/log";
import type { Metrics } from "@food/shared/observe/metrics";
import { outboxWorker } from "@food/shared/outbox/outbox";
import type { SealedText } from "@food/shared/storage/sealed-text";
import type { SharedFigures } from "@food/shared/storage/shared-figures";
import { Counter, Gauge } from "prom-client";
import type { NotifyWebhooks } from "../orders/order.ts";
import { messageStore } from "./messages/store.ts";
import { type QueueDeps, queueEvent } from "./queue-event.ts";
import { removeWebhooks } from "./remove-webhook.ts";
import { type Post, postTo, resolveHost, type Targets } from "./sending/post.ts";
import { pauseMs } from "./sending/schedule.ts";
import { startSending } from "./sending/send-messages.ts";
import { type Endpoint, endpointStore, type TellOwners } from "./store.ts";
import { startSubscribers } from "./subscribers.ts";
import { isSent } from "./webhook-event.ts";

export interface WebhookSettings {
  post: Post;
  pauseMs: (failures: number) => number | undefined;
  everyMs: number;
}

const TIMEOUT_MS = 10_000;
/** Of workers that nothing wakes. They wake themselves when a message is due. */
const EVERY_MS = 5_000;

export function startWebhooks(deps: {
  db: Parameters<typeof endpointStore>[0];
  metrics: Metrics;
  figures: SharedFigures;
  log: Log;
  targets: Targets;
  sealed: SealedText;
  /** Tells the restaurant's owners that a webhook is disabled. Throws unless that is accepted. */
  tellOwners: (restaurantId: string, webhookId: string, disabled: DisabledWebhook) => Promise<void>;
  /** Other settings than the usual ones, for tests. */
  settings?: Partial<WebhookSettings>;
}) {
  const { db, log, targets } = deps;
  const endpoints = endpointStore(db, deps.sealed);
  const messages = messageStore(db);
  const subscribers = startSubscribers(endpoints, log);
  const attempts = new Counter({
    name: "webhook_attempts_total",
    help: "Requests to webhooks, by outcome",
    labelNames: ["outcome"],
    registers: [deps.metrics.registry],
  });
  const readDue = deps.figures("webhooks_due", async () => ({
    oldestMs: await messages.oldestDueMs(new Date()),
  }));
  new Gauge({
    name: "webhook_oldest_due_age_seconds",
    help: "Age of the oldest message that should be sent by now, without those to failing webhooks",
    registers: [deps.metrics.registry],
    async collect() {
      this.set(((await readDue()).oldestMs ?? Number.NaN) / 1_000);
    },
  });
  const notices = outboxWorker<TellOwners, Endpoint>({
    ...{ collection: endpoints.collection, log },
    async deliver(webhookId, { reason }) {
      const endpoint = await endpoints.find(webhookId);
      if (endpoint)
        await deps.tellOwners(endpoint.restaurantId, webhookId, { host: new URL(endpoint.url).host, reason });
    },
  });
  const sending = startSending({
    ...{ endpoints, messages, log, pauseMs, everyMs: EVERY_MS },
    post: postTo({ targets, timeoutMs: TIMEOUT_MS, resolve: resolveHost }),
    onAttempt: (outcome) => attempts.inc({ outcome }),
    onDisabled: notices.wake,
    ...deps.settings,
  });
  const queue: QueueDeps = { enabledOf: subscribers.enabledOf, messages, wake: sending.wake };
  const routes = {
    ...{ endpoints, messages, targets, wake: sending.wake, subscribed: subscribers.add },
  };

  return {
    routes,
    /** Whether the restaurant's webhooks may wait for events of this type. */
    isAwaited: (restaurantId: string, type: string) => isSent(type) && subscribers.mayHave(restaurantId),
    /** Of a deleted restaurant, with their messages. */
    removeAll: (restaurantId: string) => removeWebhooks({ endpoints, messages }, restaurantId),
    /** The outbox of notices to restaurants' owners. */
    notices,
    queueEvent: (orderId: string, entry: NotifyWebhooks) => queueEvent(queue, orderId, entry),
    ensureIndexes: () => Promise.all([endpoints.ensureIndexes(), messages.ensureIndexes()]),
    stop: () => Promise.all([subscribers.stop(), sending.stop(), notices.stop()]),
  };
}
