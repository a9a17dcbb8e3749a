// The internal routes. Only the order service may call them.

import { FreeCouriers, OrderProgress } from "@food/shared/contracts/delivery";
import { Erased, EraseOrders } from "@food/shared/contracts/erasure";
import {
  AllOnDuty,
  AssignTrips,
  CourierSearch,
  CouriersOnDuty,
  TripOutcomes,
} from "@food/shared/contracts/trip";
import { privateDetailOf } from "@food/shared/http/detail";
import { Problem } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { freeCourierOf, type Reach } from "../couriers/report-location.ts";
import { applyProgress, type ProgressDeps } from "../deliveries/apply-progress.ts";
import { DeliveryParams } from "../deliveries/schema.ts";
import type { ErasureStore } from "../erasing/store.ts";
import { type AssignDeps, assignTrips } from "../trips/assign-trips.ts";
import { allOnDuty, type SearchDeps, searchCouriers } from "../trips/search-couriers.ts";

export type DispatchRouteDeps = AssignDeps & SearchDeps & ProgressDeps & Reach & { erasure: ErasureStore };

/** Several times the polling interval of the order service. */
const JUST_FREED_MS = 10_000;
const JUST_FREED_MAX = 200;

const detail = privateDetailOf("internal");
const refusals = { 404: Problem, 422: Problem, 503: Problem };

export const dispatchRoutes = (deps: DispatchRouteDeps) =>
  new Elysia({ name: "dispatch" })
    .post(
      "/internal/couriers/search",
      async ({ body, status }) => {
        const couriers = await searchCouriers(deps, body);
        return status(200, { couriers, reachMeters: deps.maxPickupMeters });
      },
      {
        body: CourierSearch,
        response: { 200: CouriersOnDuty, ...refusals },
        detail: detail("Search couriers on duty near these restaurants"),
      },
    )
    .post(
      "/internal/trips",
      async ({ body, status }) => status(200, { outcomes: await assignTrips(deps, body.assignments) }),
      {
        body: AssignTrips,
        response: { 200: TripOutcomes, ...refusals },
        detail: detail("Assign trips to couriers and return the courier of each delivery"),
      },
    )
    .get("/internal/couriers/on-duty", async ({ status }) => status(200, await allOnDuty(deps, new Date())), {
      response: { 200: AllOnDuty, 503: Problem },
      detail: detail("All couriers on duty or on a trip, with their positions and trips"),
    })
    .get(
      "/internal/couriers/free",
      async ({ status }) => {
        const since = new Date(Date.now() - JUST_FREED_MS);
        const freed = await deps.couriers.freeSince(since, JUST_FREED_MAX);
        return status(200, { items: freed.flatMap((one) => freeCourierOf(one, deps) ?? []) });
      },
      {
        response: { 200: FreeCouriers, 503: Problem },
        detail: detail("Couriers who became free in the last ten seconds and still are"),
      },
    )
    .put(
      "/internal/deliveries/erasure",
      async ({ body, status }) => {
        await deps.erasure.eraseOrders(body.orderIds);
        return status(200, { remaining: 0 });
      },
      {
        body: EraseOrders,
        response: { 200: Erased, ...refusals },
        detail: detail("Remove where the deliveries of a deleted customer's orders ended"),
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
        detail: detail("Apply the progress of an order"),
      },
    );
