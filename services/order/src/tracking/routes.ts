// The tracking routes of an order, for its customer, restaurant and courier. Other callers get a 404.

import { withCaller } from "@food/shared/auth/guard";
import type { Caller } from "@food/shared/auth/tokens";
import type { LocationReport } from "@food/shared/contracts/live";
import { OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { StreamTicket, type StreamTickets, TICKET_RULES, TicketQuery } from "@food/shared/live/tickets";
import { inBackground } from "@food/shared/observe/request-scope";
import { malformed } from "@food/shared/values/errors";
import { etagOf, IfNoneMatch, isFresh } from "@food/shared/values/etag";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { noSuchOrder } from "../orders/move-order.ts";
import { isParty, type OrderDocument } from "../orders/order.ts";
import type { ActorRole } from "../orders/status.ts";
import type { FeedDeps } from "./feed-deps.ts";
import { type FollowDeps, followOrder, publicStatus } from "./follow-order.ts";
import { type LiveOrder, liveOrderOf, mayFollow } from "./live-copy.ts";
import { moveEstimate } from "./move-estimate.ts";
import { LiveStatus, Resume, Timeline } from "./schema.ts";
import { eventForParty } from "./timeline.ts";

export type TrackingDeps = FollowDeps & FeedDeps & { tickets: StreamTickets };

const detail = detailOf("tracking");
const refusals = { 404: problems("ORDER_NOT_FOUND"), 503: Problem };
const actorOf = (caller: Caller) => ({ ...caller, role: caller.role as ActorRole });

const EVENTS = `Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
\`EventSource\` with a \`ticket\`; when it closes, connect again with a new one. A \`Last-Event-ID\` header resumes after that event, on any replica, without a gap or a repetition; after
the final event of an order it answers 204, and an \`EventSource\` stops connecting again.

| event | data |
| --- | --- |
| \`snapshot\` | first, unless resumed: the body of \`/status\`; its id is the order's version |
| \`status\` | a change: \`sequence\` (also the id), \`type\`, \`status\`, \`reason\`, \`at\`, \`readyAt\`, \`estimatedDeliveryAt\`, \`estimateReason\`, \`courier\`, \`stopsBefore\` |
| \`location\` | where the courier is, between assignment and the end, for customer and restaurant: at most every 3 s, and once more when it has become \`stale\` |
| \`estimate\` | \`estimatedDeliveryAt\` has moved by a minute or more, or may have while you were disconnected; \`reason\` is what it depends on, \`kitchen\` or \`courier\` |
| \`degraded\`, \`live\` | events are delayed by a second or two and positions are missing, and then real-time again |
| \`heartbeat\` | every 15 s; its \`region\` where the platform has one |
| \`end\` | the last event; \`reason\`: \`final\` (with the \`status\`), \`released\` (a courier who has lost the order), \`signed_out\` (the session has ended), \`token_expired\` or \`too_slow\` (connect again) |
| \`reconnect\` | the process stops: connect again |
| \`error\` | the stream could not be opened: connect again |`;

/** The version in an ETag of this service. A client that has seen it must not get an older one. */
const versionSeen = (ifNoneMatch: string | undefined) => Number(/"v(\d+)-/.exec(ifNoneMatch ?? "")?.[1] ?? 0);

/** Throws 400 unless Last-Event-ID is a sequence number. */
function sequenceIn(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === "") return undefined;
  if (!/^\d{1,9}$/.test(lastEventId))
    throw malformed(
      "MALFORMED_LAST_EVENT_ID",
      "Last-Event-ID is not valid: send the `id` of an event from this stream, a whole number.",
    );
  return Number(lastEventId);
}

export function trackingRoutes(deps: TrackingDeps) {
  const { orders, live } = deps;

  async function getFollowed(orderId: string, caller: Caller): Promise<OrderDocument> {
    const order = await orders.find(orderId);
    if (!order || !isParty(order, actorOf(caller))) throw noSuchOrder();
    return order;
  }

  /** Polling clients move the estimate, too. */
  async function loadLive(orderId: string, report: LocationReport | undefined): Promise<LiveOrder> {
    const order = await orders.find(orderId);
    if (!order) throw noSuchOrder();
    const moved = await moveEstimate(deps, order, report, new Date());
    if (moved) deps.feeds.notify(orderId, moved);
    const { kind: _, ...estimate } = moved ?? { kind: "" };
    const fresh = { ...liveOrderOf(order), ...estimate };
    inBackground(() => live.keep(fresh));
    return fresh;
  }

  return new Elysia({ name: "tracking" })
    .use(withCaller())
    .get(
      "/v1/orders/:orderId/status",
      async ({ caller, params: { orderId }, headers, set, status }) => {
        const copy = await live.read(orderId);
        const seen = headers["if-none-match"];
        const order =
          copy.order && copy.order.version >= versionSeen(seen)
            ? copy.order
            : await loadLive(orderId, copy.location);
        const actor = actorOf(caller);
        if (!mayFollow(order, actor)) throw noSuchOrder();
        const shown = publicStatus(order, actor, copy.location, new Date());
        const { courierLocation: at, estimatedDeliveryAt } = shown;
        const etag = `"v${order.version}-${etagOf(`${estimatedDeliveryAt}${at?.recordedAt}${at?.stale}`).slice(1)}`;
        set.headers.etag = etag;
        set.headers["cache-control"] = "private, no-cache";
        if (isFresh(seen, etag)) return status(304, undefined);
        return status(200, shown);
      },
      {
        params: OrderParams,
        headers: IfNoneMatch,
        response: { 200: LiveStatus, 304: Type.Void(), ...refusals },
        detail: detail(
          "Current status of the order",
          "For clients that poll; the events tell the same at once. `courierLocation` from the assignment to the end, `stale` when it has not moved on for a while. Send the `ETag` as `If-None-Match`.",
        ),
      },
    )
    .get(
      "/v1/orders/:orderId/events",
      async ({ caller, params, headers }) => {
        const lastSequence = sequenceIn(headers["last-event-id"]);
        return followOrder(deps, actorOf(caller), params.orderId, lastSequence);
      },
      {
        params: OrderParams,
        query: TicketQuery,
        headers: Resume,
        response: {
          200: Type.String({ contentMediaType: "text/event-stream" }),
          204: Type.Void({ description: "The order has ended and has no event after Last-Event-ID" }),
          400: problems("MALFORMED_LAST_EVENT_ID", "UNKNOWN_LAST_EVENT_ID"),
          429: Problem,
          ...refusals,
        },
        detail: detail("Follow the order live: snapshot, status, location, heartbeat, end", EVENTS),
      },
    )
    .post(
      "/v1/orders/:orderId/events/tickets",
      async ({ caller, params: { orderId }, status }) => {
        await getFollowed(orderId, caller);
        return status(201, await deps.tickets.issue(caller, `/v1/orders/${orderId}/events`));
      },
      {
        params: OrderParams,
        body: NoBody,
        response: { 201: StreamTicket, ...refusals },
        detail: detail("A one-time ticket to follow the order with an EventSource", TICKET_RULES),
      },
    )
    .get(
      "/v1/orders/:orderId/timeline",
      async ({ caller, params, status }) => {
        const { events } = await getFollowed(params.orderId, caller);
        return status(200, { items: events.map(eventForParty), nextCursor: null });
      },
      {
        params: OrderParams,
        response: { 200: Timeline, ...refusals },
        detail: detail(
          "Timeline of the order",
          "Every change, oldest first: what, when, by whom and why. The numbers are those of the stream's events.",
        ),
      },
    );
}
