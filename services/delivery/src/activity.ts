import { type ActivityTable, accountActivity } from "@food/shared/accounts/activity/record-routes";

const BY_THE_ORDER = { because: "the order and the delivery keep their own events" };

/** Which routes add to a courier's activity. */
export const recorded: ActivityTable = {
  ...accountActivity("couriers", "courierId"),
  "DELETE /v1/couriers/me": { because: "the activity is deleted, too" },
  "PATCH /v1/couriers/me": { action: "profile.changed" },
  "PUT /v1/couriers/me/availability": {
    action: ({ available }) => (available ? "duty.started" : "duty.ended"),
  },
  "PUT /v1/couriers/me/location": { because: "a courier reports a position every few seconds" },
  "POST /v1/deliveries/events/tickets": { because: "it only opens a stream" },
  "POST /v1/trips/:tripId/pickup": BY_THE_ORDER,
  "POST /v1/trips/:tripId/decline": BY_THE_ORDER,
  "POST /v1/trips/:tripId/arrive": BY_THE_ORDER,
  "POST /v1/deliveries/:deliveryId/arrive": BY_THE_ORDER,
  "POST /v1/deliveries/:deliveryId/decline": BY_THE_ORDER,
  "POST /v1/deliveries/:deliveryId/pickup": BY_THE_ORDER,
  "POST /v1/deliveries/:deliveryId/deliver": BY_THE_ORDER,
  "POST /v1/deliveries/:deliveryId/fail": BY_THE_ORDER,
};
