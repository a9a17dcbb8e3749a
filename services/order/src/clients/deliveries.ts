import { type FreeCourier, FreeCouriers, type OrderProgress } from "@food/shared/contracts/delivery";
import { Erased } from "@food/shared/contracts/erasure";
import {
  AllOnDuty,
  type CourierSearch,
  CouriersOnDuty,
  type DeliveryOutcome,
  type TripAssignment,
  TripOutcomes,
} from "@food/shared/contracts/trip";
import { discard } from "@food/shared/http/response-body";
import type { ServiceClient } from "@food/shared/http/service-client";

export interface Deliveries {
  /** Finds the couriers on duty near these restaurants. */
  searchCouriers: (search: CourierSearch) => Promise<CouriersOnDuty>;
  /** Assigns trips to couriers. Idempotent by delivery. */
  assignTrips: (assignments: TripAssignment[]) => Promise<DeliveryOutcome[]>;
  /** All couriers on duty or on a trip. */
  couriersOnDuty: () => Promise<AllOnDuty>;
  /** Couriers who have just become free and still are. */
  freeCouriers: () => Promise<FreeCourier[]>;
  /** Sends the progress of an order. Throws unless the delivery service accepts it. */
  inform: (deliveryId: string, progress: OrderProgress) => Promise<void>;
  /** Removes where the deliveries of these orders ended. Throws unless that is done. */
  erase: (orderIds: string[]) => Promise<void>;
}

/** Two attempts together stay below the lease of a round. */
const ROUND_TIMEOUT_MS = 2_000;
const ROUND_CALL = { method: "POST", repeatable: true, timeoutMs: ROUND_TIMEOUT_MS } as const;

const TOWN_TIMEOUT_MS = 2_000;

export const deliveriesAt = (client: ServiceClient): Deliveries => ({
  searchCouriers: (body) =>
    client.ask(CouriersOnDuty, { ...ROUND_CALL, path: "/internal/couriers/search", body }),
  assignTrips: async (assignments) =>
    (await client.ask(TripOutcomes, { ...ROUND_CALL, path: "/internal/trips", body: { assignments } }))
      .outcomes,
  couriersOnDuty: () =>
    client.ask(AllOnDuty, { method: "GET", path: "/internal/couriers/on-duty", timeoutMs: TOWN_TIMEOUT_MS }),
  freeCouriers: async () =>
    (await client.ask(FreeCouriers, { method: "GET", path: "/internal/couriers/free" })).items,
  async inform(deliveryId, body) {
    const path = `/internal/deliveries/${deliveryId}/order`;
    const response = await client.send({ method: "PUT", path, body });
    await discard(response);
    if (!response.ok)
      throw new Error(`The delivery service answered ${response.status} to the progress of an order`);
  },
  async erase(orderIds) {
    await client.ask(Erased, { method: "PUT", path: "/internal/deliveries/erasure", body: { orderIds } });
  },
});
