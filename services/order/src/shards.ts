import { ACCOUNT_SHARDS } from "@food/shared/accounts/store";
import type { Shards } from "@food/shared/storage/sharding/shards";

const history = "a restaurant's ended orders, which a person pages through";
const round = "a planning round, by one process for each region";
const operators = "the page of the operators";

const orders = {
  key: "shardKey",
  ids: ["_id", "trip.tripId"],
  scattered: {
    ...{ restaurantId: history, "restaurantId,status": history },
    ...{ "_id,restaurantId": history, "_id,restaurantId,status": history },
    ...{ "awaitingCourier,region": round, "awaitingCourier,placedAt,region": round },
    ...{ "customerSlot,status": operators, "_id,status": operators },
    "status,trip.tripId": "the erasure of a customer's data",
  },
};

export const shards: Shards = [
  { collection: "orders", ...orders },
  { collection: "orders_archive", ...orders },
  { collection: "open_orders", key: "_id" },
  { collection: "regions", stays: "one for each region with orders" },
  { collection: "kitchens", stays: "one for each restaurant" },
  { collection: "operators", stays: "the operators of the platform" },
  { collection: "webhooks", stays: "at most ten for each restaurant" },
  { collection: "webhook_messages", stays: "deleted after 30 days" },
  { collection: "webhook_slots", stays: "two for each webhook" },
  ...ACCOUNT_SHARDS,
];
