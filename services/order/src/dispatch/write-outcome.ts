// Converts the delivery service's outcome for an order into a change of the order.
import type { DeliveryOutcome } from "@food/shared/contracts/trip";
import type { Location } from "@food/shared/values/geo";
import { deliveryIdOf } from "../orders/delivery-id.ts";
import { movedEstimate } from "../orders/estimate.ts";
import { type Change, type OrderHead, pickupTimes } from "../orders/order.ts";
import type { Terms } from "../orders/terms.ts";
import type { TripPlace } from "../trips/trip-place.ts";

export type Assigned = Extract<DeliveryOutcome, { outcome: "assigned" }>;

function placeOf({ tripId, tripVersion, sequence }: Assigned, orderId: string, doors: Map<string, Location>) {
  const before = sequence.slice(0, Math.max(0, sequence.indexOf(orderId)));
  const place: TripPlace = {
    ...{ tripId, version: tripVersion, sequence },
    before: before.flatMap((one) => doors.get(one) ?? []),
  };
  return place;
}

/** Whether the order still waits in the round of this delivery. */
const awaits = (order: OrderHead | null, deliveryId: string): order is OrderHead =>
  order?.awaitingCourier === true && order.deliveryId === deliveryId;

/** Stores the courier, unless the order has ended or is in another round by now. Informs the delivery of the order's state,
 * unless the delivery already has this version of the order. */
export const assigned =
  (answer: Assigned, doors: Map<string, Location>, refreshes: boolean, terms: Terms) =>
  (order: OrderHead | null, now: Date): Change | undefined => {
    const { deliveryId, courier, orderVersion, why } = answer;
    if (!awaits(order, deliveryId)) return undefined;
    const ready = order.status === "ready";
    const isKnown = orderVersion === order.version;
    const trip = placeOf(answer, order._id, doors);
    const courierWaitMs = (why?.courierWaitSeconds ?? 0) * 1000;
    const at = why && { pickupAt: new Date(Date.parse(why.pickupAt) - courierWaitMs) };
    return {
      type: "courier_assigned",
      status: order.status,
      actor: { role: "system" },
      deliveryId,
      ...(why && { why }),
      set: {
        ...{ courier, trip, awaitingCourier: false },
        ...at,
        ...(ready && pickupTimes(now, terms)),
        ...movedEstimate({ ...order, ...at, trip }, undefined, now, terms),
      },
      ...(!isKnown && {
        inform: {
          status: "assigned",
          ready,
          ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
        },
      }),
      ...(refreshes && { refreshTrip: answer }),
    };
  };

/** The delivery of this round has ended: starts the order's next round. */
export const nextRound =
  (deliveryId: string) =>
  (order: OrderHead | null): Change | undefined => {
    if (!awaits(order, deliveryId)) return undefined;
    const round = order.round + 1;
    return {
      type: "courier_released",
      status: order.status,
      actor: { role: "system" },
      deliveryId,
      set: { round, deliveryId: deliveryIdOf(order._id, round, order.restaurantId) },
    };
  };
