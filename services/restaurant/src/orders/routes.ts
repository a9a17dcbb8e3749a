// The restaurant works through its orders; the order service decides and answers, byte for byte.
import { authenticated } from "@food/shared/auth/authenticated";
import type { VerifyToken } from "@food/shared/auth/tokens";
import { OPEN_ORDERS_MAX, Order, OrderPage, OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { Problem } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import type { OwnerStreams } from "@food/shared/live/owner-streams";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { listOrders, moveOrder, orderOf } from "../clients/orders.ts";
import { Accept, Cancel, OrderQuery, Prepare, Reject } from "./schema.ts";

export interface OrderRouteDeps {
  orders: ServiceClient;
  orderStreams: OwnerStreams;
  verifyToken: VerifyToken;
}

const mine = (summary: string) => ({ tags: ["orders"], summary, security: [{ bearer: [] }] });
const refusals = { 401: Problem, 403: Problem, 503: Problem };
const answers = { 200: Order, 404: Problem, 409: Problem, ...refusals };

const EVENTS = `Server-sent events, for a kitchen that need not poll; the token goes into the Authorization header, so read them
with fetch. Every connection begins with a snapshot, so \`Last-Event-ID\` is not needed: unless it says \`more\`, what is
missing from it is not open any more. What an order is told of never goes back to an older \`version\`.

| event | data |
| --- | --- |
| \`snapshot\` | first: \`items\`, our open orders, oldest first; \`more\`: true when there are more than these ${OPEN_ORDERS_MAX} |
| \`order\` | an order that is new or has changed, as it is now; with a final \`status\` it is the last of that order. Its id is \`<orderId>:<version>\` |
| \`more\` | \`more\`: whether there are more open orders than are told of here, the oldest ${OPEN_ORDERS_MAX}. The next one is told of as soon as one of these ends; all of them are at \`GET /v1/orders?open=true\` |
| \`degraded\`, \`live\` | news is slower for a while (a second or two), and as fast as ever again |
| \`heartbeat\` | every 15 s |
| \`end\` | the last event; \`reason\`: \`token_expired\` or \`too_slow\` (connect again) |
| \`reconnect\` | the process stops: connect again |

Changes that come close together may be told as one, and an order that comes and ends between two readings not at all.
An estimate alone that moves is not told.`;

export const orderRoutes = ({ orders, orderStreams, verifyToken }: OrderRouteDeps) =>
  new Elysia({ name: "orders" })
    .use(authenticated(verifyToken, "restaurant"))
    .get("/v1/orders", ({ caller, query }) => listOrders(orders, { ...query, actorId: caller.id }), {
      query: OrderQuery,
      response: { 200: OrderPage, 400: Problem, 422: Problem, ...refusals },
      detail: mine("Our orders, newest first; with open, those that have not ended, oldest first"),
    })
    .get("/v1/orders/events", ({ caller }) => orderStreams.follow(caller), {
      response: { 200: Type.String({ contentMediaType: "text/event-stream" }), 429: Problem, ...refusals },
      detail: { ...mine("Follow our orders live: snapshot, order, heartbeat, end"), description: EVENTS },
    })
    .get("/v1/orders/:orderId", ({ caller, params }) => orderOf(orders, params.orderId, caller.id), {
      params: OrderParams,
      response: { 200: Order, 404: Problem, ...refusals },
      detail: mine("One of our orders"),
    })
    .post(
      "/v1/orders/:orderId/accept",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "accept", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Accept,
        response: { ...answers, 422: Problem },
        detail: mine("Take it on, ready in so many minutes"),
      },
    )
    .post(
      "/v1/orders/:orderId/reject",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "reject", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Reject,
        response: { ...answers, 422: Problem },
        detail: mine("Do not take it on"),
      },
    )
    .post(
      "/v1/orders/:orderId/prepare",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "prepare", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Prepare,
        response: { ...answers, 422: Problem },
        detail: {
          ...mine("The kitchen has begun; accepts a pending one too"),
          description:
            "prepMinutes only for an order that is pending: later they would have no effect, and are a 422",
        },
      },
    )
    .post(
      "/v1/orders/:orderId/ready",
      ({ caller, params }) => moveOrder(orders, params.orderId, "ready", { actorId: caller.id }),
      {
        params: OrderParams,
        body: NoBody,
        response: { ...answers, 422: Problem },
        detail: mine("The food stands ready"),
      },
    )
    .post(
      "/v1/orders/:orderId/cancel",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "cancel", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Cancel,
        response: { ...answers, 422: Problem },
        detail: mine("Give it up after accepting it, with a reason"),
      },
    );
