import { withCaller } from "@food/shared/auth/guard";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { conflict, notFound, unprocessable } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Message, MessageStore } from "./messages/store.ts";
import { newMessage } from "./queue-event.ts";
import { removeWebhook } from "./remove-webhook.ts";
import {
  ChangeWebhook,
  CreatedWebhook,
  MessageCursor,
  MessageParams,
  MessageQuery,
  NewWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookList,
  WebhookParams,
  WebhookSecret,
} from "./schema.ts";
import { isAllowedUrl, type Targets } from "./sending/post.ts";
import { ENDPOINTS_MAX, type Endpoint, type EndpointStore } from "./store.ts";
import { messageView, webhookView } from "./view.ts";
import { PING, pingEvent } from "./webhook-event.ts";

export interface WebhookRouteDeps {
  endpoints: EndpointStore;
  messages: MessageStore;
  targets: Targets;
  /** The restaurant may have an enabled endpoint from now on. */
  subscribed: (restaurantId: string) => void;
  /** There may be a message to send. */
  wake: () => void;
}

const WEBHOOKS = "/v1/webhooks";
const SIGNED = `Each message is a POST with the headers of [Standard Webhooks](https://www.standardwebhooks.com): verify it with
the \`secret\` in this answer, which no other answer has. A message comes at least once, and those of one order come in order.
Answer with 2xx within 10 s. Otherwise it is sent again, with back-off, for almost a day; 410 disables the endpoint.`;
const detail = detailOf("webhooks");
const missing = { 404: problems("WEBHOOK_NOT_FOUND") };

