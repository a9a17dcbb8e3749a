// The internal route for what owners must hear from other services.
import { RestaurantId } from "@food/shared/contracts/ids";
import { DisabledWebhook, WebhookId } from "@food/shared/contracts/webhooks";
import { privateDetailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type TellDeps, tellOwners } from "./tell-owners.ts";

export const noticeRoutes = (deps: TellDeps) =>
  new Elysia({ name: "notices" }).put(
    "/internal/restaurants/:restaurantId/disabled-webhooks/:webhookId",
    async ({ params, body, status }) => {
      await tellOwners(deps, params.restaurantId, params.webhookId, body);
      return status(204, undefined);
    },
    {
      params: Type.Object({ restaurantId: RestaurantId, webhookId: WebhookId }),
      body: DisabledWebhook,
      response: { 204: Type.Void(), 404: problems("RESTAURANT_NOT_FOUND"), 422: Problem },
      detail: privateDetailOf("internal")("Mail the owners that a webhook is disabled"),
    },
  );
