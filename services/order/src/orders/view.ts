import type { Order, OrderStatus } from "@food/shared/contracts/order";
import { currencyExponent } from "@food/shared/values/codes";
import { componentsOf } from "../totals/price.ts";
import { isUnderWay } from "../trips/trip-place.ts";
import type { OrderDocument } from "./order.ts";
import { type ActorRole, FINAL_STATUSES } from "./status.ts";

/** When the order first had one of these statuses. */
const firstAt = ({ events }: OrderDocument, statuses: readonly OrderStatus[]) =>
  events.find(({ to }) => statuses.includes(to))?.at.toISOString();

/** The times of what has happened to the order. */
function timesOf(order: OrderDocument): Pick<Order, "acceptedAt" | "pickedUpAt" | "deliveredAt" | "endedAt"> {
  const acceptedAt = firstAt(order, ["accepted", "preparing"]);
  const pickedUpAt = firstAt(order, ["out_for_delivery"]);
  const deliveredAt = firstAt(order, ["delivered"]);
  const endedAt = firstAt(order, FINAL_STATUSES);
  return {
    ...(acceptedAt && { acceptedAt }),
    ...(pickedUpAt && { pickedUpAt }),
    ...(deliveredAt && { deliveredAt }),
    ...(endedAt && { endedAt }),
  };
}

/** The order as one of its parties sees it. Only the customer sees the PIN; only restaurant and
 * operator see the trip. */
export function viewFor(order: OrderDocument, role: ActorRole): Order {
  const { trip, pickupAt } = order;
  const seesTrip = role === "restaurant" || role === "operator";
  return {
    orderId: order._id,
    restaurantId: order.restaurantId,
    restaurantName: order.restaurantName,
    customerId: order.customerId,
    items: order.items,
    subtotalCents: order.subtotalCents,
    deliveryFeeCents: order.deliveryFeeCents,
    totalCents: order.totalCents,
    ...(order.tipCents && { tipCents: order.tipCents }),
    components: componentsOf(order),
    currency: order.currency,
    currencyExponent: currencyExponent(order.currency),
    deliveryAddress: order.deliveryAddress,
    ...(order.note && { note: order.note }),
    status: order.status,
    ...(order.reason && { reason: order.reason }),
    version: order.version,
    placedAt: order.placedAt.toISOString(),
    acceptBy: order.acceptBy.toISOString(),
    ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
    estimatedDeliveryAt: order.estimatedDeliveryAt.toISOString(),
    ...timesOf(order),
    ...(order.courier && { courier: order.courier }),
    ...(seesTrip && trip && { tripId: trip.tripId }),
    ...(seesTrip && pickupAt && { pickupAt: pickupAt.toISOString() }),
    ...(trip && isUnderWay(order) && { stopsBefore: trip.before.length }),
    ...(role === "customer" && { handoverPin: order.handoverPin }),
  };
}
