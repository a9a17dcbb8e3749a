// A town with defaults, so a test states only the fields that matter.
import type { CourierOnDuty } from "@food/shared/contracts/trip";
import { newId } from "@food/shared/values/id";
import type { TownCourier, TownOrder } from "./schema.ts";

const PLACE = { lat: 52.52012, lng: 13.40512 };
const AT = "2026-11-28T18:45:00.000Z";

export const aTownOrder = (overrides: Partial<TownOrder> = {}): TownOrder => ({
  ...{ orderId: newId("ord"), version: 1, status: "pending", since: AT, placedAt: AT },
  ...{ restaurantId: newId("rst"), restaurantName: "Da Enzo", pickup: PLACE, dropoff: PLACE },
  estimatedDeliveryAt: AT,
  ...overrides,
});

export const aTownCourier = (overrides: Partial<TownCourier> = {}): TownCourier => ({
  ...{ courierId: newId("crr"), name: "Kim", vehicle: "bicycle", state: "idle" },
  ...{ location: PLACE, locationAt: AT },
  ...overrides,
});

export const aCourierOnDuty = (overrides: Partial<CourierOnDuty> = {}): CourierOnDuty => ({
  ...{ courierId: newId("crr"), name: "Kim", vehicle: "bicycle", capacity: 2 },
  ...{ location: PLACE, locationAt: AT, idleSince: AT },
  ...overrides,
});

export const aDrop = (pickedUp: boolean) => ({
  ...{ orderId: newId("ord"), deliveryId: newId("dlv"), location: PLACE, pickedUp, ready: pickedUp },
});

export const onTrip = (...drops: ReturnType<typeof aDrop>[]): Pick<CourierOnDuty, "trip"> => ({
  trip: { tripId: newId("trp"), restaurantId: newId("rst"), open: true, pickup: PLACE, drops },
});
