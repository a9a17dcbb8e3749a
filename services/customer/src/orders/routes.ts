import { type ClosingStore, isBeingDeleted, isClosing } from "@food/shared/accounts/deletion/closing";
import { withCaller } from "@food/shared/auth/guard";
import { Order, OrderPage, OrderParams } from "@food/shared/contracts/order";
import { NoBody } from "@food/shared/http/app";
import { Problem } from "@food/shared/http/problem";
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
const detail = (summary: string) => ({ tags: ["orders"], summary });
const refusals = { 503: Problem };

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
        response: { 201: Order, 400: Problem, 404: Problem, 409: Problem, 422: Problem, ...refusals },
        detail: {
          ...detail("Place an order"),
          description:
            "409 when the maximum number of my orders (`TOO_MANY_OPEN_ORDERS`), or of orders to this address (`TOO_MANY_OPEN_ORDERS_AT_ADDRESS`), is open. 409 with the new quote in `current` when that of `quoteId` has expired (`QUOTE_EXPIRED`) or is no longer right (`QUOTE_CHANGED`)",
        },
      },
    )
    .get("/v1/orders", ({ caller, query }) => listOrders(orders, { ...query, actorId: caller.id }), {
      query: OrderQuery,
      response: { 200: OrderPage, 400: Problem, 422: Problem, ...refusals },
      detail: detail("My orders, newest first; with `open`, only those that have not ended, oldest first"),
    })
    .get("/v1/orders/:orderId", ({ caller, params }) => orderOf(orders, params.orderId, caller.id), {
      params: OrderParams,
      response: { 200: Order, 404: Problem, ...refusals },
      detail: detail("One of my orders"),
    })
    .put(
      "/v1/orders/:orderId/tip",
      ({ caller, params, body }) => tipOrder(orders, params.orderId, { actorId: caller.id, ...body }),
      {
        params: OrderParams,
        body: Tip,
        response: { 200: Order, 404: Problem, 409: Problem, 422: Problem, ...refusals },
        detail: {
          ...detail("Tip the courier, until 24 hours after the delivery"),
          description:
            "In place of the tip before. 409 when it is too late (`TIP_CLOSED`), or lower than before the delivery (`TIP_ONLY_HIGHER`)",
        },
      },
    )
    .post(
      "/v1/orders/:orderId/cancel",
      ({ caller, params }) => moveOrder(orders, params.orderId, "cancel", { actorId: caller.id }),
      {
        params: OrderParams,
        body: NoBody,
        response: { 200: Order, 404: Problem, 409: Problem, 422: Problem, ...refusals },
        detail: detail("Cancel an order, before the kitchen begins"),
      },
    );
