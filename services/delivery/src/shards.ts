import { ACCOUNT_SHARDS } from "@food/shared/accounts/store";
import type { Shards } from "@food/shared/storage/sharding/shards";

const history = "a courier's past deliveries, which a person pages through";

const trips = {
  key: "shardKey",
  ids: ["_id", "deliveries.deliveryId", "deliveries.orderId"],
  scattered: {
    ...{ courierId: history, "courierId,deliveries.status": history },
    ...{ "assignedAt,courierId": history, "assignedAt,courierId,deliveries.status": history },
    ...{ "$or,assignedAt,courierId": history, "$or,assignedAt,courierId,deliveries.status": history },
    "deliveries.orderId": "the erasure of a customer's data",
  },
};

export const shards: Shards = [
  { collection: "trips", ...trips },
  { collection: "trips_archive", ...trips },
  { collection: "couriers", stays: "searches by position ask for all near a place" },
  ...ACCOUNT_SHARDS,
];
