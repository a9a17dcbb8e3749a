// What anyone may ask about restaurants, of the restaurant service or through the customer service.
import { type Static, Type } from "@sinclair/typebox";
import { Line, Text } from "../src/values/fields.ts";
import { Flag, pageOf, pageQuery } from "../src/values/page.ts";
import { ALLERGENS, DIETS } from "./dish-facts.ts";
import { MenuDish, Restaurant } from "./restaurant.ts";

const NEAR = "^-?[0-9]{1,2}(\\.[0-9]{1,20})?,-?[0-9]{1,3}(\\.[0-9]{1,20})?$";
/** An address, by its position. */
export const DeliveryQuery = Type.Object({
  near: Type.String({
    pattern: NEAR,
    maxLength: 60,
    description: "lat,lng of the address",
    examples: ["52.52,13.405"],
  }),
});
export type DeliveryQuery = Static<typeof DeliveryQuery>;

export const BrowseQuery = Type.Object({
  near: Type.Optional(
    Type.String({
      pattern: NEAR,
      maxLength: 60,
      description:
        "lat,lng: sorts by distance, up to 100 km, the maximum delivery distance. Distances are from this position rounded to a thousandth of a degree, so they are accurate to 80 m",
      examples: ["52.52,13.405"],
    }),
  ),
  query: Type.Optional(
    Text(
      100,
      "Words, or beginnings of words, of the name or cuisine. Case, accents and apostrophes do not matter. A query without a letter or digit finds nothing",
      1,
    ),
  ),
  cuisine: Type.Optional(Line(40)),
  open: Type.Optional(Flag("Only restaurants that take orders now")),
  delivers: Type.Optional(Flag("Only restaurants that deliver to exactly `near`, which is required")),
  ...pageQuery,
});
export type BrowseQuery = Static<typeof BrowseQuery>;

const listOf = (values: readonly string[], description: string) =>
  Type.String({
    pattern: `^(${values.join("|")})(,(${values.join("|")}))*$`,
    maxLength: 200,
    description,
    examples: [values.slice(0, 2).join(",")],
  });

export const SearchQuery = Type.Object({
  query: Type.Optional(
    Text(
      100,
      "Words, or beginnings of words, of a dish and its category, or of a restaurant and its cuisines. Case and accents do not matter, and a word of five and more letters may have one wrong letter",
      1,
    ),
  ),
  near: Type.Optional(
    Type.String({
      pattern: NEAR,
      maxLength: 60,
      description: "lat,lng: sorts by distance, up to 100 km",
      examples: ["52.52,13.405"],
    }),
  ),
  diet: Type.Optional(listOf(DIETS, "Only dishes suitable for all of these. A vegan dish is vegetarian")),
  freeOf: Type.Optional(
    listOf(ALLERGENS, "Only dishes that state their allergens and contain none of these"),
  ),
  open: Type.Optional(Flag("Only restaurants that take orders now")),
  delivers: Type.Optional(Flag("Only restaurants that deliver to `near`")),
  ...pageQuery,
});
export type SearchQuery = Static<typeof SearchQuery>;

export const SearchHit = Type.Object(
  {
    restaurant: Restaurant,
    dishes: Type.Array(MenuDish, {
      maxItems: 5,
      description: "Its best matching dishes. Empty when only the restaurant matches",
    }),
  },
  { additionalProperties: false },
);
export type SearchHit = Static<typeof SearchHit>;
export const SearchPage = pageOf(SearchHit);

const UNCHANGED = "An `ETag` saves the body of an unchanged answer: send it as `If-None-Match`.";
/** The rules of these reads, for the documents of both services. */
export const BROWSE_RULES = {
  restaurants: `Nearest first with \`near\`, else by name. Each says whether it is open, by its own hours and time zone. With \`open\` or \`delivers\` a page may be short, even empty, and still have a next one. ${UNCHANGED}`,
  search:
    "Needs `query` or `diet`, and `near` with `delivers`. Open restaurants come first, then what matches as typed, then the nearest with `near`, else by name. Each has its best dishes, at most five.",
  restaurant: `Also while it is closed: \`openNow\` says so, by its own hours and time zone. ${UNCHANGED}`,
  menu: `By category, with options. A dish that is sold out is there and not \`available\`. ${UNCHANGED}`,
  delivery:
    "An address that is too far away gets 200 with `deliverable: false`. Opening hours do not matter here. The exact price of a cart is that of `POST /v1/quotes` of the customer service.",
};
