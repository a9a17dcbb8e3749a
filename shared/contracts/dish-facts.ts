// What a restaurant states about a dish besides its price.
import type { Static } from "@sinclair/typebox";
import { oneOf } from "../src/values/one-of.ts";
import { ruled } from "../src/values/ruled.ts";
import { isPublicHttpsUrl, WEB_URL_MAX } from "../src/values/web-url.ts";

/** Regulation (EU) No 1169/2011, annex II. */
export const ALLERGENS = [
  "gluten",
  "crustaceans",
  "eggs",
  "fish",
  "peanuts",
  "soybeans",
  "milk",
  "nuts",
  "celery",
  "mustard",
  "sesame",
  "sulphites",
  "lupin",
  "molluscs",
] as const;
export const Allergen = oneOf(ALLERGENS);
export type Allergen = Static<typeof Allergen>;

export const DIETS = ["vegetarian", "vegan", "halal", "kosher"] as const;
export const Diet = oneOf(DIETS);
export type Diet = Static<typeof Diet>;

/** No service fetches it: the customer's browser does. */
export const ImageUrl = ruled({
  pattern: "^https://[^\\s]+$",
  maxLength: WEB_URL_MAX,
  description: "A picture of the dish",
  examples: ["https://images.example.com/margherita.jpg"],
  expects: `An https URL of at most ${WEB_URL_MAX} characters with a public domain name, without user and password`,
  check: isPublicHttpsUrl,
});