export function webhookRoutes({ endpoints, messages, targets, subscribed, wake }: WebhookRouteDeps) {
  function requireAllowedUrl(url: string | undefined) {
    if (url === undefined || isAllowedUrl(url, targets)) return;
    throw unprocessable("URL_NOT_ALLOWED", "Webhooks are sent to public names over https, on port 443.", {
      details: [{ pointer: "/url", detail: "An https URL with a public domain name, without a port" }],
    });
  }

  function requireEnabled({ disabledReason }: Endpoint) {
    if (disabledReason)
      throw conflict("WEBHOOK_DISABLED", "The webhook is disabled. Enable it with PATCH first.");
  }

  async function sendPing(webhookId: string): Promise<Message> {
    const now = new Date();
    const payload = JSON.stringify(pingEvent(webhookId, now));
    const message = newMessage({ _id: newId("msg"), webhookId, type: PING, payload }, now);
    await messages.add([message], now);
    wake();
    return message;
  }

  async function replay(webhookId: string, messageId: string): Promise<Message> {
    const replayed = await messages.replay(webhookId, messageId, new Date());
    wake();
    if (replayed) return replayed;
    if (await messages.find(webhookId, messageId))
      throw conflict("DELIVERY_PENDING", "The message has not ended: it will be sent again by itself.");
    throw notFound("DELIVERY_NOT_FOUND", "The webhook has no such delivery.");
  }

  return new Elysia({ name: "webhooks" })
    .use(withCaller())
    .post(
      WEBHOOKS,
      async ({ caller, body, status }) => {
        requireAllowedUrl(body.url);
        const endpoint = await endpoints.add(caller.id, body);
        subscribed(caller.id);
        return status(201, { ...webhookView(endpoint), secret: endpoint.secret });
      },
      {
        body: NewWebhook,
        response: {
          201: CreatedWebhook,
          409: problems("TOO_MANY_WEBHOOKS", "WEBHOOK_BUSY"),
          422: problems("URL_NOT_ALLOWED"),
        },
        detail: detail("Receive events of orders at your URL", SIGNED),
      },
    )
    .get(
      WEBHOOKS,
      async ({ caller, status }) =>
        status(200, { items: (await endpoints.list(caller.id)).map(webhookView), nextCursor: null }),
      {
        response: { 200: WebhookList },
        detail: detail(
          "My webhooks, oldest first",
          `At most ${ENDPOINTS_MAX}, in one page, also disabled ones. Without their secrets.`,
        ),
      },
    )
    .get(
      `${WEBHOOKS}/:webhookId`,
      async ({ caller, params, status }) =>
        status(200, webhookView(await endpoints.get(caller.id, params.webhookId))),
      {
        params: WebhookParams,
        response: { 200: Webhook, ...missing },
        detail: detail(
          "One of my webhooks",
          "Without its secret. `disabledReason` says why it is disabled, and `failingSince` since when all attempts fail.",
        ),
      },
    )
    .patch(
      `${WEBHOOKS}/:webhookId`,
      async ({ caller, params, body, status }) => {
        requireAllowedUrl(body.url);
        const endpoint = await endpoints.change(caller.id, params.webhookId, body);
        if (endpoint.disabledReason) await messages.giveUp(endpoint._id);
        else subscribed(caller.id);
        return status(200, webhookView(endpoint));
      },
      {
        params: WebhookParams,
        body: ChangeWebhook,
        response: { 200: Webhook, 422: problems("URL_NOT_ALLOWED"), ...missing },
        detail: detail(
          "Change, disable or enable a webhook",
          "Disabling gives up what waits. Another URL is used from the next attempt on, also for messages that wait.",
        ),
      },
    )
    .delete(
      `${WEBHOOKS}/:webhookId`,
      async ({ caller, params, status }) => {
        await removeWebhook({ endpoints, messages }, caller.id, params.webhookId);
        return status(204, undefined);
      },
      {
        params: WebhookParams,
        response: { 204: Type.Void(), ...missing },
        detail: detail(
          "Delete a webhook, what waits for it, and its log",
          "A request that is under way may still arrive.",
        ),
      },
    )
    .post(
      `${WEBHOOKS}/:webhookId/secret`,
      async ({ caller, params, status }) => {
        const { secret, previousValidUntil } = await endpoints.replaceSecret(caller.id, params.webhookId);
        return status(200, { secret, previousValidUntil: previousValidUntil.toISOString() });
      },
      {
        params: WebhookParams,
        body: NoBody,
        response: { 200: WebhookSecret, 409: problems("WEBHOOK_BUSY"), ...missing },
        detail: detail(
          "Replace the secret",
          "For a day messages have two signatures, one with each secret. A secret from before that ends at once.",
        ),
      },
    )
    .post(
      `${WEBHOOKS}/:webhookId/test`,
      async ({ caller, params, status }) => {
        requireEnabled(await endpoints.get(caller.id, params.webhookId));
        return status(202, messageView(await sendPing(params.webhookId)));
      },
      {
        params: WebhookParams,
        body: NoBody,
        response: { 202: WebhookDelivery, 409: problems("WEBHOOK_DISABLED"), ...missing },
        detail: detail(
          "Send a test message",
          "Its type is `webhook.ping`, also for an endpoint that names its events.",
        ),
      },
    )
    .get(
      `${WEBHOOKS}/:webhookId/deliveries`,
      async ({ caller, params, query, status }) => {
        const { _id } = await endpoints.get(caller.id, params.webhookId);
        const { limit = PAGE_SIZE_DEFAULT, cursor } = query;
        const rows = await messages.list(_id, limit + 1, decodeCursor(MessageCursor, cursor)?.after);
        const page = toPage(rows, limit, messageView, (message) => ({ after: message._id }));
        return status(200, page);
      },
      {
        params: WebhookParams,
        query: MessageQuery,
        response: { 200: WebhookDeliveryPage, 400: problems("MALFORMED_CURSOR"), 422: Problem, ...missing },
        detail: detail(
          "The delivery log: messages of the last 30 days, newest first",
          "One entry for each message, with its attempts, the last outcome and when it is sent again. An ended one can be sent again with `replay`.",
        ),
      },
    )
    .post(
      `${WEBHOOKS}/:webhookId/deliveries/:messageId/replay`,
      async ({ caller, params, status }) => {
        requireEnabled(await endpoints.get(caller.id, params.webhookId));
        return status(202, messageView(await replay(params.webhookId, params.messageId)));
      },
      {
        params: MessageParams,
        body: NoBody,
        response: {
          202: WebhookDelivery,
          404: problems("WEBHOOK_NOT_FOUND", "DELIVERY_NOT_FOUND"),
          409: problems("WEBHOOK_DISABLED", "DELIVERY_PENDING"),
        },
        detail: detail(
          "Send an ended message again",
          "With the same `webhook-id` and body, and with retries. It waits for no other message of the order.",
        ),
      },
    );
}
