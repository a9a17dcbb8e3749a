import { CHECK_MAIL } from "@food/shared/accounts/links/mail-links";
import { CheckMail } from "@food/shared/accounts/schema";
import type { PendingSignUps } from "@food/shared/accounts/sign-up/pending-sign-ups";
import { withCaller } from "@food/shared/auth/guard";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { requirePostalCode } from "@food/shared/values/fields";
import { Elysia } from "elysia";
import { requireOncePerCategory, requireSense, requireTimeZone, requireZones } from "./requirements.ts";
import { Availability, ChangeRestaurant, OwnRestaurant, RegisterRestaurant } from "./schema.ts";
import type { RestaurantStore } from "./store.ts";
import { ownView } from "./view.ts";

export interface RestaurantRouteDeps {
  restaurants: RestaurantStore;
  signUps: PendingSignUps<RegisterRestaurant, OwnRestaurant>;
  /** Drops the restaurant's cached responses. */
  changed: (restaurantId: string) => Promise<void>;
}

const missing = { 404: problems("RESTAURANT_NOT_FOUND") };
const HOURS = [
  "SPECIAL_HOURS_INVALID",
  "CATEGORY_HOURS_INVALID",
  "TIME_ZONE_REQUIRED",
  "UNKNOWN_TIME_ZONE",
  "DELIVERY_ZONES_INVALID",
];
const detail = detailOf("restaurants");

export const restaurantRoutes = (deps: RestaurantRouteDeps) => {
  const { restaurants, signUps, changed } = deps;
  return new Elysia({ name: "restaurants" })
    .post(
      "/v1/restaurants",
      async ({ body, status }) => {
        requireSense(body.openingHours);
        requireOncePerCategory(body.categoryHours);
        requireTimeZone(body);
        requireZones(body);
        requirePostalCode(body.address, "/address");
        const restaurant = await signUps.signUp(body);
        return restaurant ? status(201, restaurant) : status(202, CHECK_MAIL);
      },
      {
        body: RegisterRestaurant,
        response: {
          201: OwnRestaurant,
          202: CheckMail,
          409: problems("EMAIL_TAKEN"),
          422: problems(...HOURS, "PASSWORD_EASY_TO_GUESS"),
          429: Problem,
        },
        detail: detail(
          "Sign up; takes orders once `acceptingOrders` is true",
          "The account becomes the restaurant's owner. Where email addresses must be confirmed, the answer is 202, also for an address that has an account, and the link in the mail makes the account. Then sign in with `POST /v1/sessions`.",
        ),
      },
    )
    .use(withCaller())
    .get(
      "/v1/restaurants/me",
      async ({ caller, status }) => status(200, ownView(await restaurants.get(caller.id), new Date())),
      {
        response: { 200: OwnRestaurant, ...missing },
        detail: detail("My restaurant", "What the public reads, and the email address and delivery zones."),
      },
    )
    .patch(
      "/v1/restaurants/me",
      async ({ caller, body, status }) => {
        requireSense(body.openingHours);
        requireOncePerCategory(body.categoryHours);
        if (body.address) requirePostalCode(body.address, "/address");
        const restaurant = await restaurants.change(caller.id, body);
        await changed(caller.id);
        return status(200, ownView(restaurant, new Date()));
      },
      {
        body: ChangeRestaurant,
        response: {
          200: OwnRestaurant,
          ...missing,
          409: problems("RESTAURANT_BUSY"),
          422: problems(...HOURS, "CURRENCY_FIXED"),
        },
        detail: detail(
          "Change my restaurant, except its currency",
          "Only the fields that are sent; null removes an optional one. Orders that were placed keep their prices and times.",
        ),
      },
    )
    .put(
      "/v1/restaurants/me/availability",
      async ({ caller, body, status }) => {
        const restaurant = await restaurants.setAccepting(caller.id, body.acceptingOrders);
        await changed(caller.id);
        return status(200, ownView(restaurant, new Date()));
      },
      {
        body: Availability,
        response: { 200: OwnRestaurant, ...missing, 422: Problem },
        detail: detail(
          "Start or stop taking orders",
          "At once, besides the opening hours. Open orders go on.",
        ),
      },
    );
};
