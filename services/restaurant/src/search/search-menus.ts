// Finds restaurants by their dishes and by their names, as people type. Nothing is cached, so a page is never older than its
// request.
import type { SearchHit, SearchQuery } from "@food/shared/contracts/browse";
import type { Allergen, Diet } from "@food/shared/contracts/dish-facts";
import { unprocessable } from "@food/shared/values/errors";
import { decodeCursor, encodeCursor, PAGE_SIZE_DEFAULT, type Page } from "@food/shared/values/page";
import { locationIn } from "../browse/near.ts";
import { momentOf } from "../dishes/availability.ts";
import { menuDish } from "../dishes/menu-dish.ts";
import { groupsOf, withOptions } from "../option-groups/option-group.ts";
import { queryWords } from "../restaurants/search-terms.ts";
import type { RestaurantDocument } from "../restaurants/store.ts";
import { publicView } from "../restaurants/view.ts";
import type { WordStore } from "../words/store.ts";
import { type Asked, type Rank, rankOf, ranksAfter } from "./rank.ts";
import { MenuDistanceCursor, MenuNameCursor, type SearchCursor } from "./schema.ts";
import type { DishFilter, SearchStore, Words } from "./store.ts";

export interface SearchDeps {
  search: SearchStore;
  words: WordStore;
}

const DISHES_SHOWN = 5;
/** Dishes of one restaurant that are compared. */
const DISHES_COMPARED = 100;

/** What was typed: the words as they are, and with those that are one letter apart. */
interface Typed {
  exact: Words;
  similar: Words;
}

const isPossible = (words: Words) => words.every((meanings) => meanings.length > 0);

async function meaningsOf(words: WordStore, typed: string[]): Promise<Typed> {
  const meanings = await Promise.all(typed.map(words.meaningOf));
  return {
    exact: meanings.map((meaning) => meaning.typed),
    similar: meanings.map((meaning) => [...meaning.typed, ...meaning.similar]),
  };
}

/** The restaurants that match these words by name or by a dish. */
async function matching({ search }: SearchDeps, filter: DishFilter): Promise<string[]> {
  const { words, diets, freeOf } = filter;
  if (!isPossible(words)) return [];
  const isFiltered = diets.length > 0 || freeOf.length > 0;
  const named = words.length > 0 ? search.restaurantsNamed(words) : Promise.resolve([]);
  const [serving, byName] = await Promise.all([
    search.restaurantsServing(filter),
    isFiltered
      ? named.then((restaurantIds) => search.restaurantsServing({ ...filter, words: [] }, restaurantIds))
      : named,
  ]);
  return [...new Set([...serving, ...byName])];
}

async function hitOf(
  { search }: SearchDeps,
  restaurant: RestaurantDocument,
  filter: DishFilter,
  { exact }: Typed,
  distanceMeters: number | undefined,
  now: Date,
): Promise<SearchHit> {
  const { _id } = restaurant;
  const found = isPossible(filter.words) ? await search.dishesOf(_id, filter, DISHES_COMPARED) : [];
  const isNamed = found.length === 0 && filter.diets.length + filter.freeOf.length > 0;
  const dishes = isNamed ? await search.dishesOf(_id, { ...filter, words: [] }, DISHES_COMPARED) : found;
  const isExact = (terms: string[] = []) =>
    exact.every((meanings) => meanings.some((word) => terms.includes(word)));
  const moment = momentOf(restaurant, now);
  const groups = groupsOf(restaurant.optionGroups);
  const shown = dishes
    .map((dish) => ({
      isExact: isExact(dish.searchTerms),
      dish: menuDish(withOptions(dish, groups), moment),
    }))
    .sort(
      (a, b) =>
        Number(b.isExact) - Number(a.isExact) ||
        Number(b.dish.available) - Number(a.dish.available) ||
        (a.dish.name < b.dish.name ? -1 : 1),
    )
    .slice(0, DISHES_SHOWN)
    .map(({ dish }) => dish);
  const place = distanceMeters === undefined ? {} : { distanceMeters };
  return { restaurant: publicView({ ...restaurant, ...place }, now), dishes: shown };
}

/** Throws 422 without words and diet, for `delivers` without a position, and for a position out of range. */
function requireQuestion({ query, diet, delivers, near }: SearchQuery): void {
  const missing = (pointer: string, detail: string) =>
    unprocessable("VALIDATION_FAILED", "The search needs more.", { details: [{ pointer, detail }] });
  if (query === undefined && diet === undefined)
    throw missing("/query/query", "Required unless there is a `diet`");
  if (delivers && near === undefined) throw missing("/query/near", "Required with `delivers`");
}

/** One page of restaurants with their best dishes. Throws 400 for an invalid cursor, and 422 for an impossible question. */
export async function searchMenus(deps: SearchDeps, query: SearchQuery, now: Date): Promise<Page<SearchHit>> {
  requireQuestion(query);
  const { limit = PAGE_SIZE_DEFAULT, open = false, delivers = false } = query;
  const asked: Asked = { open, delivers, ...(query.near !== undefined && { near: locationIn(query.near) }) };
  const cursor: SearchCursor | undefined = decodeCursor(
    asked.near ? MenuDistanceCursor : MenuNameCursor,
    query.cursor,
  );
  const typed = query.query === undefined ? [] : queryWords(query.query);
  if (query.query !== undefined && typed.length === 0) return { items: [], nextCursor: null };

  const at = new Date(cursor?.atMs ?? now.getTime());
  const meanings = await meaningsOf(deps.words, typed);
  const kept = {
    diets: (query.diet?.split(",") ?? []) as Diet[],
    freeOf: (query.freeOf?.split(",") ?? []) as Allergen[],
  };
  const filter: DishFilter = { ...kept, words: meanings.similar };
  const hasSimilar = meanings.similar.flat().length > meanings.exact.flat().length;
  const [exact, all] = await Promise.all([
    matching(deps, { ...kept, words: meanings.exact }),
    hasSimilar ? matching(deps, filter) : [],
  ]);
  const asTyped = new Set(exact);
  const heads = await deps.search.headsOf([...new Set([...exact, ...all])]);
  const ranks = ranksAfter(
    heads.flatMap((head) => rankOf(head, !asTyped.has(head._id), asked, at) ?? []),
    cursor,
  );
  const shown = ranks.slice(0, limit);
  const restaurants = await deps.search.restaurantsOf(shown.map(({ restaurantId }) => restaurantId));
  const byId = new Map(restaurants.map((restaurant) => [restaurant._id, restaurant]));
  const hits = shown.map(async ({ restaurantId, place }) => {
    const restaurant = byId.get(restaurantId);
    const distance = typeof place === "number" ? place : undefined;
    return restaurant ? [await hitOf(deps, restaurant, filter, meanings, distance, now)] : [];
  });
  return { items: (await Promise.all(hits)).flat(), nextCursor: cursorAfter(shown, ranks, at) };
}

function cursorAfter(shown: Rank[], ranks: Rank[], at: Date): string | null {
  const last = shown.at(-1);
  if (!last || ranks.length === shown.length) return null;
  return encodeCursor({ atMs: at.getTime(), ...last });
}
