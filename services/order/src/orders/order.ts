// What an order is, what it costs and how it changes. Pure: the clock and every id come in as arguments.
import type { OrderProgress } from "@food/shared/contracts/delivery";
import type { EstimateReason } from "@food/shared/contracts/live";
import type {
  Contact,
  DeliveryAddress,
  Dropoff,
  OrderCourier,
  OrderItem,
  OrderStatus,
  PlaceOrderRequest,
} from "@food/shared/contracts/order";
import type { Quote } from "@food/shared/contracts/restaurant";
import type { AssignmentReason } from "@food/shared/contracts/trip";
import type { OutboxEntry, WithOutbox } from "@food/shared/outbox/outbox";
import type { PostalAddress } from "@food/shared/values/fields";
import { regionOf } from "../dispatch/region.ts";
import { addressKeyOf } from "../placing/address-key.ts";
import { sharesTrip, type TripPlace } from "../trips/trip-place.ts";
import { estimateFrom, estimateOfKitchen, minutesAfter } from "./estimate.ts";
import { type ActorRole, isBeforePickup } from "./status.ts";
import type { Terms } from "./terms.ts";

export interface Actor {
  role: ActorRole;
  /** Absent for the system itself. */
  id?: string;
}

export interface OrderEvent {
  /** The order's version that this event made. */
  sequence: number;
  type: string;
  from: OrderStatus | null;
  to: OrderStatus;
  actor: Actor;
  reason?: string;
  /** What the kitchen has asked for with this very move. */
  prepMinutes?: number;
  /** The delivery that a courier event is about. */
  deliveryId?: string;
  /** What the assignment was decided on. */
  why?: AssignmentReason;
  at: Date;
}

/** Tells the delivery service where the order stands. */
export interface InformDelivery extends OutboxEntry {
  kind: "inform_delivery";
  deliveryId: string;
  progress: OrderProgress;
}

/** Has the other orders of the trip looked at: this one has joined it, left it or ended. */
export interface RefreshTrip extends OutboxEntry {
  kind: "refresh_trip";
  tripId: string;
}

export type OrderEntry = InformDelivery | RefreshTrip;

export interface OrderDocument extends WithOutbox<OrderEntry> {
  customerId: string;
  idempotencyKey: string;
  /** Of what was asked for, so that the same key with another body is noticed. */
  requestHash: string;
  restaurantId: string;
  restaurantName: string;
  restaurantAddress: PostalAddress;
  items: OrderItem[];
  subtotalCents: number;
  deliveryFeeCents: number;
  totalCents: number;
  currency: string;
  deliveryAddress: DeliveryAddress;
  /** For the courier who has it, and for nobody else. */
  contact?: Contact;
  /** Of all orders to one door, however its address is written. */
  addressKey: string;
  /** While it is open: which of the customer's, and of the address's, open orders it is. */
  customerSlot?: number;
  addressSlot?: number;
  note?: string;
  status: OrderStatus;
  reason?: string;
  version: number;
  placedAt: Date;
  acceptBy: Date;
  assignBy: Date;
  prepMinutes: number;
  readyAt?: Date;
  estimatedDeliveryAt: Date;
  estimateReason: EstimateReason;
  courier?: OrderCourier;
  trip?: TripPlace;
  /** When the courier is expected at the restaurant, or was there. */
  pickupAt?: Date;
  /** When a courier who has not picked up the ready food loses the order to the next. */
  pickupBy?: Date;
  handoverPin: string;
  /** Which courier in a row is being sought; each round has its own delivery. */
  round: number;
  /** The delivery of the current round. */
  deliveryId: string;
  awaitingCourier: boolean;
  /** In whose rounds it is planned. */
  region: string;
  /** Couriers who are not given it again. */
  declinedBy?: string[];
  events: OrderEvent[];
}

/** One change: what is set, and the event that tells of it. */
export interface Change {
  type: string;
  status: OrderStatus;
  actor: Actor;
  reason?: string;
  prepMinutes?: number;
  deliveryId?: string;
  why?: AssignmentReason;
  set?: Partial<OrderDocument>;
  unset?: ("courier" | "pickupBy" | "trip" | "pickupAt")[];
  inform?: Omit<OrderProgress, "orderId" | "orderVersion">;
  /** The trip whose other orders are affected. */
  refreshTrip?: string;
}

