// The internal routes for services that delete an account.

import { ERASE_AT_ONCE_MAX, Erased, EraseOrders } from "@food/shared/contracts/erasure";
import { CourierId, CustomerId, RestaurantId } from "@food/shared/contracts/ids";
import { NoBody } from "@food/shared/http/app";
import { privateDetailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { ErasureStore } from "./store.ts";

export interface EraseRouteDeps {
  erasure: ErasureStore;
  /** Removes the positions that the deliveries of these orders ended at. */
  eraseDeliveries: (orderIds: string[]) => Promise<void>;
  removeWebhooks: (restaurantId: string) => Promise<void>;
}

const detail = privateDetailOf("internal");
const answers = { 200: Erased, 404: Problem, 422: Problem, 503: problems("DEPENDENCY_UNAVAILABLE") };

export const eraseRoutes = ({ erasure, eraseDeliveries, removeWebhooks }: EraseRouteDeps) =>
  new Elysia({ name: "erasing" })
    .put(
      "/internal/customers/:customerId/erasure",
      async ({ params: { customerId }, status }) => {
        const ended = await erasure.endedOf(customerId, ERASE_AT_ONCE_MAX);
        // First, because an erased order is not found again.
        if (ended.length > 0) await eraseDeliveries(ended.map(({ _id }) => _id));
        const now = new Date();
        for (const order of ended) await erasure.erase(order, now);
        return status(200, { remaining: await erasure.countNamed(customerId) });
      },
      {
        params: Type.Object({ customerId: CustomerId }),
        body: NoBody,
        response: answers,
        detail: detail("Remove a deleted customer from the orders that have ended"),
      },
    )
    .put(
      "/internal/couriers/:courierId/erasure",
      async ({ params: { courierId }, body, status }) =>
        status(200, { remaining: await erasure.eraseCourier(courierId, body.orderIds) }),
      {
        params: Type.Object({ courierId: CourierId }),
        body: EraseOrders,
        response: answers,
        detail: detail("Remove a deleted courier's name from these orders"),
      },
    )
    .put(
      "/internal/restaurants/:restaurantId/erasure",
      async ({ params: { restaurantId }, status }) => {
        await removeWebhooks(restaurantId);
        return status(200, { remaining: 0 });
      },
      {
        params: Type.Object({ restaurantId: RestaurantId }),
        body: NoBody,
        response: answers,
        detail: detail("Remove a deleted restaurant's webhooks; its orders stay for their customers"),
      },
    );
