// An order: its fields, its price and its changes. Pure: the time and all ids are arguments.
import type { OrderProgress } from "@food/shared/contracts/delivery";
import type { EstimateReason } from "@food/shared/contracts/live";
import type {
  Contact,
  DeliveryAddress,
  Dropoff,
  OrderCourier,
  OrderStatus,
  PlaceOrderRequest,
} from "@food/shared/contracts/order";
import type { OrderItem } from "@food/shared/contracts/order-lines";
import { type PriceComponent, totalOf } from "@food/shared/contracts/price";
import type { Quote } from "@food/shared/contracts/restaurant";
import type { AssignmentReason } from "@food/shared/contracts/trip";
import type { TraceHeaders } from "@food/shared/observe/trace-context";
import type { OutboxEntry, WithOutbox } from "@food/shared/outbox/outbox";
import { type Sharded, sharded } from "@food/shared/storage/shard-key";
import { unavailable } from "@food/shared/values/errors";
import type { PostalAddress } from "@food/shared/values/fields";
import { regionOf } from "../dispatch/region.ts";
import { addressKeyOf } from "../placing/address-key.ts";
import { plainComponents } from "../totals/price.ts";
import { sharesTrip, type TripPlace } from "../trips/trip-place.ts";
import { estimateFrom, estimateOfKitchen, minutesAfter } from "./estimate.ts";
import { type ActorRole, isBeforePickup } from "./status.ts";
import type { Terms } from "./terms.ts";

export interface Actor {
  role: ActorRole;
  /** Absent for the system. */
  id?: string;
}

export interface OrderEvent {
  /** The order's version after this event. */
  sequence: number;
  type: string;
  from: OrderStatus | null;
  to: OrderStatus;
  actor: Actor;
  reason?: string;
  /** The minutes that the kitchen sent with this move. */
  prepMinutes?: number;
  /** The delivery of a courier event. */
  deliveryId?: string;
  /** The data that the assignment was based on. */
  why?: AssignmentReason;
  at: Date;
}

/** Sends the progress of the order to the delivery service. */
export interface InformDelivery extends OutboxEntry {
  kind: "inform_delivery";
  deliveryId: string;
  progress: OrderProgress;
}

/** Refreshes the other orders of the trip after this one has joined, left or ended. */
export interface RefreshTrip extends OutboxEntry {
  kind: "refresh_trip";
  tripId: string;
  /** The orders of the trip. Missing in an entry of an older version. */
  orderIds?: string[];
}

/** Gives back the limited portions that the order has taken. */
export interface ReleaseStock extends OutboxEntry {
  kind: "release_stock";
  restaurantId: string;
}

/** Sends an event of the order to the restaurant's webhooks. */
export interface NotifyWebhooks extends OutboxEntry {
  kind: "notify_webhooks";
  restaurantId: string;
  event: OrderEvent;
}

export type OrderEntry = InformDelivery | RefreshTrip | ReleaseStock | NotifyWebhooks;

export interface OrderDocument extends WithOutbox<OrderEntry>, Sharded {
  customerId: string;
  idempotencyKey: string;
  /** Hash of the request, to detect the same key with another body. */
  requestHash: string;
  restaurantId: string;
  restaurantName: string;
  restaurantAddress: PostalAddress;
  items: OrderItem[];
  subtotalCents: number;
  deliveryFeeCents: number;
  totalCents: number;
  /** What the total adds up from. Orders of an older release have none (price.ts). */
  components?: PriceComponent[];
  tipCents?: number;
  currency: string;
  deliveryAddress: DeliveryAddress;
  /** Only for the courier of the order. */
  contact?: Contact;
  /** The order has taken limited portions, which go back when it is rejected or cancelled. */
  holdsStock?: true;
  /** Equal for all spellings of one address. */
  addressKey: string;
  /** While open: a number that no other open order of the customer has. */
  customerSlot?: number;
  /** Only in an open order of an older version. */
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
  /** The courier's expected or actual arrival at the restaurant. */
  pickupAt?: Date;
  /** When a courier who has not picked up the ready food loses the order. */
  pickupBy?: Date;
  handoverPin: string;
  /** Number of the current search for a courier; each round has its own delivery. */
  round: number;
  /** The delivery of the current round. */
  deliveryId: string;
  awaitingCourier: boolean;
  /** The region whose rounds plan this order. */
  region: string;
  /** Couriers who are not offered the order again. */
  declinedBy?: string[];
  events: OrderEvent[];
  /** The request that placed it. Orders of an older release have none. */
  trace?: TraceHeaders;
  /** When the personal data of its deleted customer was removed. */
  erasedAt?: Date;
}

