// A restaurant's orders. The order service decides, and its responses pass through byte for byte.

import { withCaller } from "@food/shared/auth/guard";
import { OPEN_ORDERS_MAX, Order, OrderPage, OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import type { OwnerStreams } from "@food/shared/live/owner-streams";
import { StreamTicket, type StreamTickets, TICKET_RULES, TicketQuery } from "@food/shared/live/tickets";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { listOrders, moveOrder, orderOf } from "../clients/orders.ts";
import { Accept, Cancel, OrderQuery, Prepare, Reject } from "./schema.ts";

export interface OrderRouteDeps {
  orders: ServiceClient;
  orderStreams: OwnerStreams;
  tickets: StreamTickets;
}

const detail = detailOf("orders");
const refusals = { 503: problems("DEPENDENCY_UNAVAILABLE") };
const missing = { 404: problems("ORDER_NOT_FOUND") };
const answers = {
  200: Order,
  ...missing,
  409: problems("ILLEGAL_MOVE", "MOVE_ALREADY_MADE", "ORDER_BUSY"),
  422: Problem,
  503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
};
const PREPARING_CODES = problems("ACCEPT_DEADLINE_PASSED", "ILLEGAL_MOVE", "MOVE_ALREADY_MADE", "ORDER_BUSY");

const EVENTS = `Server-sent events, so that a kitchen need not poll. Send the token in the Authorization header
and read them with fetch, or open an \`EventSource\` with a \`ticket\`; when it closes, connect again with a new one. Every connection begins with a snapshot, so \`Last-Event-ID\` is not needed. An order that is missing from a
snapshot without \`more\` is no longer open. An order's \`version\` never decreases.

| event | data |
| --- | --- |
| \`snapshot\` | the first event. \`items\`: our open orders, oldest first. \`more\`: true when there are more than these ${OPEN_ORDERS_MAX} |
| \`order\` | an order that is new or has changed. With a final \`status\` it is the last event of that order. The event id is \`<orderId>:<version>\` |
| \`more\` | \`more\`: whether there are more open orders than the oldest ${OPEN_ORDERS_MAX}, which this stream follows. When one of these ends, the next follows. \`GET /v1/orders?open=true\` lists all |
| \`degraded\`, \`live\` | \`degraded\`: updates are delayed by a second or two. \`live\`: updates come at once again |
| \`heartbeat\` | every 15 s; its \`region\` where the platform has one |
| \`end\` | the last event; \`reason\`: \`signed_out\` (the session has ended), \`token_expired\` or \`too_slow\` (connect again) |
| \`reconnect\` | the process stops: connect again |

Changes in quick succession may come as one event. An order that is placed and ends between two reads sends none. A change
of only the estimate sends none.`;

export const orderRoutes = ({ orders, orderStreams, tickets }: OrderRouteDeps) =>
  new Elysia({ name: "orders" })
    .use(withCaller())
    .get("/v1/orders", ({ caller, query }) => listOrders(orders, { ...query, actorId: caller.id }), {
      query: OrderQuery,
      response: { 200: OrderPage, 400: problems("MALFORMED_CURSOR"), 422: Problem, ...refusals },
      detail: detail(
        "Our orders, newest first; with `open`, only those that have not ended, oldest first",
        "With `status`, only those that have it now. To follow them, use `GET /v1/orders/events` instead of polling this.",
      ),
    })
    .get("/v1/orders/events", ({ caller }) => orderStreams.follow(caller), {
      query: TicketQuery,
      response: { 200: Type.String({ contentMediaType: "text/event-stream" }), 429: Problem, ...refusals },
      detail: detail("Follow our orders live: snapshot, order, heartbeat, end", EVENTS),
    })
    .post(
      "/v1/orders/events/tickets",
      async ({ caller, status }) => status(201, await tickets.issue(caller, "/v1/orders/events")),
      {
        body: NoBody,
        response: { 201: StreamTicket },
        detail: detail("A one-time ticket to follow our orders with an EventSource", TICKET_RULES),
      },
    )
    .get("/v1/orders/:orderId", ({ caller, params }) => orderOf(orders, params.orderId, caller.id), {
      params: OrderParams,
      response: { 200: Order, ...missing, ...refusals },
      detail: detail("One of our orders", "`allowedActions` says what is possible now."),
    })
    .post(
      "/v1/orders/:orderId/accept",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "accept", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Accept,
        response: { ...answers, 409: PREPARING_CODES },
        detail: detail(
          "Accept an order, with the minutes until it is ready",
          "While it is `pending` and before `acceptBy`. The minutes decide when a courier is sent and what the customer is told.",
        ),
      },
    )
    .post(
      "/v1/orders/:orderId/reject",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "reject", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Reject,
        response: answers,
        detail: detail(
          "Reject an order",
          "While it is `pending`; the customer reads the reason. Later cancel it.",
        ),
      },
    )
    .post(
      "/v1/orders/:orderId/prepare",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "prepare", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Prepare,
        response: { ...answers, 409: PREPARING_CODES, 422: problems("PREP_MINUTES_SETTLED") },
        detail: detail(
          "Begin to prepare an order; also accepts a pending one",
          "From then on the customer cannot cancel it. `prepMinutes` only for a `pending` order; for an accepted one they are a 422.",
        ),
      },
    )
    .post(
      "/v1/orders/:orderId/ready",
      ({ caller, params }) => moveOrder(orders, params.orderId, "ready", { actorId: caller.id }),
      {
        params: OrderParams,
        body: NoBody,
        response: answers,
        detail: detail(
          "Mark the food as ready",
          "While it is `accepted` or `preparing`. The courier can then pick it up.",
        ),
      },
    )
    .post(
      "/v1/orders/:orderId/cancel",
      ({ caller, params, body }) =>
        moveOrder(orders, params.orderId, "cancel", { ...body, actorId: caller.id }),
      {
        params: OrderParams,
        body: Cancel,
        response: answers,
        detail: detail(
          "Cancel an accepted order, with a reason",
          "Until a courier has picked it up; the customer reads the reason. Reject a `pending` one instead.",
        ),
      },
    );
