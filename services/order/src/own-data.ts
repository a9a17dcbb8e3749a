import { ACCOUNT_DATA, HASH_LEFT_OUT, type OwnData } from "@food/shared/accounts/export/own-data";

/** What this service stores about an operator. */
export const ownData: readonly OwnData[] = [
  {
    ...{ section: "operator", collection: "operators", by: "_id", of: "account" },
    leftOut: HASH_LEFT_OUT,
  },
  ...ACCOUNT_DATA,
];

export const elsewhere = [
  { what: "what I did with an order", where: "GET /v1/town/orders/{orderId}, by an operator" },
];
