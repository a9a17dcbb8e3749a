// Requests and responses of the order service's internal API.
import { type Static, Type } from "@sinclair/typebox";
import { Currency, Instant, Line, StoredAddress, Text } from "../src/values/fields.ts";
import { oneOf } from "../src/values/one-of.ts";
import { Flag, pageOf } from "../src/values/page.ts";
import { stored } from "../src/values/ruled.ts";
import { AddressId, CourierId, CustomerId, DeliveryId, OrderId, RestaurantId } from "./ids.ts";
import { OrderItem, OrderLines } from "./order-lines.ts";
import { PriceComponent, QuoteId, TipCents } from "./price.ts";

export const ORDER_STATUSES = [
  "pending",
  "accepted",
  "preparing",
  "ready",
  "out_for_delivery",
  "delivered",
  "rejected",
  "cancelled",
  "delivery_failed",
] as const;
export const OrderStatus = oneOf(ORDER_STATUSES);
export type OrderStatus = Static<typeof OrderStatus>;

export const REJECT_REASONS = ["closing_early", "too_busy", "item_unavailable", "other"] as const;
export const RejectReason = oneOf(REJECT_REASONS);
export type RejectReason = Static<typeof RejectReason>;
export const FAIL_REASONS = ["customer_unavailable", "address_unreachable", "refused", "damaged"] as const;
export const FailReason = oneOf(FAIL_REASONS);
export type FailReason = Static<typeof FailReason>;
/** Why a restaurant cancels, as free text. */
export const CancelReason = Line(200);

export const PrepMinutes = Type.Integer({
  minimum: 1,
  maximum: 240,
  description: "Minutes until the food is ready",
});
export const HandoverPin = Type.String({ pattern: "^[0-9]{4}$", maxLength: 4, examples: ["0417"] });
export const VEHICLES = ["bicycle", "cargo_bike", "scooter", "car", "on_foot"] as const;
export const Vehicle = oneOf(VEHICLES);
export type Vehicle = Static<typeof Vehicle>;

const strict = { additionalProperties: false } as const;

export const DeliveryAddress = Type.Composite(
  [StoredAddress, Type.Object({ label: Type.Optional(Type.String()) })],
  strict,
);
export type DeliveryAddress = Static<typeof DeliveryAddress>;

/** How the courier reaches the customer, from the customer's account. */
export const Contact = Type.Object({ name: Type.String(), phone: Type.Optional(Type.String()) }, strict);
export type Contact = Static<typeof Contact>;

/** What a courier needs at the door. Shown while the delivery is theirs. */
export const Dropoff = Type.Object(
  { address: DeliveryAddress, note: Type.Optional(Type.String()), contact: Type.Optional(Contact) },
  strict,
);
export type Dropoff = Static<typeof Dropoff>;

export const OrderCourier = Type.Object(
  { courierId: CourierId, name: Type.String(), vehicle: Vehicle },
  strict,
);
export type OrderCourier = Static<typeof OrderCourier>;

export const Order = Type.Object(
  {
    orderId: OrderId,
    restaurantId: RestaurantId,
    restaurantName: Type.String(),
    customerId: CustomerId,
    items: Type.Array(OrderItem),
    subtotalCents: Type.Integer(),
    deliveryFeeCents: Type.Integer(),
    totalCents: Type.Integer({
      description: "What the customer pays. Fixed when the order was placed, except for a later tip",
    }),
    tipCents: Type.Optional(TipCents),
    /** Absent in an older release. */
    components: Type.Optional(
      Type.Array(PriceComponent, {
        description:
          "What `totalCents` adds up from. A tax that the prices contain is `included` and not added",
      }),
    ),
    currency: stored(Currency),
    currencyExponent: Type.Optional(
      Type.Integer({ description: "Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD" }),
    ),
    deliveryAddress: DeliveryAddress,
    note: Type.Optional(Type.String()),
    status: OrderStatus,
    reason: Type.Optional(Type.String({ description: "Why it was rejected, cancelled or not delivered" })),
    version: Type.Integer({ description: "Increases with every change" }),
    placedAt: Instant,
    acceptBy: Type.String({
      description: "The restaurant must accept or reject before this time (RFC 3339)",
    }),
    readyAt: Type.Optional(
      Type.String({ description: "When the food is, or is expected to be, ready (RFC 3339)" }),
    ),
    estimatedDeliveryAt: Instant,
    acceptedAt: Type.Optional(Instant),
    pickedUpAt: Type.Optional(Instant),
    deliveredAt: Type.Optional(Instant),
    endedAt: Type.Optional(
      Type.String({ description: "When it was delivered, rejected or cancelled, or could not be delivered" }),
    ),
    courier: Type.Optional(OrderCourier),
    tripId: Type.Optional(
      Type.String({ description: "For its restaurant alone: orders with the same trip leave together" }),
    ),
    pickupAt: Type.Optional(
      Type.String({
        description: "For its restaurant alone: when the courier is expected there, or was (RFC 3339)",
      }),
    ),
    stopsBefore: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "From assignment to the end: doors that the courier goes to before this one",
      }),
    ),
    handoverPin: Type.Optional(
      Type.String({ description: "Only for the customer, who gives it to the courier at the door" }),
    ),
  },
  strict,
);
export type Order = Static<typeof Order>;
export const OrderPage = pageOf(Order);

