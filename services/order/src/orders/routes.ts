// The internal routes for the services of the actors. The calling service determines the role of the actor:
// the customer service acts only for customers.

import { withCaller } from "@food/shared/auth/guard";
import {
  ChangedOrders,
  ChangedOrdersRequest,
  MoveQuery,
  MoveRequest,
  Order,
  OrderPage,
  OrderParams,
  PlaceOrderRequest,
  TipRequest,
} from "@food/shared/contracts/order";
import { OrderOutcomes, OrderOutcomesRequest } from "@food/shared/contracts/stock";
import { privateDetailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { unprocessable } from "@food/shared/values/errors";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "@food/shared/values/page";
import { Elysia } from "elysia";
import { outcomesOf } from "../outcomes/outcomes.ts";
import type { OutcomeStore } from "../outcomes/store.ts";
import { type PlaceDeps, placeOrder } from "../placing/place-order.ts";
import { tipOrder } from "../totals/tip-order.ts";
import { reportOf } from "../trips/courier-reports.ts";
import { changedOrders } from "./changed-orders.ts";
import { isCourierReport, type MoveDeps, moveOrder, noSuchOrder } from "./move-order.ts";
import { isParty, type OrderDocument } from "./order.ts";
import { ListCursor, ListQuery, MoveParams, ReadQuery } from "./schema.ts";
import { onceSettled } from "./settling.ts";
import type { ActorRole } from "./status.ts";
import { viewFor } from "./view.ts";

export type OrderRouteDeps = PlaceDeps & MoveDeps & { outcomes: OutcomeStore };

const SPEAKS_FOR: Record<string, ActorRole> = {
  customer: "customer",
  restaurant: "restaurant",
  delivery: "courier",
};

/** The role of the actors that a calling service acts for. */
function roleBehind(service: string): ActorRole {
  const role = SPEAKS_FOR[service];
  if (!role) throw new Error(`The service ${service} has no actors, so access.ts must not name it`);
  return role;
}

const detail = privateDetailOf("internal");
const refusals = { 503: problems("DEPENDENCY_UNAVAILABLE") };
const missing = { 404: problems("ORDER_NOT_FOUND") };

export const orderRoutes = (deps: OrderRouteDeps) =>
  new Elysia({ name: "orders" })
    .use(withCaller())
    .post(
      "/internal/orders",
      async ({ body, set, status }) => {
        const { order, replayed } = await placeOrder(deps, body);
        if (replayed) set.headers["idempotent-replayed"] = "true";
        return status(201, viewFor(order, "customer"));
      },
      {
        body: PlaceOrderRequest,
        response: {
          201: Order,
          404: problems("RESTAURANT_NOT_FOUND"),
          409: problems(
            "QUOTE_EXPIRED",
            "QUOTE_CHANGED",
            "TOO_MANY_OPEN_ORDERS",
            "TOO_MANY_OPEN_ORDERS_AT_ADDRESS",
            "ORDER_BUSY",
            "ORDER_ENDED",
          ),
          422: problems(
            "ADDRESS_NOT_FOUND",
            "DISH_NOT_FOUND",
            "DISH_UNAVAILABLE",
            "OPTIONS_INVALID",
            "RESTAURANT_CLOSED",
            "BELOW_MINIMUM_ORDER",
            "OUT_OF_RANGE",
            "TIP_TOO_LARGE",
            "IDEMPOTENCY_KEY_REUSED",
          ),
          ...refusals,
        },
        detail: detail("Place an order"),
      },
    )
    .get(
      "/internal/orders",
      async ({ caller, query, status }) => {
        const role = roleBehind(caller.id);
        const { actorId, limit = PAGE_SIZE_DEFAULT, cursor, open } = query;
        const owner = role === "customer" ? { customerId: actorId } : { restaurantId: actorId };
        const after = decodeCursor(ListCursor, cursor)?.after;
        const filter = { ...owner, ...(query.status && { status: query.status }), ...(open && { open }) };
        const rows = await deps.orders.list(filter, limit + 1, after);
        const page = toPage(
          rows,
          limit,
          (order) => viewFor(order, role),
          (order) => ({ after: order._id }),
        );
        return status(200, page);
      },
      {
        query: ListQuery,
        response: { 200: OrderPage, 400: problems("MALFORMED_CURSOR"), 422: Problem, ...refusals },
        detail: detail("An actor's orders, newest first; open orders, oldest first"),
      },
    )
    .post(
      "/internal/orders/changed",
      async ({ body, status }) => {
        const { open, ended } = await changedOrders(deps.orders, body);
        const view = (order: OrderDocument) => viewFor(order, "restaurant");
        return status(200, { open: open.map(view), ended: ended.map(view) });
      },
      {
        body: ChangedOrdersRequest,
        response: { 200: ChangedOrders, 422: Problem, ...refusals },
        detail: detail("Changes of a restaurant's open orders"),
      },
    )
    .post(
      "/internal/orders/outcomes",
      async ({ body, status }) => status(200, await outcomesOf(deps.outcomes, body.orderIds)),
      {
        body: OrderOutcomesRequest,
        response: { 200: OrderOutcomes, 422: Problem, ...refusals },
        detail: detail("What became of orders that hold stock; an unknown one can no longer be placed"),
      },
    )
    .get(
      "/internal/orders/:orderId",
      async ({ caller, params, query, status }) => {
        const actor = { role: roleBehind(caller.id), id: query.actorId };
        const order = await deps.orders.find(params.orderId);
        if (!order || !isParty(order, actor)) throw noSuchOrder();
        return status(200, viewFor(order, actor.role));
      },
      {
        params: OrderParams,
        query: ReadQuery,
        response: { 200: Order, ...missing, 422: Problem, ...refusals },
        detail: detail("One order, as its actor sees it"),
      },
    )
    .put(
      "/internal/orders/:orderId/tip",
      async ({ params, body, status }) =>
        status(200, viewFor(await tipOrder(deps.orders, params.orderId, body), "customer")),
      {
        params: OrderParams,
        body: TipRequest,
        response: {
          200: Order,
          ...missing,
          409: problems("TIP_CLOSED", "TIP_ONLY_HIGHER", "ORDER_BUSY"),
          422: problems("TIP_TOO_LARGE"),
          ...refusals,
        },
        detail: detail("Set a customer's tip"),
      },
    )
    .post(
      "/internal/orders/:orderId/:action",
      async ({ caller, params: { orderId, action }, query, body: { actorId, ...input }, status }) => {
        const role = roleBehind(caller.id);
        if (isCourierReport(action)) {
          if (role !== "courier")
            throw unprocessable(
              "DELIVERY_REQUIRED",
              "Only the delivery service sends reports about couriers.",
            );
          const order = await onceSettled(() => reportOf(deps, orderId, action, { actorId, ...input }));
          return status(200, viewFor(order, role));
        }
        const actor = { role, id: actorId };
        const order = await onceSettled(() =>
          moveOrder(deps, orderId, { ...input, ...(role === "courier" && query), action, actor }),
        );
        return status(200, viewFor(order, role));
      },
      {
        params: MoveParams,
        query: MoveQuery,
        body: MoveRequest,
        response: {
          200: Order,
          ...missing,
          409: problems("ACCEPT_DEADLINE_PASSED", "ILLEGAL_MOVE", "MOVE_ALREADY_MADE", "ORDER_BUSY"),
          422: problems("DELIVERY_REQUIRED", "PREP_MINUTES_SETTLED", "WRONG_PIN"),
          429: Problem,
          503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
        },
        detail: detail("Make a move of an order"),
      },
    );
