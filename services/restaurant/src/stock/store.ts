// Stock in the restaurant's document, so that taking several dishes for an order is one conditional update. What an order
// has taken is recorded under its id in the same write: a repeated take or give-back finds it and changes nothing.
import { unavailable } from "@food/shared/values/errors";
import type { Db, Filter, UpdateFilter } from "mongodb";
import { noSuchRestaurant, type RestaurantDocument } from "../restaurants/store.ts";
import {
  isNewDay,
  returnable,
  type StockEntry,
  type Take,
  type TakenStock,
  takesOf,
  type WithStock,
} from "./stock.ts";

/** The order service is asked about an order when its stock has been taken for this long. */
const CHECK_AFTER_MS = 2 * 60_000;
/** Settled orders are remembered for this long: more than any placement takes, and any two clocks differ. */
const REMEMBERED_MS = 60 * 60_000;
const TRIES_MAX = 20;

/** An order, and its restaurant. */
export interface OrderOf {
  restaurantId: string;
  orderId: string;
}

/** `settled`: the order has given back its stock and cannot take again. `soldOut`: a dish has no portion left. */
export type TakeOutcome =
  | { outcome: "taken"; soldOut: boolean }
  | { outcome: "not_enough"; stock: Record<string, StockEntry> }
  | { outcome: "unlimited" }
  | { outcome: "settled" };

export type StockStore = ReturnType<typeof stockStore>;

const busy = () => unavailable("OVERLOADED", "Other requests changed the stock at the same time. Try again.");

const takenPath = (orderId: string) => `stockTaken.${orderId}`;

function takeUpdate({ orderId }: OrderOf, takes: Take[], now: Date) {
  const today = takes.filter((take) => !isNewDay(take));
  const newDay = takes.filter(isNewDay);
  const taken: TakenStock = {
    at: now,
    lines: takes.map(({ dishId, portions, to: { day } }) => ({ dishId, portions, day })),
  };
  const decrements = today.map(({ dishId, portions }) => [`stock.${dishId}.remaining`, -portions]);
  const resets = newDay.map(({ dishId, to }) => [`stock.${dishId}`, to]);
  return {
    ...(decrements.length > 0 && { $inc: Object.fromEntries(decrements) }),
    $set: { ...Object.fromEntries(resets), [takenPath(orderId)]: taken },
    $min: { stockCheckAt: new Date(now.getTime() + CHECK_AFTER_MS) },
  };
}

/** Holds while each entry still has the portions, and no new day has begun since it was read. */
const takeFilter = ({ restaurantId, orderId }: OrderOf, takes: Take[]) => ({
  _id: restaurantId,
  [takenPath(orderId)]: { $exists: false },
  stockTakenAfter: { $not: { $gte: orderId } },
  ...Object.fromEntries(
    takes.flatMap((take) => [
      [`stock.${take.dishId}.day`, take.from.day],
      isNewDay(take)
        ? [`stock.${take.dishId}.perDay`, take.from.perDay]
        : [`stock.${take.dishId}.remaining`, { $gte: take.portions }],
    ]),
  ),
});

