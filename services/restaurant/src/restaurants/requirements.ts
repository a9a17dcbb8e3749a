// Rules over several fields of a restaurant. Each throws 422.
import type { DeliveryZone } from "@food/shared/contracts/delivery-zones";
import type { CategoryHours, OpeningHours } from "@food/shared/contracts/restaurant";
import { unprocessable } from "@food/shared/values/errors";
import type { Location } from "@food/shared/values/geo";
import { zoneFaults } from "../zones/zones.ts";
import { faultsIn, isTimeZone } from "./opening-hours.ts";

/** For an unknown time zone, and for special hours with invalid or overlapping dates. */
export function requireSense(hours: OpeningHours | null | undefined): void {
  if (!hours) return;
  if (!isTimeZone(hours.timeZone))
    throw unprocessable("UNKNOWN_TIME_ZONE", "The time zone is none of the IANA database.", {
      details: [{ pointer: "/openingHours/timeZone", detail: "A name such as Europe/Berlin" }],
    });
  const details = faultsIn(hours);
  if (details.length > 0)
    throw unprocessable(
      "SPECIAL_HOURS_INVALID",
      "Special hours need valid dates, in order, each at most once.",
      { details },
    );
}

/** For a category that has two lists of times. */
export function requireOncePerCategory(hours: CategoryHours[] = []): void {
  const names = hours.map(({ category }) => category);
  const details = names.flatMap((name, i) =>
    names.indexOf(name) < i
      ? [{ pointer: `/categoryHours/${i}/category`, detail: "Each category at most once" }]
      : [],
  );
  if (details.length > 0)
    throw unprocessable("CATEGORY_HOURS_INVALID", "A category has one list of times.", { details });
}

/** For categories with times of their own in a restaurant without a time zone. */
export function requireTimeZone(given: {
  openingHours?: OpeningHours | null;
  categoryHours?: CategoryHours[];
}): void {
  if (given.openingHours || !given.categoryHours?.length) return;
  throw unprocessable("TIME_ZONE_REQUIRED", "Categories with times of their own need a time zone.", {
    details: [{ pointer: "/openingHours", detail: "Opening hours with a time zone" }],
  });
}

/** For a zone that is not a simple polygon near the restaurant. */
export function requireZones({
  deliveryZones = [],
  address,
}: {
  deliveryZones?: DeliveryZone[];
  address: { location: Location };
}): void {
  const details = zoneFaults(deliveryZones, address.location);
  if (details.length > 0)
    throw unprocessable(
      "DELIVERY_ZONES_INVALID",
      "A delivery zone is a radius, or a closed simple polygon near the restaurant.",
      { details },
    );
}
