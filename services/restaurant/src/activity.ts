import { type ActivityTable, accountActivity } from "@food/shared/accounts/activity/record-routes";

const BY_THE_ORDER = { because: "the order keeps its own events" };
const GROUP = "/v1/restaurants/me/option-groups/:optionGroupId";
const STAFF = "/v1/restaurants/me/staff";
const DISH = "/v1/restaurants/me/dishes/:dishId";

/** Which routes add to a restaurant's activity. */
export const recorded: ActivityTable = {
  ...accountActivity("restaurants", "restaurantId"),
  "DELETE /v1/restaurants/me": { because: "the activity is deleted, too" },
  "PATCH /v1/restaurants/me": { action: "restaurant.changed" },
  "PUT /v1/restaurants/me/availability": {
    action: ({ acceptingOrders }) => (acceptingOrders ? "orders.opened" : "orders.closed"),
  },
  "POST /v1/restaurants/me/dishes": { action: "dish.added", subject: "dishId" },
  [`PATCH ${DISH}`]: { action: "dish.changed", subject: "dishId" },
  [`DELETE ${DISH}`]: { action: "dish.removed", subject: "dishId" },
  [`PUT ${DISH}/stock`]: { action: "stock.set", subject: "dishId" },
  [`DELETE ${DISH}/stock`]: { action: "stock.unlimited", subject: "dishId" },
  "POST /v1/restaurants/me/option-groups": { action: "option_group.added", subject: "optionGroupId" },
  [`PATCH ${GROUP}`]: { action: "option_group.changed", subject: "optionGroupId" },
  [`DELETE ${GROUP}`]: { action: "option_group.removed", subject: "optionGroupId" },
  [`PATCH ${GROUP}/options/:optionId`]: { action: "option.changed", subject: "optionId" },
  [`POST ${STAFF}/invitations`]: { action: "staff.invited", subject: "invitationId" },
  [`DELETE ${STAFF}/invitations/:invitationId`]: { action: "invitation.withdrawn", subject: "invitationId" },
  "POST /v1/staff/invitations/accept": {
    action: "staff.joined",
    subject: "staffId",
    owner: ({ restaurantId, staffId }) => ({ ownerId: String(restaurantId), actorId: String(staffId) }),
  },
  "PUT /v1/restaurants/me/second-factor-policy": {
    action: ({ required }) => (required ? "second_factor.required" : "second_factor.optional"),
  },
  [`PATCH ${STAFF}/:staffId`]: { action: "staff.role_changed", subject: "staffId" },
  [`DELETE ${STAFF}/:staffId`]: { action: "staff.removed", subject: "staffId" },
  "POST /v1/orders/events/tickets": { because: "it only opens a stream" },
  "POST /v1/orders/:orderId/accept": BY_THE_ORDER,
  "POST /v1/orders/:orderId/reject": BY_THE_ORDER,
  "POST /v1/orders/:orderId/prepare": BY_THE_ORDER,
  "POST /v1/orders/:orderId/ready": BY_THE_ORDER,
  "POST /v1/orders/:orderId/cancel": BY_THE_ORDER,
};
