import { type ActivityTable, givenAccountActivity } from "@food/shared/accounts/activity/record-routes";

/** Which routes add to an operator's activity. */
export const recorded: ActivityTable = {
  ...givenAccountActivity("operators"),
  "POST /v1/operators": { action: "operator.added", subject: "operatorId" },
  "POST /v1/town/orders/:orderId/cancel": { action: "order.cancelled", subject: "orderId" },
  "POST /v1/town/orders/:orderId/complete": { action: "order.completed", subject: "orderId" },
  "POST /v1/town/orders/:orderId/reassign": { action: "order.reassigned", subject: "orderId" },
  "POST /v1/town/events/tickets": { because: "it only opens a stream" },
  "POST /v1/orders/:orderId/events/tickets": { because: "it only opens a stream" },
};
