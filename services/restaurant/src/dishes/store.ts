import type { Allergen, Diet } from "@food/shared/contracts/dish-facts";
import type { OfferedGroup } from "@food/shared/contracts/option-groups";
import type { Dish } from "@food/shared/contracts/restaurant";
import { conflict, notFound, preconditionFailed } from "@food/shared/values/errors";
import { versionsIn } from "@food/shared/values/etag";
import type { Db, Filter, UpdateFilter } from "mongodb";
import { searchTerms } from "../restaurants/search-terms.ts";
import { wordStore } from "../words/store.ts";
import type { ChangeDish, NewDish } from "./schema.ts";

export interface DishDocument {
  _id: string;
  restaurantId: string;
  name: string;
  description: string;
  category: string;
  priceCents: number;
  available: boolean;
  optionGroups?: OfferedGroup[];
  sortOrder?: number;
  imageUrl?: string;
  allergens?: Allergen[];
  diets?: Diet[];
  soldOutUntil?: Date;
  taxBasisPoints?: number;
  /** Derived from name and category at every write. */
  searchTerms?: string[];
  version: number;
}

export type DishStore = ReturnType<typeof dishStore>;

/** Bounds the size of a menu's response. */
export const DISHES_MAX = 500;

/** What both its restaurant and customers see. */
export const dishFields = ({
  _id,
  restaurantId: _,
  version: __,
  soldOutUntil: ___,
  searchTerms: ____,
  ...dish
}: DishDocument): Omit<Dish, "soldOutUntil"> => ({ dishId: _id, ...dish });

/** The restaurant's view. A time that has passed is no longer part of it. */
export const dishView = (dish: DishDocument, now: Date): Dish => ({
  ...dishFields(dish),
  ...(dish.soldOutUntil && dish.soldOutUntil > now && { soldOutUntil: dish.soldOutUntil.toISOString() }),
});
export const dishEtag = ({ version }: DishDocument) => `"${version}"`;

/** The given fields as they are stored, and the fields to remove. */
function updateOf(
  { soldOutUntil, ...given }: ChangeDish,
  terms: string[] | undefined,
): UpdateFilter<DishDocument> {
  const fields = {
    ...(terms && { searchTerms: terms }),
    ...given,
    ...(soldOutUntil !== undefined && { soldOutUntil: dateOrNull(soldOutUntil) }),
  };
  const $set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const cleared = Object.entries(fields).filter(([, value]) => value === null);
  const $unset = Object.fromEntries(cleared.map(([field]) => [field, "" as const]));
  return {
    ...(Object.keys($set).length > 0 && { $set }),
    ...(cleared.length > 0 && { $unset }),
    $inc: { version: 1 },
  };
}
const dateOrNull = (instant: string | null) => (instant === null ? null : new Date(instant));

/** The version of the search rules, stored as a term. Terms without it are derived again. Change it with the rules. */
const RULES_VERSION = "#1";
const BATCH_MAX = 500;
const TRIES_MAX = 8;

const dishTerms = ({ name, category }: Pick<DishDocument, "name" | "category">) => [
  RULES_VERSION,
  ...searchTerms(name, category),
];

export const newDish = (
  _id: string,
  restaurantId: string,
  { soldOutUntil, ...dish }: NewDish,
): DishDocument => ({
  _id,
  restaurantId,
  ...dish,
  ...(soldOutUntil !== undefined && { soldOutUntil: new Date(soldOutUntil) }),
  searchTerms: dishTerms(dish),
  version: 1,
});

const noSuchDish = () => notFound("DISH_NOT_FOUND", "There is no such dish.");
const stale = () =>
  preconditionFailed("DISH_CHANGED", "The dish has changed since it was read. Read it again.");

const full = () => conflict("TOO_MANY_DISHES", `A menu has at most ${DISHES_MAX} dishes. Delete one first.`);

