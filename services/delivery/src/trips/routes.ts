import { withCaller } from "@food/shared/auth/guard";
import { NoBody } from "@food/shared/http/app";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import type { ActDeps } from "../deliveries/act.ts";
import { Delivery, DeliveryParams } from "../deliveries/schema.ts";
import { deliveryView } from "../deliveries/view.ts";
import {
  arriveAtDoor,
  arriveAtPickup,
  currentTrip,
  declineTrip,
  noSuchTrip,
  pickUpTrip,
} from "./act-on-trip.ts";
import { Trip, TripParams } from "./schema.ts";
import type { TripDocument } from "./trip.ts";
import { tripView } from "./view.ts";

const detail = detailOf("trips");
const moved = {
  409: problems("ILLEGAL_MOVE", "MOVE_ALREADY_MADE"),
  422: Problem,
  503: problems("DEPENDENCY_UNAVAILABLE", "ASSIGNMENT_SETTLING"),
};
const answers = { 200: Trip, 404: problems("TRIP_NOT_FOUND"), ...moved };

export function tripRoutes(deps: ActDeps) {
  async function shown(trip: TripDocument, courierId: string): Promise<Trip> {
    const courier = await deps.couriers.find(courierId);
    const view = tripView(trip, courier?.location, new Date());
    if (!view) throw noSuchTrip();
    return view;
  }
  return new Elysia({ name: "trips" })
    .use(withCaller())
    .get(
      "/v1/couriers/me/trip",
      async ({ caller, status }) => status(200, await shown(await currentTrip(deps, caller.id), caller.id)),
      {
        response: { 200: Trip, 404: problems("NO_TRIP", "TRIP_NOT_FOUND") },
        detail: detail(
          "My trip: the remaining stops in sequence",
          "First the restaurant, then the doors. 404 while I am on no trip.",
        ),
      },
    )
    .post(
      "/v1/trips/:tripId/pickup",
      async ({ caller, params, status }) =>
        status(200, await shown(await pickUpTrip(deps, params.tripId, caller.id), caller.id)),
      {
        params: TripParams,
        body: NoBody,
        response: { ...answers, 409: problems("NOT_READY", "ILLEGAL_MOVE", "MOVE_ALREADY_MADE") },
        detail: detail(
          "Pick up all orders of the trip, once they are ready",
          "All or none: while one is not ready, the 409 names it. The others can be picked up one by one.",
        ),
      },
    )
    .post(
      "/v1/trips/:tripId/decline",
      async ({ caller, params, status }) =>
        status(200, await shown(await declineTrip(deps, params.tripId, caller.id), caller.id)),
      {
        params: TripParams,
        body: NoBody,
        response: answers,
        detail: detail(
          "Decline the whole trip before the pickup",
          "Its orders go to other couriers, and not to me again.",
        ),
      },
    )
    .post(
      "/v1/trips/:tripId/arrive",
      async ({ caller, params, status }) =>
        status(200, await shown(await arriveAtPickup(deps, params.tripId, caller.id), caller.id)),
      {
        params: TripParams,
        body: NoBody,
        response: answers,
        detail: detail(
          "Report my arrival at the restaurant (optional; improves the estimate)",
          "Counts for all orders of the trip that wait there; 409 once none does. A repetition changes nothing.",
        ),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/arrive",
      async ({ caller, params, status }) =>
        status(200, deliveryView(await arriveAtDoor(deps, params.deliveryId, caller.id))),
      {
        params: DeliveryParams,
        body: NoBody,
        response: { ...moved, 200: Delivery, 404: problems("DELIVERY_NOT_FOUND") },
        detail: detail(
          "Report my arrival at the door (optional; improves the estimate)",
          "After the pickup and before the end; else 409. A repetition changes nothing.",
        ),
      },
    );
}
