// The questions of a search. Each is answered by an index: of words, of diets, or of ids.
import type { Allergen, Diet } from "@food/shared/contracts/dish-facts";
import type { Db, Filter } from "mongodb";
import type { DishDocument } from "../dishes/store.ts";
import type { RestaurantDocument } from "../restaurants/store.ts";

/** For each typed word, the stored words that it may mean. */
export type Words = string[][];

export interface DishFilter {
  words: Words;
  diets: Diet[];
  freeOf: Allergen[];
}

const HEAD = {
  address: 1,
  sortName: 1,
  acceptingOrders: 1,
  openingHours: 1,
  deliveryRadiusMeters: 1,
  deliveryZones: 1,
} as const;

/** What decides about a restaurant's place in the results. */
export type RestaurantHead = Pick<RestaurantDocument, "_id" | keyof typeof HEAD>;

export type SearchStore = ReturnType<typeof searchStore>;

/** The emulator looks up no more at once in an index. */
const IDS_AT_ONCE = 200;

const allWords = (words: Words) => words.map((meanings) => ({ searchTerms: { $in: meanings } }));
const suitable = (diet: Diet): Diet[] => (diet === "vegetarian" ? ["vegetarian", "vegan"] : [diet]);

function dishesLike({ words, diets, freeOf }: DishFilter): Filter<DishDocument> {
  const conditions = [...allWords(words), ...diets.map((diet) => ({ diets: { $in: suitable(diet) } }))];
  return {
    ...(conditions.length > 0 && { $and: conditions }),
    ...(freeOf.length > 0 && { allergens: { $exists: true, $nin: freeOf } }),
  };
}

export function searchStore(db: Db) {
  const dishes = db.collection<DishDocument>("dishes");
  const restaurants = db.collection<RestaurantDocument>("restaurants");

  async function inParts<T>(ids: string[], read: (part: string[]) => Promise<T[]>): Promise<T[]> {
    const parts: Promise<T[]>[] = [];
    for (let i = 0; i < ids.length; i += IDS_AT_ONCE) parts.push(read(ids.slice(i, i + IDS_AT_ONCE)));
    return (await Promise.all(parts)).flat();
  }

  return {
    /** The restaurants that have such a dish; with ids, only of these. */
    restaurantsServing: (filter: DishFilter, restaurantIds?: string[]): Promise<string[]> =>
      restaurantIds
        ? inParts(restaurantIds, (part) =>
            dishes.distinct("restaurantId", { restaurantId: { $in: part }, ...dishesLike(filter) }),
          )
        : dishes.distinct("restaurantId", dishesLike(filter)),

    /** The restaurants whose names and cuisines have all words. */
    restaurantsNamed: (words: Words): Promise<string[]> =>
      restaurants.distinct("_id", { $and: allWords(words) }),

    headsOf: (restaurantIds: string[]): Promise<RestaurantHead[]> =>
      inParts(restaurantIds, (part) =>
        restaurants
          .find({ _id: { $in: part } })
          .project<RestaurantHead>(HEAD)
          .toArray(),
      ),

    restaurantsOf: (restaurantIds: string[]) =>
      restaurants.find({ _id: { $in: restaurantIds } }, { projection: { stockTaken: 0 } }).toArray(),

    dishesOf: (restaurantId: string, filter: DishFilter, limit: number) =>
      dishes
        .find({ restaurantId, ...dishesLike(filter) })
        .limit(limit)
        .toArray(),
  };
}
