// A receiver of webhooks on this machine, and a restaurant with webhooks, for tests.
import { type Answer, call, cleanUp } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { Webhook as Verifier } from "standardwebhooks";
import type { OrderService } from "../order-service.builder.ts";
import type { NewWebhook, Webhook, WebhookDelivery } from "./schema.ts";
import type { Post } from "./sending/post.ts";

export interface Received {
  headers: Record<string, string>;
  body: string;
  event: { type: string; timestamp: string; data: { orderId?: string; sequence?: number } };
}

export interface Receiver {
  url: string;
  received: Received[];
  /** The answer to each request; replace it to fail. */
  answer: (received: Received) => Response | Promise<Response>;
}

export function startReceiver(): Receiver {
  const received: Received[] = [];
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 255 },
    async fetch(request) {
      const body = await request.text();
      const one = { headers: request.headers.toJSON(), body, event: JSON.parse(body) };
      received.push(one);
      return receiver.answer(one);
    },
  });
  cleanUp(() => server.stop(true));
  const receiver: Receiver = {
    ...{ url: `${server.url.origin}/hooks`, received },
    answer: () => new Response(null, { status: 204 }),
  };
  return receiver;
}

/** Throws when no signature is by this secret. */
export const verified = (secret: string, { body, headers }: Received): unknown =>
  new Verifier(secret).verify(body, headers);

export interface Page {
  items: WebhookDelivery[];
  nextCursor: string | null;
}

/** A restaurant and its calls, as its owner or as other staff. */
export function newRestaurant(service: Pick<OrderService, "url" | "restaurant">, staffRole = "owner") {
  const id = newId("rst");
  const token = service.restaurant.sign({
    ...{ subject: id, role: "restaurant", audience: ["order"], ttlSeconds: 300 },
    actor: { id: newId("stf"), staffRole },
  });
  const send = async <T = Record<string, unknown>>(
    route: `${string} /${string}`,
    body?: object,
  ): Promise<Answer<T>> => call<T>(service.url, route, { token: await token, ...(body && { body }) });
  return {
    id,
    token,
    send,
    add: async (given: Partial<NewWebhook> = {}) =>
      (
        await send<Webhook & { secret: string }>("POST /v1/webhooks", {
          url: "https://example.com",
          ...given,
        })
      ).body,
    log: async (webhookId: string) =>
      (await send<Page>(`GET /v1/webhooks/${webhookId}/deliveries`)).body.items,
  };
}

/** A sender whose requests last until the test answers them. */
export function heldPost() {
  const open: { url: string; id: string; answer: (statusCode: number) => void }[] = [];
  const post: Post = (url, headers) =>
    new Promise((resolve) => {
      const answer = (statusCode: number) => {
        open.splice(open.indexOf(one), 1);
        resolve({ statusCode, ...(statusCode >= 300 && { error: "status" }), durationMs: 1 });
      };
      const one = { url, id: headers["webhook-id"] ?? "", answer };
      open.push(one);
    });
  return { open, post };
}
