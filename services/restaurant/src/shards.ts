import { ACCOUNT_SHARDS } from "@food/shared/accounts/store";
import type { Shards } from "@food/shared/storage/sharding/shards";

export const shards: Shards = [
  { collection: "restaurants", stays: "searches by position and name ask for all; 100 000 fit one server" },
  { collection: "dishes", stays: "searches by word ask for all; at most 500 for each restaurant" },
  { collection: "words", stays: "each word of a menu once" },
  { collection: "staff", stays: "people who work in restaurants" },
  { collection: "deletions", stays: "one for each deleted restaurant" },
  ...ACCOUNT_SHARDS,
];