/** What a change does to the other orders of its trip, when the order leaves it. */
export const leavingTrip = (order: OrderDocument): Partial<Change> =>
  order.trip && sharesTrip(order) ? { refreshTrip: order.trip.tripId } : {};

/** A new order at the menu's prices. Whatever price a client had in mind does not come in here. */
export function newOrder(input: {
  request: PlaceOrderRequest & { deliveryAddress: DeliveryAddress };
  requestHash: string;
  quote: Quote;
  orderId: string;
  deliveryId: string;
  handoverPin: string;
  now: Date;
  terms: Terms;
}): OrderDocument {
  const { request, requestHash, quote, orderId, deliveryId, handoverPin, now, terms } = input;
  const menu = new Map(quote.items.map((item) => [item.dishId, item]));
  const items = request.items.map(({ dishId, quantity, note }): OrderItem => {
    const dish = menu.get(dishId);
    if (!dish) throw new Error(`The quote has no price for ${dishId}`);
    return { dishId, name: dish.name, quantity, unitPriceCents: dish.unitPriceCents, ...(note && { note }) };
  });
  const subtotalCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
  const place = { restaurantAddress: quote.address, deliveryAddress: request.deliveryAddress };
  return {
    _id: orderId,
    customerId: request.customerId,
    idempotencyKey: request.idempotencyKey,
    requestHash,
    restaurantId: quote.restaurantId,
    restaurantName: quote.restaurantName,
    ...place,
    ...(request.contact && { contact: request.contact }),
    addressKey: addressKeyOf(request.deliveryAddress),
    items,
    subtotalCents,
    deliveryFeeCents: quote.deliveryFeeCents,
    totalCents: subtotalCents + quote.deliveryFeeCents,
    currency: quote.currency,
    ...(request.note && { note: request.note }),
    status: "pending",
    version: 1,
    placedAt: now,
    acceptBy: new Date(now.getTime() + terms.acceptWithinMs),
    assignBy: new Date(now.getTime() + terms.assignWithinMs),
    prepMinutes: quote.prepMinutes,
    estimatedDeliveryAt: estimateFrom(minutesAfter(now, quote.prepMinutes), place, terms),
    estimateReason: "kitchen",
    handoverPin,
    round: 1,
    deliveryId,
    awaitingCourier: true,
    region: regionOf(quote.address.location),
    outbox: [],
    events: [
      {
        sequence: 1,
        type: "placed",
        from: null,
        to: "pending",
        actor: { role: "customer", id: request.customerId },
        at: now,
      },
    ],
  };
}

/** What the courier who gets it is told of the door. */
export const dropoffOf = ({ deliveryAddress, note, contact }: OrderDocument): Dropoff => ({
  address: deliveryAddress,
  ...(note && { note }),
  ...(contact && { contact }),
});

/** The kitchen's promise, from the moment it is made. */
export function kitchenTimes(order: OrderDocument, prepMinutes: number, now: Date, terms: Terms) {
  const readyAt = minutesAfter(now, prepMinutes);
  return {
    prepMinutes,
    readyAt,
    ...estimateOfKitchen(order, readyAt, terms),
  };
}

/** From when on the food is ready and somebody is on the way to it. */
export const pickupTimes = (now: Date, { pickupWithinMs }: Terms) => ({
  pickupBy: new Date(now.getTime() + pickupWithinMs),
});

/** Whether this actor is the order's customer, restaurant or courier. */
export function isParty(order: OrderDocument, { role, id }: Actor): boolean {
  if (role === "customer") return order.customerId === id;
  if (role === "restaurant") return order.restaurantId === id;
  if (role === "courier") return order.courier?.courierId === id;
  return role === "system";
}

/** The event that has brought the order where it stands, if this actor has made this very move. */
export function findRepeated(order: OrderDocument, to: OrderStatus, actor: Actor): OrderEvent | undefined {
  const last = order.events.findLast((event) => event.from !== event.to);
  const isTheirs = last?.actor.role === actor.role && last.actor.id === actor.id;
  return last?.to === to && order.status === to && isTheirs ? last : undefined;
}

/** An order that ends before pickup gives its courier back, known or still being sought. */
export function endingBeforePickup(order: OrderDocument, reason: string | undefined): Partial<Change> {
  if (!isBeforePickup(order.status)) return {};
  return {
    set: { awaitingCourier: false },
    unset: ["pickupBy"],
    inform: { status: "released", ready: false, ...(reason && { reason }) },
    ...leavingTrip(order),
  };
}
