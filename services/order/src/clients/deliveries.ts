import {
  AssignOutcome,
  type AssignRequest,
  type FreeCourier,
  FreeCouriers,
  type OrderProgress,
} from "@food/shared/contracts/delivery";
import type { ServiceClient } from "@food/shared/http/service-client";

export interface Deliveries {
  /** Asks for a courier; asking again for the same delivery gets the same answer. */
  assign: (deliveryId: string, request: AssignRequest) => Promise<AssignOutcome>;
  /** Those who have just become free and still are. */
  freeCouriers: () => Promise<FreeCourier[]>;
  /** Tells where the order stands. Throws when that was not taken. */
  inform: (deliveryId: string, progress: OrderProgress) => Promise<void>;
}

/** Twice this, for one retry, stays below a dispatcher's lease. */
const ASSIGN_TIMEOUT_MS = 2_000;

export const deliveriesAt = (client: ServiceClient): Deliveries => ({
  assign: (deliveryId, body) =>
    client.ask(AssignOutcome, {
      method: "PUT",
      path: `/internal/deliveries/${deliveryId}`,
      body,
      timeoutMs: ASSIGN_TIMEOUT_MS,
    }),
  freeCouriers: async () =>
    (await client.ask(FreeCouriers, { method: "GET", path: "/internal/couriers/free" })).items,
  async inform(deliveryId, body) {
    const path = `/internal/deliveries/${deliveryId}/order`;
    const response = await client.send({ method: "PUT", path, body });
    await response.body?.cancel();
    if (!response.ok)
      throw new Error(`The delivery service answered ${response.status} to the progress of an order`);
  },
});
