// What is left of an order when its customer's account is deleted: what a shop must keep to account for its sales. Pure.
import type { DeliveryAddress } from "@food/shared/contracts/order";
import type { OrderItem } from "@food/shared/contracts/order-lines";

/** Stands for a name or a street. */
export const DELETED = "Deleted";

/** Some ten kilometres. */
const coarse = (degrees: number) => Math.round(degrees * 10) / 10;

/** City and country: what taxes depend on. */
export const withoutDoor = ({ city, country, location }: DeliveryAddress): DeliveryAddress => ({
  line1: DELETED,
  city,
  country,
  location: { lat: coarse(location.lat), lng: coarse(location.lng) },
});

export const withoutNote = ({ note: _, ...item }: OrderItem): OrderItem => item;
