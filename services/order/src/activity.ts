import { type ActivityTable, givenAccountActivity } from "@food/shared/accounts/activity/record-routes";

const OF_RESTAURANTS = { because: "the activity of a restaurant is kept by its own service" };
const WEBHOOK = "/v1/webhooks/:webhookId";

/** Which routes add to an operator's activity. */
export const recorded: ActivityTable = {
  ...givenAccountActivity("operators"),
  "POST /v1/operators": { action: "operator.added", subject: "operatorId" },
  "POST /v1/town/orders/:orderId/cancel": { action: "order.cancelled", subject: "orderId" },
  "POST /v1/town/orders/:orderId/complete": { action: "order.completed", subject: "orderId" },
  "POST /v1/town/orders/:orderId/reassign": { action: "order.reassigned", subject: "orderId" },
  "POST /v1/webhooks": OF_RESTAURANTS,
  [`PATCH ${WEBHOOK}`]: OF_RESTAURANTS,
  [`DELETE ${WEBHOOK}`]: OF_RESTAURANTS,
  [`POST ${WEBHOOK}/secret`]: OF_RESTAURANTS,
  [`POST ${WEBHOOK}/test`]: OF_RESTAURANTS,
  [`POST ${WEBHOOK}/deliveries/:messageId/replay`]: OF_RESTAURANTS,
  "POST /v1/town/events/tickets": { because: "it only opens a stream" },
  "POST /v1/orders/:orderId/events/tickets": { because: "it only opens a stream" },
};
