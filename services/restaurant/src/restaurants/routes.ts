import type { CountSignUp } from "@food/shared/accounts/limits";
import { withCaller } from "@food/shared/auth/guard";
import { Problem } from "@food/shared/http/problem";
import { currentScope } from "@food/shared/observe/request-scope";
import { requirePostalCode } from "@food/shared/values/fields";
import { Elysia } from "elysia";
import { type SignUpDeps, signUp } from "../people/sign-up.ts";
import { requireOncePerCategory, requireSense, requireTimeZone, requireZones } from "./requirements.ts";
import { Availability, ChangeRestaurant, OwnRestaurant, RegisterRestaurant } from "./schema.ts";
import { ownView } from "./view.ts";

export interface RestaurantRouteDeps extends SignUpDeps {
  countSignUp: CountSignUp;
  /** Drops the restaurant's cached responses. */
  changed: (restaurantId: string) => Promise<void>;
}

const detail = (summary: string) => ({ tags: ["restaurants"], summary });

export const restaurantRoutes = ({ countSignUp, changed, ...deps }: RestaurantRouteDeps) => {
  const { restaurants } = deps;
  return new Elysia({ name: "restaurants" })
    .post(
      "/v1/restaurants",
      async ({ body, status }) => {
        requireSense(body.openingHours);
        requireOncePerCategory(body.categoryHours);
        requireTimeZone(body);
        requireZones(body);
        requirePostalCode(body.address, "/address");
        await countSignUp();
        const restaurant = await signUp(deps, body, currentScope()?.remoteAddress() ?? "");
        await changed(restaurant._id);
        return status(201, ownView(restaurant, new Date()));
      },
      {
        body: RegisterRestaurant,
        response: { 201: OwnRestaurant, 409: Problem, 422: Problem, 429: Problem },
        detail: detail("Sign up; takes orders once `acceptingOrders` is true"),
      },
    )
    .use(withCaller())
    .get(
      "/v1/restaurants/me",
      async ({ caller, status }) => status(200, ownView(await restaurants.get(caller.id), new Date())),
      { response: { 200: OwnRestaurant, 404: Problem }, detail: detail("My restaurant") },
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
        response: { 200: OwnRestaurant, 404: Problem, 409: Problem, 422: Problem },
        detail: detail("Change my restaurant, except its currency"),
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
        response: { 200: OwnRestaurant, 404: Problem, 422: Problem },
        detail: detail("Start or stop taking orders"),
      },
    );
};
