import { CHECK_MAIL } from "@food/shared/accounts/links/mail-links";
import { CheckMail } from "@food/shared/accounts/schema";
import type { PendingSignUps } from "@food/shared/accounts/sign-up/pending-sign-ups";
import { withCaller } from "@food/shared/auth/guard";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { toPoint } from "@food/shared/values/geo";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { TripStore } from "../trips/store.ts";
import { endDuty } from "./end-duty.ts";
import { type Live, reportLocation } from "./report-location.ts";
import {
  Availability,
  ChangeCourier,
  Courier,
  Duty,
  NoWork,
  RegisterCourier,
  ReportLocation,
} from "./schema.ts";
import type { CourierStore } from "./store.ts";

export interface CourierRouteDeps {
  couriers: CourierStore;
  trips: TripStore;
  signUps: PendingSignUps<RegisterCourier, Courier>;
  live: Live;
  positionMaxAgeMs: number;
}

const detail = detailOf("couriers");

export const courierRoutes = (deps: CourierRouteDeps) => {
  const { couriers, signUps, live } = deps;
  return new Elysia({ name: "couriers" })
    .post(
      "/v1/couriers",
      async ({ body, status }) => {
        const courier = await signUps.signUp(body);
        return courier ? status(201, courier) : status(202, CHECK_MAIL);
      },
      {
        body: RegisterCourier,
        response: {
          201: Courier,
          202: CheckMail,
          409: problems("EMAIL_TAKEN"),
          422: problems("PASSWORD_EASY_TO_GUESS"),
          429: Problem,
        },
        detail: detail(
          "Sign up",
          "Where email addresses must be confirmed, the answer is 202, also for an address that has an account, and the link in the mail makes the account. Then sign in with `POST /v1/sessions`.",
        ),
      },
    )
    .use(withCaller())
    .get("/v1/couriers/me", async ({ caller, status }) => status(200, await couriers.get(caller.id)), {
      response: { 200: Courier },
      detail: detail(
        "My profile",
        "`onDelivery` says whether I am on a delivery now. With my last position, which `PUT /v1/couriers/me/location` reports.",
      ),
    })
    .patch(
      "/v1/couriers/me",
      async ({ caller, body, status }) => status(200, await couriers.change(caller.id, body)),
      {
        body: ChangeCourier,
        response: { 200: Courier, 422: Problem },
        detail: detail(
          "Change my profile",
          "Only the fields that are sent. Another vehicle changes how many orders a trip takes from the next trip on. The email address changes with `POST /v1/couriers/me/email`.",
        ),
      },
    )
    .put(
      "/v1/couriers/me/availability",
      async ({ caller, body, status }) => {
        const courier: Duty = body.available
          ? await couriers.setAvailable(caller.id, true, new Date())
          : await endDuty(deps, caller.id);
        if (!courier.onDelivery)
          live.courierFree({
            _id: caller.id,
            available: courier.available,
            ...(courier.location && { location: toPoint(courier.location) }),
            ...(courier.locationAt && { locationAt: new Date(courier.locationAt) }),
          });
        return status(200, courier);
      },
      {
        body: Availability,
        response: { 200: Duty, 422: Problem },
        detail: detail(
          "Come on or go off duty; I keep my current trip",
          "Off duty no order comes. The answer says when a trip in hand goes on, and when a position is missing: without one no order comes either.",
        ),
      },
    )
    .put(
      "/v1/couriers/me/location",
      async ({ caller, body, status }) => {
        const noWork = await reportLocation(deps, caller.id, body, new Date());
        return noWork ? status(200, noWork) : status(204, undefined);
      },
      {
        body: ReportLocation,
        response: { 200: NoWork, 204: Type.Void(), 422: problems("IMPLAUSIBLE_TIME") },
        detail: detail(
          "Report my position; at most one per second counts",
          "`recordedAt` is when it was measured: an older one than the last counts as received and changes nothing. 200 instead of 204 when I am on duty and this position is too old for an order.",
        ),
      },
    );
};
