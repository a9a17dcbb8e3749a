import { withCaller } from "@food/shared/auth/guard";
import { OPTION_GROUPS_MAX, OptionGroup } from "@food/shared/contracts/option-groups";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { IfMatch } from "@food/shared/values/etag";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { DishStore } from "../dishes/store.ts";
import { requireManagerExceptFor } from "../staff/roles.ts";
import {
  ChangeOption,
  ChangeOptionGroup,
  NewOptionGroup,
  OptionGroupPage,
  OptionGroupParams,
  OptionParams,
} from "./schema.ts";
import { groupEtag, groupView, type OptionGroupStore } from "./store.ts";

export interface OptionGroupRouteDeps {
  optionGroups: OptionGroupStore;
  dishes: DishStore;
  /** Drops the restaurant's cached menu. */
  changed: (restaurantId: string) => Promise<void>;
}

const detail = detailOf("option groups");
const missing = { 404: problems("OPTION_GROUP_NOT_FOUND") };
const missingRestaurant = { 404: problems("RESTAURANT_NOT_FOUND") };
const changes = {
  200: OptionGroup,
  404: problems("OPTION_GROUP_NOT_FOUND", "OPTION_NOT_FOUND"),
  409: problems("RESTAURANT_BUSY"),
  412: problems("OPTION_GROUP_CHANGED"),
  422: problems("OPTION_GROUP_INVALID"),
};
const GROUPS = "/v1/restaurants/me/option-groups";

export const optionGroupRoutes = ({ optionGroups, dishes, changed }: OptionGroupRouteDeps) =>
  new Elysia({ name: "option groups" })
    .use(withCaller())
    .get(
      GROUPS,
      async ({ caller, status }) =>
        status(200, { items: (await optionGroups.list(caller.id)).map(groupView), nextCursor: null }),
      {
        response: { 200: OptionGroupPage, ...missingRestaurant },
        detail: detail(
          "All my option groups, oldest first",
          `At most ${OPTION_GROUPS_MAX}, in one page; also those that no dish offers.`,
        ),
      },
    )
    .post(
      GROUPS,
      async ({ caller, body, set, status }) => {
        const group = await optionGroups.add(caller.id, body);
        set.headers.etag = groupEtag(group);
        return status(201, groupView(group));
      },
      {
        body: NewOptionGroup,
        response: {
          201: OptionGroup,
          ...missingRestaurant,
          409: problems("TOO_MANY_OPTION_GROUPS", "RESTAURANT_BUSY"),
          422: problems("OPTION_GROUP_INVALID"),
        },
        detail: detail(
          "Add an option group, for dishes to offer",
          "Such as sizes or sauces. A dish that offers it may ask for other bounds; an option may offer further groups.",
        ),
      },
    )
    .get(
      `${GROUPS}/:optionGroupId`,
      async ({ caller, params, set, status }) => {
        const group = await optionGroups.get(caller.id, params.optionGroupId);
        set.headers.etag = groupEtag(group);
        return status(200, groupView(group));
      },
      {
        params: OptionGroupParams,
        response: { 200: OptionGroup, ...missing },
        detail: detail(
          "One of my option groups",
          "Its `ETag` is its version: send it as `If-Match` to change or remove exactly this one.",
        ),
      },
    )
    .patch(
      `${GROUPS}/:optionGroupId`,
      async ({ caller, params, headers, body, set, status }) => {
        const group = await optionGroups.change(caller.id, params.optionGroupId, body, headers["if-match"]);
        await changed(caller.id);
        set.headers.etag = groupEtag(group);
        return status(200, groupView(group));
      },
      {
        params: OptionGroupParams,
        headers: IfMatch,
        body: ChangeOptionGroup,
        response: changes,
        detail: detail(
          "Change an option group; with If-Match, only that version",
          "Only the fields that are sent; `options` replaces all of them. Dishes that offer the group have the change at once. Orders that were placed keep what was chosen.",
        ),
      },
    )
    .patch(
      `${GROUPS}/:optionGroupId/options/:optionId`,
      async ({ caller, params: { optionGroupId, optionId }, headers, body, set, status }) => {
        requireManagerExceptFor(["available"], caller, body);
        const ifMatch = headers["if-match"];
        const group = await optionGroups.changeOption(caller.id, optionGroupId, optionId, body, ifMatch);
        await changed(caller.id);
        set.headers.etag = groupEtag(group);
        return status(200, groupView(group));
      },
      {
        params: OptionParams,
        headers: IfMatch,
        body: ChangeOption,
        response: { ...changes, 403: problems("WRONG_STAFF_ROLE") },
        detail: detail(
          "Change one option, for example when it is sold out",
          "The staff role `kitchen` changes only `available`.",
        ),
      },
    )
    .delete(
      `${GROUPS}/:optionGroupId`,
      async ({ caller, params: { optionGroupId }, headers, status }) => {
        await optionGroups.remove(caller.id, optionGroupId, headers["if-match"]);
        // Until then the dishes offer a group that is gone, which counts as not offered.
        await dishes.withdrawGroup(caller.id, optionGroupId);
        await changed(caller.id);
        return status(204, undefined);
      },
      {
        params: OptionGroupParams,
        headers: IfMatch,
        response: {
          204: Type.Void(),
          ...missing,
          409: problems("RESTAURANT_BUSY"),
          412: problems("OPTION_GROUP_CHANGED"),
          422: Problem,
        },
        detail: detail(
          "Remove an option group, also from the dishes that offer it",
          "With `If-Match`, only that version. Options that offer it lose it, too. Orders that were placed keep what was chosen.",
        ),
      },
    );
