// Finds couriers for orders: on duty, with a fresh position, within reach of one of the pickups.
import type { CourierOnDuty, CourierSearch, LiveTrip } from "@food/shared/contracts/trip";
import { distanceMeters, fromPoint, type Location } from "@food/shared/values/geo";
import type { CourierStore, OnDuty } from "../couriers/store.ts";
import type { AssignDeps } from "./assign-trips.ts";
import type { TripStore } from "./store.ts";
import { liveInSequence, type TripDocument } from "./trip.ts";

export interface SearchDeps {
  couriers: CourierStore;
  trips: TripStore;
  capacityOf: AssignDeps["capacityOf"];
  maxPickupMeters: number;
}

/** Up to this many pickups, the search reads only the nearest couriers of each pickup. */
const FEW_PICKUPS = 3;
const NEAREST_MAX = 10;
const COURIERS_MAX = 1_000;

function middleOf(places: Location[]): Location {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { lat: mean(places.map(({ lat }) => lat)), lng: mean(places.map(({ lng }) => lng)) };
}

async function everyoneAround(
  { couriers, maxPickupMeters }: SearchDeps,
  pickups: Location[],
  includeBusy: boolean,
): Promise<OnDuty[]> {
  const middle = middleOf(pickups);
  const spread = Math.max(...pickups.map((pickup) => distanceMeters(middle, pickup)));
  const around = { middle, radiusMeters: spread + maxPickupMeters };
  const found = await couriers.around(around, includeBusy, COURIERS_MAX);
  const isWithinReach = ({ location }: OnDuty) =>
    pickups.some((pickup) => distanceMeters(fromPoint(location), pickup) <= maxPickupMeters);
  return found.filter(isWithinReach);
}

async function nearestOfEach(
  { couriers, maxPickupMeters }: SearchDeps,
  pickups: Location[],
): Promise<OnDuty[]> {
  const found = await Promise.all(
    pickups.map((pickup) => couriers.nearestFree(pickup, maxPickupMeters, NEAREST_MAX)),
  );
  return [...new Map(found.flat().map((courier) => [courier._id, courier])).values()];
}

function tripView(trip: TripDocument): LiveTrip | undefined {
  const { _id: tripId, restaurantId, pickup, open, arrivedAt } = trip;
  if (!restaurantId || !pickup) return undefined;
  return {
    ...{ tripId, restaurantId, open, pickup: pickup.address.location },
    ...(arrivedAt && { arrivedAt: arrivedAt.toISOString() }),
    drops: liveInSequence(trip).flatMap(({ orderId, deliveryId, dropoff, status, ready, readyAt }) =>
      dropoff
        ? {
            ...{ orderId, deliveryId, ready, location: dropoff.address.location },
            pickedUp: status === "picked_up",
            ...(readyAt && { readyAt: readyAt.toISOString() }),
          }
        : [],
    ),
  };
}

/** A courier on duty stays in sight for an hour without a position. */
const SEEN_WITHIN_MS = 3_600_000;

/** Everybody on duty or on a trip, wherever they are, and whether there are more. */
export async function allOnDuty(deps: SearchDeps, now: Date) {
  const since = new Date(now.getTime() - SEEN_WITHIN_MS);
  const found = await deps.couriers.onDuty(since, COURIERS_MAX + 1);
  return {
    couriers: await withTrips(deps, found.slice(0, COURIERS_MAX)),
    hasMore: found.length > COURIERS_MAX,
  };
}

export async function searchCouriers(
  deps: SearchDeps,
  { pickups, includeBusy }: CourierSearch,
): Promise<CourierOnDuty[]> {
  const isBroad = includeBusy || pickups.length > FEW_PICKUPS;
  const found = isBroad
    ? await everyoneAround(deps, pickups, includeBusy)
    : await nearestOfEach(deps, pickups);
  return withTrips(deps, found);
}

/** Leaves out claimed couriers without a live trip: their assignment is in progress. */
async function withTrips(deps: SearchDeps, found: OnDuty[]): Promise<CourierOnDuty[]> {
  const tripIds = found.flatMap(({ claim }) => claim?.tripId ?? []);
  const live = tripIds.length > 0 ? await deps.trips.findLive(tripIds) : [];
  const tripOf = new Map(live.map((trip) => [trip.courierId, trip]));
  return found.flatMap((courier) => {
    const live = tripOf.get(courier._id);
    const trip = live && tripView(live);
    if (courier.claim && !trip) return [];
    return {
      ...{ courierId: courier._id, name: courier.name, vehicle: courier.vehicle },
      capacity: deps.capacityOf(courier.vehicle),
      location: fromPoint(courier.location),
      locationAt: courier.locationAt.toISOString(),
      idleSince: courier.idleSince.toISOString(),
      ...(trip && { trip }),
    };
  });
}
