import { type ActivityTable, accountActivity } from "@food/shared/accounts/activity/record-routes";

const BY_THE_ORDER = { because: "the order keeps its own events" };

/** Which routes add to a customer's activity. */
export const recorded: ActivityTable = {
  ...accountActivity("customers", "customerId"),
  "DELETE /v1/customers/me": { because: "the activity is deleted, too" },
  "PATCH /v1/customers/me": { action: "profile.changed" },
  "POST /v1/customers/me/addresses": { action: "address.added", subject: "addressId" },
  "PATCH /v1/customers/me/addresses/:addressId": { action: "address.changed", subject: "addressId" },
  "DELETE /v1/customers/me/addresses/:addressId": { action: "address.removed", subject: "addressId" },
  "POST /v1/quotes": { because: "a quote changes nothing" },
  "POST /v1/orders": BY_THE_ORDER,
  "PUT /v1/orders/:orderId/tip": BY_THE_ORDER,
  "POST /v1/orders/:orderId/cancel": BY_THE_ORDER,
};