export function stockStore(db: Db) {
  const restaurants = db.collection<RestaurantDocument>("restaurants");
  /** The driver's types know no paths with an id in them. */
  const where = (filter: object) => filter as Filter<RestaurantDocument>;
  const change = (update: object) => update as UpdateFilter<RestaurantDocument>;

  async function read({ restaurantId, orderId }: OrderOf): Promise<WithStock> {
    const projection = { stock: 1, stockTakenAfter: 1, [takenPath(orderId)]: 1 };
    const found = await restaurants.findOne({ _id: restaurantId }, { projection });
    if (!found) throw noSuchRestaurant();
    return found;
  }

  /** Refuses a take that comes after its release: the caller of a quote has given up and its request may still be on the
   * way. Only where something can be taken. */
  async function preventTake({ restaurantId, orderId }: OrderOf, stock: WithStock["stock"], now: Date) {
    if (!stock || Object.keys(stock).length === 0) return { settled: true, reopened: false };
    const settled: TakenStock = { at: now };
    const { matchedCount } = await restaurants.updateOne(
      where({ _id: restaurantId, [takenPath(orderId)]: { $exists: false } }),
      change({
        $set: { [takenPath(orderId)]: settled },
        $min: { stockCheckAt: new Date(now.getTime() + CHECK_AFTER_MS) },
      }),
    );
    return { settled: matchedCount === 1, reopened: false };
  }

  /** Records that the order is settled, with or without giving back. False when it has changed since it was read. */
  async function trySettle(order: OrderOf, current: WithStock, givesBack: boolean, now: Date) {
    const { stock, stockTaken } = current;
    const taken = stockTaken?.[order.orderId];
    if (!taken && (current.stockTakenAfter ?? "") < order.orderId) return preventTake(order, stock, now);
    if (!taken?.lines) return { settled: true, reopened: false };
    const back = givesBack ? returnable(taken.lines, stock) : [];
    const settled: TakenStock = { at: taken.at };
    const after = await restaurants.findOneAndUpdate(
      where({
        _id: order.restaurantId,
        [`${takenPath(order.orderId)}.lines`]: { $exists: true },
        ...Object.fromEntries(back.map(({ dishId, day }) => [`stock.${dishId}.day`, day])),
      }),
      change({
        $set: { [takenPath(order.orderId)]: settled },
        ...(back.length > 0 && {
          $inc: Object.fromEntries(
            back.map(({ dishId, portions }) => [`stock.${dishId}.remaining`, portions]),
          ),
        }),
      }),
      { returnDocument: "after", projection: { stock: 1 } },
    );
    const isReopened = ({ dishId, portions }: { dishId: string; portions: number }) =>
      (after?.stock?.[dishId]?.remaining ?? 0) <= portions;
    return { settled: after !== null, reopened: after !== null && back.some(isReopened) };
  }

  return {
    ensureIndexes: () =>
      restaurants.createIndex(
        { stockCheckAt: 1 },
        { name: "stock_check", partialFilterExpression: { stockCheckAt: { $exists: true } } },
      ),

    /** Undefined removes the limit. Throws 404 for an unknown restaurant. */
    async set(restaurantId: string, dishId: string, entry: StockEntry | undefined): Promise<void> {
      const path = `stock.${dishId}`;
      const { matchedCount } = await restaurants.updateOne(
        { _id: restaurantId },
        change(entry ? { $set: { [path]: entry } } : { $unset: { [path]: "" } }),
      );
      if (matchedCount === 0) throw noSuchRestaurant();
    },

    /** Without an error when the restaurant is gone. */
    unlimit: async (restaurantId: string, dishId: string): Promise<void> => {
      await restaurants.updateOne({ _id: restaurantId }, change({ $unset: { [`stock.${dishId}`]: "" } }));
    },

    /** Takes all portions of an order, or nothing. `seen` is the stock as the caller has read it. */
    async take(
      order: OrderOf,
      portions: Map<string, number>,
      seen: WithStock,
      today: string,
      now: Date,
    ): Promise<TakeOutcome> {
      let current = seen;
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const takes = takesOf(portions, current.stock, today);
        if (takes?.length === 0) return { outcome: "unlimited" };
        const after =
          takes &&
          (await restaurants.findOneAndUpdate(
            where(takeFilter(order, takes)),
            change(takeUpdate(order, takes, now)),
            { returnDocument: "after", projection: { stock: 1 } },
          ));
        if (after)
          return {
            outcome: "taken",
            soldOut: takes.some(({ dishId }) => after.stock?.[dishId]?.remaining === 0),
          };
        current = await read(order);
        const before = current.stockTaken?.[order.orderId];
        if (before) return before.lines ? { outcome: "taken", soldOut: false } : { outcome: "settled" };
        if ((current.stockTakenAfter ?? "") >= order.orderId) return { outcome: "settled" };
        const { stock = {} } = current;
        if (!takes && !takesOf(portions, stock, today)) return { outcome: "not_enough", stock };
      }
      throw busy();
    },

    /** Ends what an order has taken: gives it back, or leaves it used. Returns whether a dish has portions again. An order
     * that has taken nothing yet can take nothing afterwards. Does nothing for one that is settled. */
    async settle(order: OrderOf, { givesBack }: { givesBack: boolean }, now: Date): Promise<boolean> {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const { settled, reopened } = await trySettle(order, await read(order), givesBack, now);
        if (settled) return reopened;
      }
      throw busy();
    },

    /** A restaurant with orders to ask about, which belongs to the caller until the next check is due. */
    async claimDue(now: Date): Promise<{ restaurantId: string; orderIds: string[] } | undefined> {
      const due = await restaurants.findOneAndUpdate(
        { stockCheckAt: { $lte: now } },
        { $set: { stockCheckAt: new Date(now.getTime() + CHECK_AFTER_MS) } },
        { sort: { stockCheckAt: 1 }, returnDocument: "after", projection: { stockTaken: 1 } },
      );
      if (!due) return undefined;
      const old = new Date(now.getTime() - CHECK_AFTER_MS);
      const taken = Object.entries(due.stockTaken ?? {});
      const orderIds = taken.flatMap(([orderId, { at, lines }]) => (lines && at <= old ? [orderId] : []));
      return { restaurantId: due._id, orderIds };
    },

    /** Forgets orders that were settled long ago, and takes no stock for them any more. */
    async forget(restaurantId: string, now: Date): Promise<void> {
      const found = await restaurants.findOne({ _id: restaurantId }, { projection: { stockTaken: 1 } });
      const old = new Date(now.getTime() - REMEMBERED_MS);
      const forgotten = Object.entries(found?.stockTaken ?? {})
        .flatMap(([orderId, { at, lines }]) => (!lines && at <= old ? [orderId] : []))
        .sort();
      const last = forgotten.at(-1);
      if (last !== undefined)
        await restaurants.updateOne(
          { _id: restaurantId },
          change({
            $unset: Object.fromEntries(forgotten.map((orderId) => [takenPath(orderId), ""])),
            $max: { stockTakenAfter: last },
          }),
        );
      await restaurants.updateOne(
        where({ _id: restaurantId, stockTaken: {} }),
        change({ $unset: { stockCheckAt: "", stockTaken: "" } }),
      );
    },
  };
}
