// A trip as its courier sees it: the remaining stops, each with its expected time.
import { distanceMeters, fromPoint, type Location, type Point } from "@food/shared/values/geo";
import type { Stop, Trip } from "./schema.ts";
import { liveInSequence, type TripDelivery, type TripDocument } from "./trip.ts";

/** The assumed speed of a courier and duration of a hand-over. */
const METERS_PER_MINUTE = 250;
const STOP_MS = 2 * 60_000;
const MINUTE_MS = 60_000;

const travelMs = (from: Location, to: Location) => (distanceMeters(from, to) / METERS_PER_MINUTE) * MINUTE_MS;

const latest = (times: (Date | undefined)[]): Date | undefined =>
  times.reduce((last, time) => (time && (!last || time > last) ? time : last), undefined);

function pickupStop(
  { pickup }: Required<Pick<TripDocument, "pickup">>,
  waiting: TripDelivery[],
  expectedAt: Date,
): Stop {
  const readyAt = latest(waiting.map((one) => one.readyAt));
  return {
    action: "pickup",
    ...pickup,
    orderIds: waiting.map(({ orderId }) => orderId),
    deliveryIds: waiting.map(({ deliveryId }) => deliveryId),
    expectedAt: expectedAt.toISOString(),
    ...(readyAt && { readyAt: readyAt.toISOString() }),
    ready: waiting.every(({ ready }) => ready),
  };
}

/** The remaining stops of a courier at `at`. A trip without a courier has no view. */
export function tripView(trip: TripDocument, at: Point | undefined, now: Date): Trip | undefined {
  const { pickup, restaurantId } = trip;
  if (!pickup || !restaurantId) return undefined;
  const left = liveInSequence(trip);
  const waiting = left.filter(({ status }) => status === "assigned");
  const stops: Stop[] = [];
  let place = at ? fromPoint(at) : pickup.address.location;
  let time = now.getTime();
  if (waiting.length > 0) {
    time += travelMs(place, pickup.address.location);
    place = pickup.address.location;
    stops.push(pickupStop({ pickup }, waiting, new Date(time)));
    time = Math.max(time, latest(waiting.map(({ readyAt }) => readyAt))?.getTime() ?? 0) + STOP_MS;
  }
  for (const { orderId, deliveryId, dropoff, ready } of left) {
    if (!dropoff) continue;
    time += travelMs(place, dropoff.address.location);
    place = dropoff.address.location;
    const expectedAt = new Date(time).toISOString();
    stops.push({
      ...{ action: "drop_off", address: dropoff.address, expectedAt, ready },
      ...{ orderIds: [orderId], deliveryIds: [deliveryId] },
    });
    time += STOP_MS;
  }
  return {
    tripId: trip._id,
    ...{ restaurantId, open: trip.open, capacity: trip.capacity, stops },
    assignedAt: trip.assignedAt.toISOString(),
    ...(trip.arrivedAt && { arrivedAt: trip.arrivedAt.toISOString() }),
  };
}
