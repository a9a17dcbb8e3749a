import { withCaller } from "@food/shared/auth/guard";
import { ReleaseStock } from "@food/shared/contracts/stock";
import { detailOf, privateDetailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { DishStore } from "../dishes/store.ts";
import type { RestaurantStore } from "../restaurants/store.ts";
import { businessDayOf } from "../restaurants/view.ts";
import { DishStock, SetStock, StockList, StockParams, TakerParams } from "./schema.ts";
import { type StockDeps, settleStock } from "./settle-stock.ts";
import { portionsLeft, type StockEntry } from "./stock.ts";

export interface StockRouteDeps extends Pick<StockDeps, "stock" | "changed"> {
  restaurants: RestaurantStore;
  dishes: DishStore;
}

const detail = detailOf("dishes");
const missing = { 404: problems("RESTAURANT_NOT_FOUND") };
const missingDish = { 404: problems("DISH_NOT_FOUND", "RESTAURANT_NOT_FOUND") };

const stockView = (dishId: string, entry: StockEntry, today: string): DishStock => ({
  dishId,
  remaining: portionsLeft(entry, today),
  ...(entry.perDay !== undefined && { perDay: entry.perDay }),
});

const ownStockRoutes = ({ stock, changed, restaurants, dishes }: StockRouteDeps) =>
  new Elysia({ name: "own-stock" })
    .use(withCaller())
    .get(
      "/v1/restaurants/me/stock",
      async ({ caller, status }) => {
        const restaurant = await restaurants.get(caller.id);
        const { date } = businessDayOf(restaurant, new Date());
        const entries = Object.entries(restaurant.stock ?? {});
        return status(200, { items: entries.map(([dishId, entry]) => stockView(dishId, entry, date)) });
      },
      {
        response: { 200: StockList, ...missing },
        detail: detail(
          "Portions that are left of limited dishes",
          "A dish without a limit is not in the list. With `perDay`, `remaining` is what is left of the current business day.",
        ),
      },
    )
    .put(
      "/v1/restaurants/me/dishes/:dishId/stock",
      async ({ caller, params: { dishId }, body: { remaining, perDay }, status }) => {
        const [restaurant] = await Promise.all([restaurants.get(caller.id), dishes.get(caller.id, dishId)]);
        const { date } = businessDayOf(restaurant, new Date());
        const entry = {
          remaining,
          ...(perDay !== undefined && { perDay }),
          day: perDay === undefined ? "" : date,
        };
        await stock.set(caller.id, dishId, entry);
        await changed(caller.id);
        return status(200, stockView(dishId, entry, date));
      },
      {
        params: StockParams,
        body: SetStock,
        response: { 200: DishStock, ...missingDish, 422: Problem },
        detail: detail(
          "Limit a dish to some portions",
          "Each order takes its portions when it is placed and gives them back when it is rejected or cancelled. `perDay` sets them anew at the start of each business day.",
        ),
      },
    )
    .delete(
      "/v1/restaurants/me/dishes/:dishId/stock",
      async ({ caller, params: { dishId }, status }) => {
        await dishes.get(caller.id, dishId);
        await stock.set(caller.id, dishId, undefined);
        await changed(caller.id);
        return status(204, undefined);
      },
      {
        params: StockParams,
        response: { 204: Type.Void(), ...missingDish },
        detail: detail(
          "Remove the limit of a dish",
          "Any number of portions can then be ordered. Succeeds also when it has no limit. Whether the dish is `available` stays.",
        ),
      },
    );

const internalStockRoutes = (deps: StockRouteDeps) =>
  new Elysia({ name: "internal-stock" }).put(
    "/internal/stock/:orderId/release",
    async ({ params: { orderId }, body: { restaurantId }, status }) => {
      await settleStock(deps, { restaurantId, orderId }, { givesBack: true }, new Date());
      return status(204, undefined);
    },
    {
      params: TakerParams,
      body: ReleaseStock,
      response: { 204: Type.Void(), 422: Problem, ...missing },
      detail: privateDetailOf("internal")(
        "Give back the portions that an order has taken; it can take none afterwards",
      ),
    },
  );

export const stockRoutes = (deps: StockRouteDeps) =>
  new Elysia({ name: "stock" }).use(ownStockRoutes(deps)).use(internalStockRoutes(deps));
