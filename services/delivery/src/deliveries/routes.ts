import { authenticated } from "@food/shared/auth";
import { NoBody } from "@food/shared/http";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "@food/shared/page";
import { Problem } from "@food/shared/problem";
import type { VerifyToken } from "@food/shared/tokens";
import { Elysia } from "elysia";
import { type ActDeps, act, noSuchDelivery } from "./act.ts";
import {
  Delivery,
  DeliveryCursor,
  DeliveryPage,
  DeliveryParams,
  DeliveryQuery,
  Fail,
  HandOver,
} from "./schema.ts";
import { type DeliveryDocument, deliveryView } from "./store.ts";

export type DeliveryRouteDeps = ActDeps & { verifyToken: VerifyToken };

const mine = (summary: string) => ({ tags: ["deliveries"], summary, security: [{ bearer: [] }] });
const refusals = { 401: Problem, 403: Problem };
const answers = { 200: Delivery, 404: Problem, 409: Problem, 503: Problem, ...refusals };

export const deliveryRoutes = (deps: DeliveryRouteDeps) =>
  new Elysia({ name: "deliveries" })
    .use(authenticated(deps.verifyToken, "courier"))
    .get(
      "/v1/deliveries",
      async ({ caller, query, status }) => {
        const { limit = PAGE_SIZE_DEFAULT, cursor } = query;
        const position = decodeCursor(DeliveryCursor, cursor);
        const rows = await deps.deliveries.list(caller.id, query.status, limit + 1, position);
        const cursorOf = ({ _id, assignedAt }: DeliveryDocument) => ({
          after: _id,
          at: assignedAt.getTime(),
        });
        return status(200, toPage(rows, limit, deliveryView, cursorOf));
      },
      {
        query: DeliveryQuery,
        response: { 200: DeliveryPage, 400: Problem, 422: Problem, ...refusals },
        detail: mine("My deliveries, newest first"),
      },
    )
    .get(
      "/v1/deliveries/:deliveryId",
      async ({ caller, params, status }) => {
        const delivery = await deps.deliveries.findOwn(params.deliveryId, caller.id);
        if (!delivery) throw noSuchDelivery();
        return status(200, deliveryView(delivery));
      },
      {
        params: DeliveryParams,
        response: { 200: Delivery, 404: Problem, ...refusals },
        detail: mine("One of my deliveries"),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/decline",
      async ({ caller, params, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "decline"))),
      {
        params: DeliveryParams,
        body: NoBody,
        response: { ...answers, 422: Problem },
        detail: mine("Give it back before picking it up"),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/pickup",
      async ({ caller, params, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "pickup"))),
      {
        params: DeliveryParams,
        body: NoBody,
        response: { ...answers, 422: Problem },
        detail: mine("I have the food, once it is ready"),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/deliver",
      async ({ caller, params, body, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "deliver", body))),
      {
        params: DeliveryParams,
        body: HandOver,
        response: { ...answers, 422: Problem, 429: Problem },
        detail: mine("Handed over, with the PIN that only the customer knows"),
      },
    )
    .post(
      "/v1/deliveries/:deliveryId/fail",
      async ({ caller, params, body, status }) =>
        status(200, deliveryView(await act(deps, caller.id, params.deliveryId, "fail", body))),
      {
        params: DeliveryParams,
        body: Fail,
        response: { ...answers, 422: Problem },
        detail: mine("It could not be handed over"),
      },
    );
