// The internal routes. Only the order service may call them.
import { serviceOnly } from "@food/shared/auth/authenticated";
import type { VerifyToken } from "@food/shared/auth/tokens";
import { FreeCouriers, OrderProgress } from "@food/shared/contracts/delivery";
import { AssignTrips, CourierSearch, CouriersOnDuty, TripOutcomes } from "@food/shared/contracts/trip";
import { Problem } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { freeCourierOf, type Reach } from "../couriers/report-location.ts";
import { applyProgress, type ProgressDeps } from "../deliveries/apply-progress.ts";
import { DeliveryParams } from "../deliveries/schema.ts";
import { type AssignDeps, assignTrips } from "../trips/assign-trips.ts";
import { type SearchDeps, searchCouriers } from "../trips/search-couriers.ts";

export type DispatchRouteDeps = AssignDeps & SearchDeps & ProgressDeps & Reach & { verifyToken: VerifyToken };

/** Several times the polling interval of the order service. */
const JUST_FREED_MS = 10_000;
const JUST_FREED_MAX = 200;

const internal = (summary: string) => ({ tags: ["internal"], summary, security: [{ service: [] }] });
const refusals = { 401: Problem, 403: Problem, 404: Problem, 422: Problem, 503: Problem };

export const dispatchRoutes = (deps: DispatchRouteDeps) =>
  new Elysia({ name: "dispatch" })
    .use(serviceOnly(deps.verifyToken))
    .post(
      "/internal/couriers/search",
      async ({ body, status }) => {
        const couriers = await searchCouriers(deps, body);
        return status(200, { couriers, reachMeters: deps.maxPickupMeters });
      },
      {
        body: CourierSearch,
        response: { 200: CouriersOnDuty, ...refusals },
        detail: internal("Search couriers on duty near these restaurants"),
      },
    )
    .post(
      "/internal/trips",
      async ({ body, status }) => status(200, { outcomes: await assignTrips(deps, body.assignments) }),
      {
        body: AssignTrips,
        response: { 200: TripOutcomes, ...refusals },
        detail: internal("Assign trips to couriers and return the courier of each delivery"),
      },
    )
    .get(
      "/internal/couriers/free",
      async ({ status }) => {
        const since = new Date(Date.now() - JUST_FREED_MS);
        const freed = await deps.couriers.freeSince(since, JUST_FREED_MAX);
        return status(200, { items: freed.flatMap((one) => freeCourierOf(one, deps) ?? []) });
      },
      {
        response: { 200: FreeCouriers, 401: Problem, 403: Problem, 503: Problem },
        detail: internal("Couriers who became free in the last ten seconds and still are"),
      },
    )
    .put(
      "/internal/deliveries/:deliveryId/order",
      async ({ params, body, status }) => {
        await applyProgress(deps, params.deliveryId, body);
        return status(204, undefined);
      },
      {
        params: DeliveryParams,
        body: OrderProgress,
        response: { 204: Type.Void(), ...refusals },
        detail: internal("Apply the progress of an order"),
      },
    );
