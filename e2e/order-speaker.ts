// A fake order service: assigns an order to a courier, and sends its progress to the delivery service.
import { readSigningKeys, SERVICE_ROLE, tokenSigner } from "@food/shared/auth/tokens";
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import type { TripAssignment, TripOutcomes } from "@food/shared/contracts/trip";
import { call } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import type { Actor } from "./actors.ts";
import type { Platform } from "./platform.ts";

/** The position of one courier. */
export interface Place {
  at: { lat: number; lng: number };
  courier: Actor;
}

/** One round of looking for a courier for an order. */
export interface Round {
  orderId: string;
  deliveryId: string;
}

export const newRound = (): Round => ({ orderId: newId("ord"), deliveryId: newId("dlv") });

const WHY = {
  ...{ distanceMeters: 0, courierWaitSeconds: 0, foodWaitSeconds: 0, bundleSize: 1, alternatives: 0 },
  pickupAt: new Date().toISOString(),
};

export async function orderSpeaker({ signingKeys }: Platform) {
  const sign = tokenSigner("order", await readSigningKeys(signingKeys.order));
  const token = await sign({ subject: "order", role: SERVICE_ROLE, audience: ["delivery"], ttlSeconds: 900 });
  let orderVersion = 1;
  return {
    /** Assigns the order on its own trip. With more orders in `sequence` it joins their trip. */
    assign(
      url: string,
      { orderId, deliveryId }: Round,
      { at, courier }: Place,
      trip: Partial<TripAssignment> = {},
    ) {
      const address = { line1: "Way 1", city: "Berlin", postalCode: "10115", country: "DE", location: at };
      const { sequence = [orderId] } = trip;
      const position = sequence.indexOf(orderId);
      const assignment: TripAssignment = {
        ...{ tripId: newId("trp"), courierId: courier.id, restaurantId: newId("rst") },
        ...trip,
        ...{ joins: sequence.length > 1, sequence, pickup: { name: "Da Enzo", address } },
        deliveries: [
          {
            ...{ orderId, deliveryId, orderVersion: 1, position, ready: false, why: WHY },
            dropoff: { address },
          },
        ],
      };
      return call<TripOutcomes>(url, "POST /internal/trips", { token, body: { assignments: [assignment] } });
    },
    tell(url: string, { orderId, deliveryId }: Round, status: DeliveryStatus) {
      orderVersion++;
      const body: OrderProgress = { orderId, orderVersion, status, ready: status !== "released" };
      return call(url, `PUT /internal/deliveries/${deliveryId}/order`, { token, body });
    },
  };
}
