// An in-memory delivery service: one live trip for each courier, each order on one trip, no trip beyond the courier's
// capacity. Assigning is idempotent.
import type {
  AssignTrips,
  CourierOnDuty,
  CourierSearch,
  CouriersOnDuty,
  DeliveryOutcome,
  TripAssignment,
  TripOutcomes,
} from "@food/shared/contracts/trip";
import { newId } from "@food/shared/values/id";
import type { OrderService } from "../order-service.builder.ts";
import { anOrder, aQuote } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

export const aCourier = (courierId = newId("crr")) => ({
  courierId,
  name: "Kim",
  vehicle: "bicycle" as const,
});

/** An idle courier at the restaurant of all test orders. */
export const onDuty = (overrides: Partial<CourierOnDuty> = {}): CourierOnDuty => {
  const now = new Date().toISOString();
  const { location } = aQuote().address;
  return { ...aCourier(), capacity: 2, location, locationAt: now, idleSince: now, ...overrides };
};

interface Delivery {
  orderId: string;
  courierId: string;
  isLive: boolean;
  orderVersion: number;
}

export function aFleet(couriers: CourierOnDuty[] = []) {
  const fleet = new Map(couriers.map((courier) => [courier.courierId, courier]));
  const deliveries = new Map<string, Delivery>();
  const versions = new Map<string, number>();
  /** The requests so far, newest last. */
  const searches: CourierSearch[] = [];
  const asked: TripAssignment[] = [];

  const isTaken = (orderId: string) =>
    deliveries.values().some((delivery) => delivery.isLive && delivery.orderId === orderId);

  function give(assignment: TripAssignment): boolean {
    const { courierId, tripId, joins, restaurantId, sequence, pickup } = assignment;
    const courier = fleet.get(courierId);
    const size = courier?.trip?.drops.length ?? 0;
    const fits = courier && (joins ? courier.trip?.tripId === tripId && courier.trip.open : !courier.trip);
    const isNew = assignment.deliveries.every(
      ({ deliveryId, orderId }) => !deliveries.has(deliveryId) && !isTaken(orderId),
    );
    if (!fits || !isNew || size + assignment.deliveries.length > courier.capacity) return false;
    const added = assignment.deliveries.map(({ orderId, deliveryId, dropoff, ready, readyAt }) => ({
      ...{ orderId, deliveryId, location: dropoff.address.location, pickedUp: false, ready },
      ...(readyAt && { readyAt }),
    }));
    const drops = [...(courier.trip?.drops ?? []), ...added].sort(
      (a, b) => sequence.indexOf(a.orderId) - sequence.indexOf(b.orderId),
    );
    courier.trip = { tripId, restaurantId, open: true, pickup: pickup.address.location, drops };
    for (const { deliveryId, orderId, orderVersion } of assignment.deliveries)
      deliveries.set(deliveryId, { orderId, courierId, isLive: true, orderVersion });
    versions.set(tripId, (versions.get(tripId) ?? 0) + 1);
    return true;
  }

  function outcomeOf(deliveryId: string): DeliveryOutcome {
    const delivery = deliveries.get(deliveryId);
    if (!delivery) return { outcome: "refused", deliveryId };
    const courier = fleet.get(delivery.courierId);
    const { trip } = courier ?? {};
    if (!courier || !trip || !delivery.isLive) return { outcome: "closed", deliveryId };
    const { courierId, name, vehicle } = courier;
    return {
      ...{ outcome: "assigned", deliveryId, tripId: trip.tripId, orderVersion: delivery.orderVersion },
      ...{ tripVersion: versions.get(trip.tripId) ?? 1, sequence: trip.drops.map(({ orderId }) => orderId) },
      courier: { courierId, name, vehicle },
      ...whyOf(deliveryId),
    };
  }

  function whyOf(deliveryId: string) {
    const why = asked.flatMap((one) => one.deliveries).find((one) => one.deliveryId === deliveryId)?.why;
    return why && { why };
  }

  return {
    fleet,
    searches,
    asked,
    search(request: CourierSearch): CouriersOnDuty {
      searches.push(request);
      const found = [...fleet.values()].filter(({ trip }) => request.includeBusy || !trip);
      return { couriers: structuredClone(found), reachMeters: 30_000 };
    },
    assign({ assignments }: AssignTrips): TripOutcomes {
      asked.push(...assignments);
      for (const assignment of assignments) give(assignment);
      const ids = assignments.flatMap((one) => one.deliveries.map(({ deliveryId }) => deliveryId));
      return { outcomes: ids.map(outcomeOf) };
    },
    join: (courier: CourierOnDuty) => void fleet.set(courier.courierId, courier),
    /** Ends the courier's trip, or only this delivery of it. */
    end(courierId: string, deliveryId?: string) {
      const courier = fleet.get(courierId);
      if (!courier?.trip) return;
      const left = courier.trip.drops.filter((drop) => deliveryId && drop.deliveryId !== deliveryId);
      for (const drop of courier.trip.drops.filter((one) => !left.includes(one))) {
        const delivery = deliveries.get(drop.deliveryId);
        if (delivery) delivery.isLive = false;
      }
      if (left.length > 0) courier.trip.drops = left;
      else delete courier.trip;
    },
    /** The deliveries that are under way. */
    live: () => [...deliveries.values()].filter(({ isLive }) => isLive),
  };
}

export type Fleet = ReturnType<typeof aFleet>;

/** A ready order that was placed `minutes` ago. */
export const aReadyOrder = (minutes: number, overrides: Partial<OrderDocument> = {}) => {
  const placedAt = new Date(Date.now() - minutes * 60_000);
  return anOrder({ status: "ready", readyAt: placedAt, placedAt, ...overrides });
};

export const ordersOf = ({ base }: OrderService) => base.mongo.db.collection<OrderDocument>("orders");

/** Makes the fleet the delivery service of this order service. */
export function answerFor(service: OrderService, fleet: Fleet) {
  service.answers.search = fleet.search;
  service.answers.assign = fleet.assign;
}
