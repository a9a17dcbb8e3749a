// Where a restaurant delivers and what that costs: by the first of its zones that contains the address, or without zones by
// its radius. Pure.
import type { DeliveryOffer, DeliveryZone } from "@food/shared/contracts/delivery-zones";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import { type AreaFault, contains, faultsIn, reachOf } from "./area.ts";

/** The part of a restaurant that decides about delivery. */
export interface Deliverer {
  address: { location: Location };
  currency: string;
  deliveryRadiusMeters: number;
  deliveryFeeCents: number;
  deliveryZones?: DeliveryZone[];
}
type Range = Pick<Deliverer, "address" | "deliveryRadiusMeters" | "deliveryZones">;

const CENTS_MAX = 100_000_000;

export const metersTo = ({ address }: Pick<Deliverer, "address">, place: Location): number =>
  Math.round(distanceMeters(address.location, place));

const zoneAt = (restaurant: Range, place: Location, zones: DeliveryZone[]): DeliveryZone | undefined => {
  const meters = metersTo(restaurant, place);
  const { location } = restaurant.address;
  return zones.find(({ radiusMeters = -1, area }) =>
    area ? contains(area, location, place) : meters <= radiusMeters,
  );
};

export const hasZones = ({ deliveryZones = [] }: Pick<Deliverer, "deliveryZones">) =>
  deliveryZones.length > 0;

export function deliversTo(restaurant: Range, place: Location): boolean {
  const { deliveryZones = [], deliveryRadiusMeters } = restaurant;
  if (deliveryZones.length > 0) return zoneAt(restaurant, place, deliveryZones) !== undefined;
  return metersTo(restaurant, place) <= deliveryRadiusMeters;
}

/** A distance beyond which the restaurant does not deliver. Rounded up: edges may bulge a little. */
export function reachMeters({ address, deliveryRadiusMeters, deliveryZones = [] }: Range): number {
  if (deliveryZones.length === 0) return deliveryRadiusMeters;
  const reaches = deliveryZones.map(({ radiusMeters = 0, area }) =>
    area ? reachOf(area, address.location) : radiusMeters,
  );
  return Math.ceil(Math.max(...reaches) * 1.01) + 1;
}

/** Delivery to that place. */
export function offerAt(restaurant: Deliverer, place: Location): DeliveryOffer {
  const { currency, deliveryZones = [], deliveryFeeCents } = restaurant;
  const distance = metersTo(restaurant, place);
  const offer = { distanceMeters: distance, currency };
  if (!deliversTo(restaurant, place)) return { deliverable: false, ...offer };
  const zone = zoneAt(restaurant, place, deliveryZones);
  if (!zone) return { deliverable: true, ...offer, deliveryFeeCents };
  const { name, feeCents, perKilometerCents = 0, radiusMeters: _, area: __, ...prices } = zone;
  const fee = feeCents + Math.round((perKilometerCents * distance) / 1_000);
  return {
    ...{ deliverable: true, ...offer, zone: name },
    ...{ deliveryFeeCents: Math.min(fee, CENTS_MAX), ...prices },
  };
}

/** What a cart with dishes of that price pays for delivery, and what it lacks to the minimum. */
export function chargesFor(offer: DeliveryOffer, subtotalCents: number) {
  const { deliveryFeeCents = 0, freeFromCents, minimumCents = 0, smallOrder } = offer;
  const isFree = freeFromCents !== undefined && subtotalCents >= freeFromCents;
  const isSmall = smallOrder !== undefined && subtotalCents < smallOrder.belowCents;
  return {
    feeCents: isFree ? 0 : deliveryFeeCents,
    surchargeCents: isSmall ? smallOrder.surchargeCents : 0,
    missingCents: Math.max(0, minimumCents - subtotalCents),
  };
}

/** What is wrong with the zones of a restaurant at that place. */
export function zoneFaults(zones: DeliveryZone[], restaurant: Location): AreaFault[] {
  return zones.flatMap(({ radiusMeters, area }, i) => {
    const pointer = `/deliveryZones/${i}`;
    if ((radiusMeters === undefined) === (area === undefined))
      return [{ pointer, detail: "Either `radiusMeters` or `area`" }];
    return area ? faultsIn(area, restaurant, `${pointer}/area`) : [];
  });
}