export function dishStore(db: Db) {
  const dishes = db.collection<DishDocument>("dishes");
  const words = wordStore(db);

  const own = (restaurantId: string, dishId: string, ifMatch: string | undefined): Filter<DishDocument> => {
    const versions = versionsIn(ifMatch);
    return { _id: dishId, restaurantId, ...(versions && { version: { $in: versions } }) };
  };

  const count = (restaurantId: string) => dishes.countDocuments({ restaurantId }, { limit: DISHES_MAX + 1 });

  async function get(restaurantId: string, dishId: string): Promise<DishDocument> {
    const dish = await dishes.findOne({ _id: dishId, restaurantId });
    if (!dish) throw noSuchDish();
    return dish;
  }

  return {
    get,

    ensureIndexes: () =>
      dishes.createIndexes([
        { key: { restaurantId: 1, _id: 1 }, name: "restaurant" },
        { key: { searchTerms: 1, restaurantId: 1 }, name: "search" },
        { key: { diets: 1, restaurantId: 1 }, name: "diet" },
      ]),

    /** Derives the terms of other rules again, in one pass. Concurrent changes derive their own terms. */
    async refreshTerms(): Promise<void> {
      const [current, all] = await Promise.all([
        dishes.countDocuments({ searchTerms: RULES_VERSION }),
        dishes.countDocuments(),
      ]);
      if (current === all) return;
      for (let after = ""; ; ) {
        const stale = await dishes
          .find({ searchTerms: { $ne: RULES_VERSION }, _id: { $gt: after } })
          .project<Pick<DishDocument, "_id" | "name" | "category">>({ name: 1, category: 1 })
          .sort({ _id: 1 })
          .limit(BATCH_MAX)
          .toArray();
        if (stale.length === 0) return;
        const derived = stale.map((read) => ({ read, terms: dishTerms(read) }));
        await words.add(derived.flatMap(({ terms }) => terms));
        await dishes.bulkWrite(
          derived.map(({ read, terms }) => ({
            updateOne: { filter: read, update: { $set: { searchTerms: terms } } },
          })),
          { ordered: false },
        );
        after = stale.at(-1)?._id ?? after;
      }
    },

    /** Throws 409 when the menu is full. Counts again after the insert, because other dishes may be added concurrently. Near
     * the maximum, concurrent adds may fail although there is room, but never exceed it. */
    async add(dish: DishDocument): Promise<DishDocument> {
      const { _id, restaurantId } = dish;
      if ((await count(restaurantId)) >= DISHES_MAX) throw full();
      await words.add(dish.searchTerms ?? []);
      await dishes.insertOne(dish);
      if ((await count(restaurantId)) <= DISHES_MAX) return dish;
      await dishes.deleteOne({ _id });
      throw full();
    },

    list: (restaurantId: string, limit: number, afterId: string | undefined) =>
      dishes
        .find({ restaurantId, ...(afterId && { _id: { $gt: afterId } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),

    /** All dishes, oldest first. */
    menuOf: (restaurantId: string) =>
      dishes.find({ restaurantId }).sort({ _id: 1 }).limit(DISHES_MAX).toArray(),

    these: (restaurantId: string, dishIds: string[]) =>
      dishes.find({ _id: { $in: dishIds }, restaurantId }).toArray(),

    /** Throws 404, or 412 when the current version does not match If-Match. */
    async change(
      restaurantId: string,
      dishId: string,
      change: ChangeDish,
      ifMatch: string | undefined,
    ): Promise<DishDocument> {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const named = change.name ?? change.category;
        const { name, category } = named === undefined ? {} : await get(restaurantId, dishId);
        const terms =
          name !== undefined && category !== undefined && dishTerms({ name, category, ...change });
        if (terms) await words.add(terms);
        const changed = await dishes.findOneAndUpdate(
          { ...own(restaurantId, dishId, ifMatch), ...(terms && { name, category }) },
          updateOf(change, terms || undefined),
          { returnDocument: "after" },
        );
        if (changed) return changed;
        const current = await get(restaurantId, dishId);
        if (versionsIn(ifMatch)?.includes(current.version) === false || !terms) throw stale();
      }
      throw conflict("DISH_BUSY", "The dish is changing too quickly. Try again.");
    },

    /** Takes a group off all dishes that offer it. */
    withdrawGroup: (restaurantId: string, optionGroupId: string) =>
      dishes.updateMany(
        { restaurantId, "optionGroups.optionGroupId": optionGroupId },
        { $pull: { optionGroups: { optionGroupId } }, $inc: { version: 1 } },
      ),

    /** Throws like `change`. */
    async remove(restaurantId: string, dishId: string, ifMatch: string | undefined): Promise<void> {
      const { deletedCount } = await dishes.deleteOne(own(restaurantId, dishId, ifMatch));
      if (deletedCount === 1) return;
      await get(restaurantId, dishId);
      throw stale();
    },
  };
}
