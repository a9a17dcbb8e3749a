import { withCaller } from "@food/shared/auth/guard";
import type { OfferedGroup } from "@food/shared/contracts/option-groups";
import { Dish } from "@food/shared/contracts/restaurant";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { IfMatch } from "@food/shared/values/etag";
import { newId } from "@food/shared/values/id";
import { decodeCursor, PAGE_SIZE_DEFAULT, toPage } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { faultsInOffers, groupsOf } from "../option-groups/option-group.ts";
import { invalidGroup, type OptionGroupStore } from "../option-groups/store.ts";
import { requireManagerExceptFor } from "../staff/roles.ts";
import { ChangeDish, DishCursor, DishPage, DishParams, DishQuery, NewDish } from "./schema.ts";
import { requireSoldOutWithinYear } from "./sold-out.ts";
import { type DishStore, dishEtag, dishView, newDish } from "./store.ts";

export interface DishRouteDeps {
  dishes: DishStore;
  optionGroups: OptionGroupStore;
  /** Removes the limit of a dish's portions. */
  unlimit: (restaurantId: string, dishId: string) => Promise<void>;
  /** Drops the restaurant's cached menu. */
  changed: (restaurantId: string) => Promise<void>;
}

const detail = detailOf("dishes");

const missing = { 404: problems("DISH_NOT_FOUND") };

/** Throws 422 unless the restaurant has these groups and their bounds can be met. */
async function requireGroups(groups: OptionGroupStore, restaurantId: string, offered: OfferedGroup[] = []) {
  if (offered.length === 0) return;
  const details = faultsInOffers(offered, groupsOf(await groups.list(restaurantId)), "/optionGroups");
  if (details.length > 0) throw invalidGroup(details);
}

export const dishRoutes = ({ dishes, optionGroups, unlimit, changed }: DishRouteDeps) =>
  new Elysia({ name: "dishes" })
    .use(withCaller())
    .get(
      "/v1/restaurants/me/dishes",
      async ({ caller, query: { limit = PAGE_SIZE_DEFAULT, cursor }, status }) => {
        const rows = await dishes.list(caller.id, limit + 1, decodeCursor(DishCursor, cursor)?.after);
        const now = new Date();
        const page = toPage(
          rows,
          limit,
          (dish) => dishView(dish, now),
          ({ _id }) => ({ after: _id }),
        );
        return status(200, page);
      },
      {
        query: DishQuery,
        response: { 200: DishPage, 400: problems("MALFORMED_CURSOR"), 422: Problem },
        detail: detail("My dishes, oldest first", "All of them, also those that are sold out."),
      },
    )
    .post(
      "/v1/restaurants/me/dishes",
      async ({ caller, body, set, status }) => {
        const now = new Date();
        requireSoldOutWithinYear(body, now);
        await requireGroups(optionGroups, caller.id, body.optionGroups);
        const dish = await dishes.add(newDish(newId("dsh"), caller.id, body));
        await changed(caller.id);
        set.headers.etag = dishEtag(dish);
        return status(201, dishView(dish, now));
      },
      {
        body: NewDish,
        response: {
          201: Dish,
          404: problems("RESTAURANT_NOT_FOUND"),
          409: problems("TOO_MANY_DISHES"),
          422: problems("OPTION_GROUP_INVALID", "SOLD_OUT_UNTIL_INVALID"),
        },
        detail: detail(
          "Add a dish to the menu",
          "On the menu at once. Prices are in the smallest unit of the restaurant's currency.",
        ),
      },
    )
    .get(
      "/v1/restaurants/me/dishes/:dishId",
      async ({ caller, params, set, status }) => {
        const dish = await dishes.get(caller.id, params.dishId);
        set.headers.etag = dishEtag(dish);
        return status(200, dishView(dish, new Date()));
      },
      {
        params: DishParams,
        response: { 200: Dish, ...missing },
        detail: detail(
          "One of my dishes",
          "Its `ETag` is its version: send it as `If-Match` to change or remove exactly this one.",
        ),
      },
    )
    .patch(
      "/v1/restaurants/me/dishes/:dishId",
      async ({ caller, params, headers, body, set, status }) => {
        requireManagerExceptFor(["available", "soldOutUntil"], caller, body);
        const now = new Date();
        requireSoldOutWithinYear(body, now);
        await requireGroups(optionGroups, caller.id, body.optionGroups);
        const dish = await dishes.change(caller.id, params.dishId, body, headers["if-match"]);
        await changed(caller.id);
        set.headers.etag = dishEtag(dish);
        return status(200, dishView(dish, now));
      },
      {
        params: DishParams,
        headers: IfMatch,
        body: ChangeDish,
        response: {
          200: Dish,
          ...missing,
          403: problems("WRONG_STAFF_ROLE"),
          409: problems("DISH_BUSY"),
          412: problems("DISH_CHANGED"),
          422: problems("OPTION_GROUP_INVALID", "SOLD_OUT_UNTIL_INVALID"),
        },
        detail: detail(
          "Change a dish; with If-Match, only that version",
          "The staff role `kitchen` changes only `available` and `soldOutUntil`. Placed orders keep their prices.",
        ),
      },
    )
    .delete(
      "/v1/restaurants/me/dishes/:dishId",
      async ({ caller, params, headers, status }) => {
        await dishes.remove(caller.id, params.dishId, headers["if-match"]);
        await unlimit(caller.id, params.dishId);
        await changed(caller.id);
        return status(204, undefined);
      },
      {
        params: DishParams,
        headers: IfMatch,
        response: { 204: Type.Void(), ...missing, 412: problems("DISH_CHANGED"), 422: Problem },
        detail: detail(
          "Remove a dish from the menu",
          "With `If-Match`, only that version. Its limit of portions is removed, too. Orders that were placed keep it.",
        ),
      },
    );
