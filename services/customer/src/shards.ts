import { ACCOUNT_SHARDS } from "@food/shared/accounts/store";
import type { Shards } from "@food/shared/storage/sharding/shards";

export const shards: Shards = [
  { collection: "customers", stays: "people who sign in: millions fit one server" },
  ...ACCOUNT_SHARDS,
];
