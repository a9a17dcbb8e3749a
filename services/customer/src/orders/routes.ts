import { type ClosingStore, isBeingDeleted, isClosing } from "@food/shared/accounts/deletion/closing";
import { withCaller } from "@food/shared/auth/guard";
import { Order, OrderPage, OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import type { ServiceClient } from "@food/shared/http/service-client";
import { malformed } from "@food/shared/values/errors";
import { Elysia } from "elysia";
import type { AddressStore } from "../addresses/store.ts";
import { listOrders, moveOrder, orderOf, placeOrder, tipOrder } from "../clients/orders.ts";
import { IdempotencyKey, OrderQuery, PlaceOrder, Tip } from "./schema.ts";

export interface OrderRouteDeps {
  orders: ServiceClient;
  addresses: AddressStore;
  closing: Pick<ClosingStore, "isClosing">;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const detail = detailOf("orders");
const refusals = { 503: problems("DEPENDENCY_UNAVAILABLE") };

/** Throws 400 for a missing or invalid key. */
function requireIdempotencyKey(key: string | undefined): string {
  if (key && IDEMPOTENCY_KEY.test(key)) return key;
  throw malformed(
    "IDEMPOTENCY_KEY_REQUIRED",
    "Send an Idempotency-Key header of 1 to 255 visible ASCII characters, a new one for each order.",
  );
}

export const orderRoutes = ({ orders, addresses, closing }: OrderRouteDeps) =>
  new Elysia({ name: "orders" })
    .use(withCaller())
    .post(
      "/v1/orders",
      async ({ caller, headers, body }) => {
        const idempotencyKey = requireIdempotencyKey(headers["idempotency-key"]);
        const { address, contact, ...account } = await addresses.findDoor(caller.id, body.addressId);
        if (isClosing(account)) throw isBeingDeleted();
        const { addressId, ...deliveryAddress } = address ?? {};
        const placed = await placeOrder(orders, {
          ...body,
          customerId: caller.id,
          idempotencyKey,
          ...(address && { deliveryAddress: deliveryAddress as Omit<typeof address, "addressId"> }),
          ...(contact && { contact }),
        });
        if (placed.ok && (await closing.isClosing(caller.id))) {
          const { orderId } = (await placed.json()) as Order;
          await moveOrder(orders, orderId, "cancel", { actorId: caller.id });
          throw isBeingDeleted();
        }
        return placed;
      },
      {
        body: PlaceOrder,
        headers: IdempotencyKey,
        response: {
          201: Order,
          400: problems("IDEMPOTENCY_KEY_REQUIRED"),
          404: problems("RESTAURANT_NOT_FOUND"),
          409: problems(
            "QUOTE_EXPIRED",
            "QUOTE_CHANGED",
            "TOO_MANY_OPEN_ORDERS",
            "TOO_MANY_OPEN_ORDERS_AT_ADDRESS",
            "ORDER_BUSY",
            "ORDER_ENDED",
            "ACCOUNT_CLOSING",
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
        detail: detail(
          "Place an order",
          "Send a new `Idempotency-Key` with each order and the same one when you repeat a request: the answer is then the order that was placed, with `Idempotent-Replayed: true`. Prices, stock and delivery are those of now; with the `quoteId` of a quote of the last five minutes, those of the quote. When the quote has expired or is no longer right, the 409 has the new one in `current`. A 422 names everything that is wrong with the cart. The restaurant has until `acceptBy` to accept; then the order is cancelled.",
        ),
      },
    )
    .get("/v1/orders", ({ caller, query }) => listOrders(orders, { ...query, actorId: caller.id }), {
      query: OrderQuery,
      response: { 200: OrderPage, 400: problems("MALFORMED_CURSOR"), 422: Problem, ...refusals },
      detail: detail(
        "My orders, newest first; with `open`, only those that have not ended, oldest first",
        "With `status`, only those that have it now. To follow one order, use its events in the order service instead of polling this.",
      ),
    })
    .get("/v1/orders/:orderId", ({ caller, params }) => orderOf(orders, params.orderId, caller.id), {
      params: OrderParams,
      response: { 200: Order, 404: problems("ORDER_NOT_FOUND"), ...refusals },
      detail: detail(
        "One of my orders",
        "With the PIN that the courier asks for at the door. `allowedActions` says what is possible now. To follow it, use the events of the order service.",
      ),
    })
    .put(
      "/v1/orders/:orderId/tip",
      ({ caller, params, body }) => tipOrder(orders, params.orderId, { actorId: caller.id, ...body }),
      {
        params: OrderParams,
        body: Tip,
        response: {
          200: Order,
          404: problems("ORDER_NOT_FOUND"),
          409: problems("TIP_CLOSED", "TIP_ONLY_HIGHER", "ORDER_BUSY"),
          422: problems("TIP_TOO_LARGE"),
          ...refusals,
        },
        detail: detail(
          "Tip the courier, until 24 hours after the delivery",
          "In place of the tip before. After the delivery it can only be raised. Not for an order that was rejected, cancelled or not delivered.",
        ),
      },
    )
    .post(
      "/v1/orders/:orderId/cancel",
      ({ caller, params }) => moveOrder(orders, params.orderId, "cancel", { actorId: caller.id }),
      {
        params: OrderParams,
        body: NoBody,
        response: {
          200: Order,
          404: problems("ORDER_NOT_FOUND"),
          409: problems("ILLEGAL_MOVE", "MOVE_ALREADY_MADE", "ORDER_BUSY"),
          422: Problem,
          503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
        },
        detail: detail(
          "Cancel an order, before the kitchen begins",
          "While the order is `pending` or `accepted`. Later the 409 says in `currentStatus` and `allowedActions` what is possible now; call the restaurant. A repetition answers like the first.",
        ),
      },
    );
