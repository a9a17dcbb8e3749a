import { ACCOUNT_DATA, HASH_LEFT_OUT, type OwnData } from "@food/shared/accounts/export/own-data";

/** What this service stores about a customer. */
export const ownData: readonly OwnData[] = [
  {
    ...{ section: "customer", collection: "customers", by: "_id", of: "account" },
    leftOut: HASH_LEFT_OUT,
  },
  ...ACCOUNT_DATA,
];

export const elsewhere = [
  { what: "my orders", where: "GET /v1/orders" },
  { what: "what happened to an order", where: "order service: GET /v1/orders/{orderId}/timeline" },
];
