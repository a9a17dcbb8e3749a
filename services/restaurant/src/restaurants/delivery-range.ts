// The delivery range, used by both quotes and lists.
import { distanceMeters, type Location } from "@food/shared/values/geo";

interface Deliverer {
  address: { location: Location };
  deliveryRadiusMeters: number;
}

export const metersTo = ({ address }: Deliverer, place: Location): number =>
  Math.round(distanceMeters(address.location, place));

export const deliversTo = (restaurant: Deliverer, place: Location): boolean =>
  metersTo(restaurant, place) <= restaurant.deliveryRadiusMeters;
