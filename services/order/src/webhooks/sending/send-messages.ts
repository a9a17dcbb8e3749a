// Sends messages: any replica, at least once, with back-off. A crash before the outcome is stored sends the message again
// after the lease, with the same webhook-id.
import type { DisabledWebhook } from "@food/shared/contracts/webhooks";
import type { Log } from "@food/shared/observe/log";
import { currentTrace, outsideRequests } from "@food/shared/observe/request-scope";
import { callSpan } from "@food/shared/observe/span-types";
import { endSpan, inSpan, isRecorded } from "@food/shared/observe/spans";
import { childOf, traceparentOf } from "@food/shared/observe/trace-context";
import type { Ticker } from "@food/shared/process/ticker";
import { workerPool } from "@food/shared/process/worker-pool";
import { LEASE_MS, type LeasedSlot, type Message, type MessageStore, webhookOf } from "../messages/store.ts";
import { signedHeaders } from "../secrets.ts";
import type { Endpoint, EndpointStore } from "../store.ts";
import type { Attempt, Post } from "./post.ts";
import { FAILING_MAX_MS } from "./schedule.ts";

export interface SendDeps {
  endpoints: EndpointStore;
  messages: MessageStore;
  post: Post;
  pauseMs: (failures: number) => number | undefined;
  everyMs: number;
  log: Log;
  onAttempt: (outcome: string) => void;
  onDisabled: () => void;
}

/** Requests of this process at once, and those of them to endpoints whose last attempt failed, which often wait long. */
export const AT_ONCE = { all: 32, failing: 16 };
/** An attempt does not begin when less than this is left of the lease: the process was paused. */
const NEEDED_MS = LEASE_MS / 2;
/** How long a stop waits for answers. A message without one is sent again by another replica. */
const STOP_MS = 1_000;
const GONE = 410;

export function startSending(deps: SendDeps): Ticker {
  const { endpoints, messages, post, everyMs, log } = deps;
  const abandons = new Set<() => void>();

  async function disable(endpoint: Endpoint, reason: DisabledWebhook["reason"]) {
    await endpoints.disable(endpoint, reason, new Date());
    log.warn({ webhook: endpoint._id, reason }, "Webhook disabled");
    deps.onDisabled();
  }

  /** Stores what the attempt has shown. */
  async function settle(endpoint: Endpoint, message: Message, at: Date, last: Attempt): Promise<void> {
    if (!last.error) {
      await messages.record(message, at, last, { status: "succeeded" });
      if (endpoint.failingSince) await endpoints.succeeded(endpoint);
      return;
    }
    const failingMs = endpoint.failingSince ? at.getTime() - endpoint.failingSince.getTime() : 0;
    const reason = last.statusCode === GONE ? "gone" : failingMs >= FAILING_MAX_MS ? "failing" : undefined;
    if (reason) await disable(endpoint, reason);
    else if (!endpoint.failingSince) await endpoints.failed(endpoint, at);
    const pause = reason ? undefined : deps.pauseMs(message.failures + 1);
    const next =
      pause === undefined
        ? { status: "failed" as const }
        : { status: "pending" as const, dueAt: new Date(Date.now() + pause) };
    await messages.record(message, at, last, next);
  }

  /** Sends one message. Returns whether the attempt failed; undefined when there was none. */
  async function attempt(endpoint: Endpoint, message: Message, until: Date): Promise<boolean | undefined> {
    const at = new Date();
    if (until.getTime() - at.getTime() < NEEDED_MS) return undefined;
    const current = currentTrace();
    const span = current && childOf(current);
    const headers = {
      ...{ "content-type": "application/json", "user-agent": "food-delivery-webhooks/1" },
      ...signedHeaders(await endpoints.secretsOf(endpoint), message._id, message.payload, at),
      // Without tracestate, which is for our own systems.
      ...(span && { traceparent: traceparentOf(span) }),
    };
    const startedAt = performance.now();
    const { promise: abandoned, resolve: abandon } = Promise.withResolvers<void>();
    abandons.add(abandon);
    const outcome = await Promise.race([post(endpoint.url, headers, message.payload), abandoned]);
    abandons.delete(abandon);
    if (span && isRecorded(span))
      endSpan(span, callSpan("POST", "webhook", outcome?.statusCode ?? 0, outcome?.error ?? ""), startedAt);
    if (!outcome) return undefined;
    deps.onAttempt(outcome.error ?? "success");
    await settle(endpoint, message, at, outcome);
    return outcome.error !== undefined;
  }

  async function serve(slot: LeasedSlot): Promise<void> {
    const webhookId = webhookOf(slot);
    const message = await messages.nextOf(slot, new Date());
    const endpoint = message && (await endpoints.find(webhookId));
    let failed: boolean | undefined;
    if (message && !endpoint) return messages.removeAll(webhookId);
    if (endpoint?.disabledReason) await messages.giveUp(webhookId);
    else if (message && endpoint)
      failed = await inSpan("webhook attempt", message.trace, () =>
        attempt(endpoint, message, slot.leasedUntil),
      );
    await messages.release(slot, new Date(), failed);
  }

  /** Workers with a failing slot, or that may lease one now. */
  let failing = 0;
  const pool = workerPool(
    "webhooks",
    { atOnce: AT_ONCE.all, everyMs, log, nextDueAt: messages.nextDueAt },
    async (wakeAnother) => {
      let mayFail = failing < AT_ONCE.failing;
      if (mayFail) failing++;
      try {
        const slot = await messages.lease(new Date(), mayFail);
        if (mayFail && !slot?.failing) {
          failing--;
          mayFail = false;
        }
        if (!slot) return false;
        wakeAnother();
        await serve(slot);
        return true;
      } finally {
        if (mayFail) failing--;
      }
    },
  );

  return {
    ...pool,
    async stop() {
      const abandonAll = () => {
        for (const abandon of abandons) abandon();
      };
      const timer = setTimeout(outsideRequests(abandonAll), STOP_MS);
      await pool.stop();
      clearTimeout(timer);
    },
  };
}