/** The path parameters of routes under `/orders/:orderId`. */
export const OrderParams = Type.Object({ orderId: OrderId });

/** The filters of a list of orders. */
export const OrderFilter = {
  status: Type.Optional(OrderStatus),
  open: Type.Optional(Flag("Only orders that have not ended, oldest first")),
};

/** A restaurant follows at most this many open orders, the oldest. */
export const OPEN_ORDERS_MAX = 200;

/** Asks for the changes since these versions. */
export const ChangedOrdersRequest = Type.Object(
  {
    actorId: RestaurantId,
    known: Type.Array(Type.Object({ orderId: OrderId, version: Type.Integer({ minimum: 1 }) }, strict), {
      maxItems: OPEN_ORDERS_MAX,
    }),
  },
  strict,
);
export type ChangedOrdersRequest = Static<typeof ChangedOrdersRequest>;

/** Open orders that are new or newer than known, at most the oldest `OPEN_ORDERS_MAX` and one more; and known orders that
 * have ended. */
export const ChangedOrders = Type.Object({ open: Type.Array(Order), ended: Type.Array(Order) }, strict);
export type ChangedOrders = Static<typeof ChangedOrders>;

/** An order as the customer service sends it. */
export const PlaceOrderRequest = Type.Object(
  {
    customerId: CustomerId,
    idempotencyKey: Type.String({ minLength: 1, maxLength: 255 }),
    restaurantId: RestaurantId,
    items: OrderLines,
    addressId: AddressId,
    /** Absent when the customer has no such address: then only a replay of the key succeeds. */
    deliveryAddress: Type.Optional(DeliveryAddress),
    contact: Type.Optional(Contact),
    note: Type.Optional(Text(500)),
    tipCents: Type.Optional(TipCents),
    /** Places the order only at the price of this quote. */
    quoteId: Type.Optional(QuoteId),
  },
  strict,
);
export type PlaceOrderRequest = Static<typeof PlaceOrderRequest>;

/** A customer's tip, in place of the one before. */
export const TipRequest = Type.Object({ actorId: CustomerId, tipCents: TipCents }, strict);
export type TipRequest = Static<typeof TipRequest>;

export const ORDER_ACTIONS = [
  "accept",
  "reject",
  "prepare",
  "ready",
  "cancel",
  "pickup",
  "deliver",
  "fail",
  "decline",
  "release",
  "arrive",
  "complete",
] as const;
export const OrderAction = oneOf(ORDER_ACTIONS);
export type OrderAction = Static<typeof OrderAction>;

/** A state change. The calling service determines the actor's role. */
export const MoveRequest = Type.Object(
  {
    actorId: Type.Union([CustomerId, RestaurantId, CourierId]),
    prepMinutes: Type.Optional(PrepMinutes),
    reason: Type.Optional(Line(200)),
    pin: Type.Optional(HandoverPin),
    deliveryId: Type.Optional(DeliveryId),
  },
  strict,
);
export type MoveRequest = Static<typeof MoveRequest>;

/** In the query, which an order service of an older version ignores. */
export const MoveQuery = Type.Object({
  followsUp: Type.Optional(
    Flag("The delivery service applies the move also after a crash: no message to it"),
  ),
});
export type MoveQuery = Static<typeof MoveQuery>;
