import { ACCOUNT_DATA, HASH_LEFT_OUT, type OwnData } from "@food/shared/accounts/export/own-data";

const DOORS_LEFT_OUT = {
  "deliveries.dropoff": "the customer's address, while the delivery is live",
  "deliveries.endedNear": "shows where the customer lives",
};

/** What this service stores about a courier. */
export const ownData: readonly OwnData[] = [
  { ...{ section: "courier", collection: "couriers", by: "_id", of: "account" }, leftOut: HASH_LEFT_OUT },
  { ...{ section: "trips", collection: "trips", by: "courierId", of: "account" }, leftOut: DOORS_LEFT_OUT },
  {
    ...{ section: "olderTrips", collection: "trips_archive", by: "courierId", of: "account" },
    leftOut: DOORS_LEFT_OUT,
  },
  ...ACCOUNT_DATA,
];

export const elsewhere = [
  { what: "my name and vehicle in orders", where: "order service: GET /v1/orders/{orderId}/status" },
  { what: "my tips", where: "GET /v1/deliveries/{deliveryId}/tip" },
];
