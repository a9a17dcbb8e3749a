// The internal routes, for the order service alone.
import { serviceOnly } from "@food/shared/auth/authenticated";
import type { VerifyToken } from "@food/shared/auth/tokens";
import { AssignOutcome, AssignRequest, FreeCouriers, OrderProgress } from "@food/shared/contracts/delivery";
import { Problem } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { freeCourierOf, type Reach } from "../couriers/report-location.ts";
import { type AssignDeps, assignCourier } from "../deliveries/assign-courier.ts";
import { type FollowDeps, followOrder } from "../deliveries/follow-order.ts";
import { DeliveryParams } from "../deliveries/schema.ts";

export type DispatchRouteDeps = AssignDeps & FollowDeps & Reach & { verifyToken: VerifyToken };

/** Several times as long as the pause between two questions. */
const JUST_FREED_MS = 10_000;
const JUST_FREED_MAX = 200;

const internal = (summary: string) => ({ tags: ["internal"], summary, security: [{ service: [] }] });
const refusals = { 401: Problem, 403: Problem, 404: Problem, 422: Problem, 503: Problem };

export const dispatchRoutes = (deps: DispatchRouteDeps) =>
  new Elysia({ name: "dispatch" })
    .use(serviceOnly(deps.verifyToken))
    .put(
      "/internal/deliveries/:deliveryId",
      async ({ params, body, status }) => status(200, await assignCourier(deps, params.deliveryId, body)),
      {
        params: DeliveryParams,
        body: AssignRequest,
        response: { 200: AssignOutcome, ...refusals },
        detail: internal("Find a courier, or say who has been found"),
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
        detail: internal("Who became free in the last ten seconds and still is"),
      },
    )
    .put(
      "/internal/deliveries/:deliveryId/order",
      async ({ params, body, status }) => {
        await followOrder(deps, params.deliveryId, body);
        return status(204, undefined);
      },
      {
        params: DeliveryParams,
        body: OrderProgress,
        response: { 204: Type.Void(), ...refusals },
        detail: internal("Take in where the order stands"),
      },
    );
