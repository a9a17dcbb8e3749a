// The activity tables against the access tables: nothing that a role changes is left out by mistake.
import { expect, test } from "bun:test";
import type { ActivityTable } from "@food/shared/accounts/activity/record-routes";
import type { AccessTable } from "@food/shared/auth/access";
import { access as customer } from "./customer/src/access.ts";
import { recorded as customerActivity } from "./customer/src/activity.ts";
import { access as delivery } from "./delivery/src/access.ts";
import { recorded as deliveryActivity } from "./delivery/src/activity.ts";
import { access as order } from "./order/src/access.ts";
import { recorded as orderActivity } from "./order/src/activity.ts";
import { access as restaurant } from "./restaurant/src/access.ts";
import { recorded as restaurantActivity } from "./restaurant/src/activity.ts";

test.each<[string, AccessTable, ActivityTable]>([
  ["customer", customer, customerActivity],
  ["restaurant", restaurant, restaurantActivity],
  ["delivery", delivery, deliveryActivity],
  ["order", order, orderActivity],
])(
  "each route of the %s service that is called for an account and is no GET says what it records, or why not",
  (_, access, activity) => {
    const changing = Object.entries(access)
      .filter(([route, row]) => !("services" in row) && !route.startsWith("GET "))
      .map(([route]) => route);
    expect(Object.keys(activity).sort()).toEqual(changing.sort());
  },
);
