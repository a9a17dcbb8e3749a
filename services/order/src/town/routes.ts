// The town for operators: all of it live, and one order with what can be done for it by hand.
import { withCaller } from "@food/shared/auth/guard";
import { OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { EventStreamDeps } from "@food/shared/live/sse";
import { StreamTicket, type StreamTickets, TICKET_RULES, TicketQuery } from "@food/shared/live/tickets";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type MoveDeps, noSuchOrder } from "../orders/move-order.ts";
import type { OrderDocument } from "../orders/order.ts";
import { viewFor } from "../orders/view.ts";
import { eventView } from "../tracking/timeline.ts";
import type { TownStreams } from "./follow-town.ts";
import { cancelForAll, completeForCourier, reassignOrder } from "./help-order.ts";
import { HelpedOrder, HelpOrder, ReassignOrder, Town } from "./schema.ts";

export type TownRouteDeps = MoveDeps & EventStreamDeps & { tickets: StreamTickets; town: TownStreams };

const STREAM = "/v1/town/events";
const detail = detailOf("town");
const refusals = { 503: Problem };
const missing = { 404: problems("ORDER_NOT_FOUND") };
const helped = {
  params: OrderParams,
  response: {
    200: HelpedOrder,
    ...missing,
    409: problems("ILLEGAL_MOVE", "MOVE_ALREADY_MADE", "COURIER_CHANGED", "ORDER_BUSY"),
    422: Problem,
    503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
  },
};

const EVENTS = `Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
\`EventSource\` with a \`ticket\`. Each connection begins with a snapshot.

| event | data |
| --- | --- |
| \`snapshot\` | first: the body of \`GET /v1/town\` |
| \`changes\` | about twice a second: \`sequence\` (also the id, one more than that of the event before), \`at\`, \`ordersAt\`, \`couriersAt\`, \`isComplete\`, and what has changed: whole items in \`orders\`, \`couriers\` and \`trips\`, the ids of those that are gone in \`endedOrderIds\`, \`goneCourierIds\` and \`endedTripIds\`, and \`figures\` |
| \`heartbeat\` | every 15 s; its \`region\` where the platform has one |
| \`end\` | the last event; \`reason\`: \`signed_out\`, \`token_expired\` or \`too_slow\` (connect again) |
| \`reconnect\` | the process stops: connect again |
| \`error\` | the stream could not be opened: connect again |

\`ordersAt\` or \`couriersAt\` stands still while that part cannot be read: what is shown is as old as that.`;

const view = (order: OrderDocument) => ({
  order: viewFor(order, "operator"),
  timeline: order.events.map(eventView),
});

export const townRoutes = (deps: TownRouteDeps) =>
  new Elysia({ name: "town" })
    .use(withCaller())
    .get("/v1/town", async ({ status }) => status(200, await deps.town.town()), {
      response: { 200: Town, ...refusals },
      detail: detail("Orders under way, couriers, trips and figures", "At most some two seconds old."),
    })
    .get(STREAM, ({ caller }) => deps.town.follow(deps, caller), {
      query: TicketQuery,
      response: { 200: Type.String({ contentMediaType: "text/event-stream" }), 429: Problem, ...refusals },
      detail: detail("Follow the town live: a snapshot, then changes", EVENTS),
    })
    .post(
      "/v1/town/events/tickets",
      async ({ caller, status }) => status(201, await deps.tickets.issue(caller, STREAM)),
      {
        body: NoBody,
        response: { 201: StreamTicket, ...refusals },
        detail: detail("A one-time ticket to follow the town with an EventSource", TICKET_RULES),
      },
    )
    .get(
      "/v1/town/orders/:orderId",
      async ({ params, status }) => {
        const order = await deps.orders.find(params.orderId);
        if (!order) throw noSuchOrder();
        return status(200, view(order));
      },
      {
        params: OrderParams,
        response: { 200: HelpedOrder, ...missing, ...refusals },
        detail: detail(
          "One order with its timeline",
          "Any order, also one that has ended. The timeline has every change, oldest first: what, when, by whom and why. Only its customer reads the PIN.",
        ),
      },
    )
    .post(
      "/v1/town/orders/:orderId/cancel",
      async ({ caller, params, body, status }) =>
        status(200, view(await cancelForAll(deps, params.orderId, caller.id, body.reason))),
      {
        ...helped,
        body: HelpOrder,
        detail: detail(
          "Cancel an open order",
          "Before the pickup the order becomes `cancelled`; afterwards `delivery_failed`, because the food is out. 409 once it has ended. Sent again with the same reason, it changes nothing.",
        ),
      },
    )
    .post(
      "/v1/town/orders/:orderId/complete",
      async ({ caller, params, body, status }) =>
        status(200, view(await completeForCourier(deps, params.orderId, caller.id, body.reason))),
      {
        ...helped,
        body: HelpOrder,
        detail: detail(
          "Record a delivery that the courier cannot report",
          "Needs no PIN. 409 before the pickup and after the end. Sent again with the same reason, it changes nothing.",
        ),
      },
    )
    .post(
      "/v1/town/orders/:orderId/reassign",
      async ({ caller, params, body, status }) =>
        status(200, view(await reassignOrder(deps, params.orderId, caller.id, body))),
      {
        ...helped,
        body: ReassignOrder,
        detail: detail(
          "Take an order from its courier, and look for another one",
          "That courier is not offered it again. 409 `COURIER_CHANGED` when it is no longer theirs; 409 after the pickup. Sent again, it changes nothing.",
        ),
      },
    );