/** An order without what grows with it. */
export type OrderHead = Omit<OrderDocument, "events" | "items" | "components">;

/** One change: the fields to set, and its event. */
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
  /** The trip whose other orders must be refreshed. */
  refreshTrip?: Pick<TripPlace, "tripId" | "sequence">;
}

/** The part of a change that refreshes the other orders of the trip when this one leaves it. */
export const leavingTrip = (order: OrderDocument): Partial<Change> =>
  order.trip && sharesTrip(order) ? { refreshTrip: order.trip } : {};

/** The lines with the names and prices of the menu, which stay as they are now. */
function itemsOf({ items }: PlaceOrderRequest, quote: Quote): OrderItem[] {
  const menu = new Map(quote.items.map((item) => [item.dishId, item]));
  return items.map(({ dishId, quantity, note }, i) => {
    // An older restaurant service has no cart, and refuses options.
    const priced = quote.cart?.items[i] ?? menu.get(dishId);
    if (priced?.dishId !== dishId)
      throw unavailable("DEPENDENCY_UNAVAILABLE", "The restaurant service quoted other dishes. Try again.");
    return { ...priced, quantity, ...(note && { note }) };
  });
}

/** A new order at the menu's prices. A price from the client is never used. */
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
  const items = itemsOf(request, quote);
  const components = quote.cart?.components ?? plainComponents(items, quote.deliveryFeeCents);
  const subtotalCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
  const place = { restaurantAddress: quote.address, deliveryAddress: request.deliveryAddress };
  return {
    _id: orderId,
    ...sharded(orderId),
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
    deliveryFeeCents: quote.cart?.deliveryFeeCents ?? quote.deliveryFeeCents,
    totalCents: totalOf(components),
    components,
    ...(request.tipCents && { tipCents: request.tipCents }),
    currency: quote.currency,
    ...(quote.stockTaken && { holdsStock: true }),
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

/** The address and contact that the courier sees. */
export const dropoffOf = ({ deliveryAddress, note, contact }: OrderHead): Dropoff => ({
  address: deliveryAddress,
  ...(note && { note }),
  ...(contact && { contact }),
});

/** The times that follow from the kitchen's promise. */
export function kitchenTimes(order: OrderDocument, prepMinutes: number, now: Date, terms: Terms) {
  const readyAt = minutesAfter(now, prepMinutes / terms.daySpeed);
  return {
    prepMinutes,
    readyAt,
    ...estimateOfKitchen(order, readyAt, terms),
  };
}

/** The pickup deadline of ready food with an assigned courier. */
export const pickupTimes = (now: Date, { pickupWithinMs }: Terms) => ({
  pickupBy: new Date(now.getTime() + pickupWithinMs),
});

/** Whether this actor is the order's customer, restaurant or courier. Operators help with every order. */
export function isParty(order: OrderDocument, { role, id }: Actor): boolean {
  if (role === "customer") return order.customerId === id;
  if (role === "restaurant") return order.restaurantId === id;
  if (role === "courier") return order.courier?.courierId === id;
  return role === "operator" || role === "system";
}

/** The event of the last move, if this actor made this move. */
export function findRepeated(order: OrderDocument, to: OrderStatus, actor: Actor): OrderEvent | undefined {
  const last = order.events.findLast((event) => event.from !== event.to);
  const isTheirs = last?.actor.role === actor.role && last.actor.id === actor.id;
  return last?.to === to && order.status === to && isTheirs ? last : undefined;
}

/** An order that ends before the pickup releases its courier, also one whose assignment is in progress. */
export function endingBeforePickup(order: OrderDocument, reason: string | undefined): Partial<Change> {
  if (!isBeforePickup(order.status)) return {};
  return {
    set: { awaitingCourier: false },
    unset: ["pickupBy"],
    inform: { status: "released", ready: false, ...(reason && { reason }) },
    ...leavingTrip(order),
  };
}
