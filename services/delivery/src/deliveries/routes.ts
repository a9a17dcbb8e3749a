import { withCaller } from "@food/shared/auth/guard";
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { OwnerStreams } from "@food/shared/live/owner-streams";
import { StreamTicket, type StreamTickets, TICKET_RULES, TicketQuery } from "@food/shared/live/tickets";
import { currencyExponent } from "@food/shared/values/codes";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { DeliveryOnTrip } from "../trips/trip.ts";
import { type ActDeps, act, noSuchDelivery } from "./act.ts";
import {
  Delivery,
  DeliveryCursor,
  DeliveryPage,
  DeliveryParams,
  DeliveryQuery,
  DeliveryTip,
  Fail,
  HandOver,
} from "./schema.ts";
import { isLive } from "./status.ts";
import { deliveryView } from "./view.ts";

export interface DeliveryRouteDeps extends ActDeps {
  /** The tip of the courier's order. */
  tipOf: (orderId: string, courierId: string) => Promise<{ tipCents?: number; currency: string }>;
  deliveryStreams: OwnerStreams;
  tickets: StreamTickets;
}

const detail = detailOf("deliveries");
const missing = { 404: problems("DELIVERY_NOT_FOUND") };
const answers = {
  200: Delivery,
  ...missing,
  409: problems("ILLEGAL_MOVE", "MOVE_ALREADY_MADE"),
  503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
};

const EVENTS = `Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
\`EventSource\` with a \`ticket\`; when it closes, connect again with a new one. Every connection begins with a snapshot, so \`Last-Event-ID\` is not needed: what is missing from the snapshot is not mine any more, or
done. What a delivery is told of never goes back.

| event | data |
| --- | --- |
| \`snapshot\` | first: \`items\`, my current deliveries |
| \`delivery\` | the current state of a new (\`assigned\`) or changed delivery: \`ready\` once the food is ready. \`released\`, \`delivered\` or \`failed\` is its last state. Its id is \`<deliveryId>:<version>\` |
| \`joined\` | an order has joined my trip: replaces \`delivery\` |
| \`left\` | a delivery has ended and my trip goes on: replaces its last \`delivery\` |
| \`degraded\`, \`live\` | events are delayed by a second or two, and then real-time again |
| \`heartbeat\` | every 15 s; its \`region\` where the platform has one |
| \`end\` | the last event; \`reason\`: \`signed_out\` (the session has ended), \`token_expired\` or \`too_slow\` (connect again) |
| \`reconnect\` | the process stops: connect again |

Changes that come close together may be told as one, and a delivery that comes and goes between two readings not at all.`;

/** Only the trip that claims the courier has live deliveries. */
async function ownDeliveries(
  { couriers, trips }: DeliveryRouteDeps,
  courierId: string,
  status: DeliveryStatus | undefined,
  limit: number,
  position: DeliveryCursor | undefined,
) {
  if (!status || !isLive(status)) return trips.list(courierId, status, limit, position);
  const [tripId] = await couriers.tripsOf([courierId]);
  return tripId === undefined ? [] : trips.list(courierId, status, limit, position, tripId);
}

export const deliveryRoutes = (deps: DeliveryRouteDeps) =>
  new Elysia({ name: "deliveries" })
    .use(withCaller())
    .get(
      "/v1/deliveries",
      async ({ caller, query, status }) => {
        const { limit = PAGE_SIZE_DEFAULT, cursor } = query;
        const position = decodeCursor(DeliveryCursor, cursor);
        const rows = await ownDeliveries(deps, caller.id, query.status, limit + 1, position);
        const cursorOf = ({ trip, delivery }: DeliveryOnTrip) => ({
          ...{ trip: trip._id, at: trip.assignedAt.getTime(), slot: delivery.slot },
        });
        return status(200, toPage(rows, limit, deliveryView, cursorOf));
      },
      {
        query: DeliveryQuery,
        response: { 200: DeliveryPage, 400: problems("MALFORMED_CURSOR"), 422: Problem },
        detail: detail(
          "My deliveries, newest first",
          "Current and ended ones, also those that I declined or lost. With `status`, only those that have it now.",
        ),
      },
    )
    .get("/v1/deliveries/events", ({ caller }) => deps.deliveryStreams.follow(caller), {
      query: TicketQuery,
      response: {
        200: Type.String({ contentMediaType: "text/event-stream" }),
        429: Problem,
        503: Problem,
      },
      detail: detail("Follow my deliveries live: snapshot, delivery, heartbeat, end", EVENTS),
    })
    .post(
      "/v1/deliveries/events/tickets",
      async ({ caller, status }) => status(201, await deps.tickets.issue(caller, "/v1/deliveries/events")),
      {
        body: NoBody,
        response: { 201: StreamTicket },
        detail: detail("A one-time ticket to follow my deliveries with an EventSource", TICKET_RULES),
      },
    )
    .get(
      "/v1/deliveries/:deliveryId",
      async ({ caller, params, status }) => {
        const found = await deps.trips.findOwn(params.deliveryId, caller.id);
        if (!found) throw noSuchDelivery();
        return status(200, deliveryView(found));
      },
      {
        params: DeliveryParams,
        response: { 200: Delivery, ...missing },
        detail: detail(
          "One of my deliveries",
          "With the drop-off and the contact as long as I need them. `allowedActions` says what is possible now.",
        ),
      },
    )
    .get(
      "/v1/deliveries/:deliveryId/tip",
      async ({ caller, params, status }) => {
        const found = await deps.trips.findOwn(params.deliveryId, caller.id);
        if (!found || found.delivery.status === "released") throw noSuchDelivery();
        const { tipCents = 0, currency } = await deps.tipOf(found.delivery.orderId, caller.id);
        return status(200, { tipCents, currency, currencyExponent: currencyExponent(currency) });
      },
      {
        params: DeliveryParams,
        response: {
          200: DeliveryTip,
          404: problems("DELIVERY_NOT_FOUND", "ORDER_NOT_FOUND"),
          503: problems("DEPENDENCY_UNAVAILABLE"),
        },
        detail: detail(
          "The customer's tip, as it is now",
          "The order service knows it: 503 while that does not answer. The customer may raise it until 24 hours after the delivery. 404 for a delivery that was released.",
        ),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/decline",
      async ({ caller, params, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "decline"))),
      {
        params: DeliveryParams,
        body: NoBody,
        response: { ...answers, 422: Problem },
        detail: detail(
          "Decline a delivery before the pickup",
          "The order goes to another courier, and not to me again. After the pickup report a failure instead.",
        ),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/pickup",
      async ({ caller, params, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "pickup"))),
      {
        params: DeliveryParams,
        body: NoBody,
        response: { ...answers, 422: Problem },
        detail: detail(
          "Pick up the order, once it is ready",
          "409 while the kitchen has not marked it as ready.",
        ),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/deliver",
      async ({ caller, params, body, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "deliver", body))),
      {
        params: DeliveryParams,
        body: HandOver,
        response: { ...answers, 422: problems("WRONG_PIN"), 429: Problem },
        detail: detail(
          "Hand the order over, with the customer's PIN",
          "The customer reads the PIN in the order. A wrong one is a 422, and after several wrong ones a 429 says when to try again.",
        ),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/fail",
      async ({ caller, params, body, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "fail", body))),
      {
        params: DeliveryParams,
        body: Fail,
        response: { ...answers, 422: Problem },
        detail: detail(
          "Report that the order could not be handed over",
          "After the pickup, with a reason. The order is over then.",
        ),
      },
    );
