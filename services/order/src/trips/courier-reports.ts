// Reports about an order's courier that keep its status: the courier declines, is released after silence,
// or arrives at the restaurant or door. Each is idempotent by delivery.
import type { MoveRequest } from "@food/shared/contracts/order";
import { unprocessable } from "@food/shared/values/errors";
import { type ChangeDeps, changeOrder } from "../orders/change-order.ts";
import { estimateAtDoor, estimateFrom, SMALLEST_MOVE_MS } from "../orders/estimate.ts";
import { type CourierReport, illegalMove, noSuchOrder } from "../orders/move-order.ts";
import type { Actor, Change, OrderDocument } from "../orders/order.ts";
import { settling } from "../orders/settling.ts";
import { isBeforePickup, isFinal } from "../orders/status.ts";
import type { Terms } from "../orders/terms.ts";
import { releaseCourier } from "./release-courier.ts";

export interface ReportDeps extends ChangeDeps {
  terms: Terms;
}

interface Report {
  courierId: string;
  deliveryId: string;
  reason?: string;
}

const SYSTEM: Actor = { role: "system" };

/** The event that an earlier copy of this report made. */
const isReported = (order: OrderDocument | null, type: string, deliveryId: string, actor?: Actor) =>
  order?.events.some(
    (event) =>
      event.type === type && event.deliveryId === deliveryId && (!actor || event.actor.id === actor.id),
  ) === true;

/** Throws 404 to a courier who never had the order, 409 after the pickup or the end. */
async function takeOff(
  deps: ReportDeps,
  orderId: string,
  actor: Actor,
  { courierId, deliveryId, reason }: Report,
): Promise<OrderDocument> {
  const action = actor.role === "courier" ? "decline" : "release";
  const declinedBy = action === "decline" ? courierId : undefined;
  const released = await changeOrder(deps, orderId, (order, now) => {
    if (isReported(order, "courier_released", deliveryId, actor)) return undefined;
    const settled = order?.courier?.courierId ?? courierId;
    if (!order || order.deliveryId !== deliveryId || settled !== courierId) throw noSuchOrder();
    if (!isBeforePickup(order.status)) throw illegalMove(order, action, "courier");
    return releaseCourier(order, actor, now, deps.terms, { declinedBy, ...(reason && { reason }) });
  });
  if (!released) throw noSuchOrder();
  return released;
}

/** The courier declines the order before the pickup, and is not offered it again. */
export const declineOrder = (deps: ReportDeps, orderId: string, report: Report) =>
  takeOff(deps, orderId, { role: "courier", id: report.courierId }, report);

/** A courier without recent positions loses the order before the pickup, and may get it again. */
export const releaseOrder = (deps: ReportDeps, orderId: string, report: Report) =>
  takeOff(deps, orderId, SYSTEM, report);

function arrivalOf(order: OrderDocument, now: Date, terms: Terms): Pick<Change, "type" | "set"> {
  const { readyAt, estimatedDeliveryAt: told } = order;
  if (!isBeforePickup(order.status))
    return {
      type: "courier_at_door",
      set: { estimatedDeliveryAt: estimateAtDoor(now), estimateReason: "courier" },
    };
  const foodAt = readyAt && readyAt > now ? readyAt : now;
  const estimatedDeliveryAt = estimateFrom(foodAt, order, terms);
  // Before the kitchen has promised a time, the arrival says nothing about the food.
  const isNews = readyAt && Math.abs(estimatedDeliveryAt.getTime() - told.getTime()) >= SMALLEST_MOVE_MS;
  return {
    type: "courier_at_restaurant",
    set: { pickupAt: now, ...(isNews && { estimatedDeliveryAt, estimateReason: "kitchen" }) },
  };
}

/** The courier arrives at the restaurant or, after the pickup, at the door. This improves the estimate and
 * keeps the status.
 *
 * Throws 404 to a courier who does not have the order, 409 after its end. */
export async function reportArrival(
  deps: ReportDeps,
  orderId: string,
  { courierId, deliveryId }: Report,
): Promise<OrderDocument> {
  const arrived = await changeOrder(deps, orderId, (order, now) => {
    if (!order || order.deliveryId !== deliveryId) throw noSuchOrder();
    if (!order.courier && isBeforePickup(order.status)) throw settling();
    if (order.courier?.courierId !== courierId) throw noSuchOrder();
    if (isFinal(order.status)) throw illegalMove(order, "arrive", "courier");
    const arrival = arrivalOf(order, now, deps.terms);
    if (isReported(order, arrival.type, deliveryId)) return undefined;
    const actor: Actor = { role: "courier", id: courierId };
    return { ...arrival, status: order.status, actor, deliveryId };
  });
  if (!arrived) throw noSuchOrder();
  return arrived;
}

const REPORTS = {
  decline: declineOrder,
  release: releaseOrder,
  arrive: reportArrival,
} as const satisfies Record<CourierReport, unknown>;

/** Throws 422 for a report that does not name the delivery. */
export function reportOf(
  deps: ReportDeps,
  orderId: string,
  action: CourierReport,
  { actorId, deliveryId, reason }: Pick<MoveRequest, "actorId" | "deliveryId" | "reason">,
): Promise<OrderDocument> {
  if (!deliveryId) throw unprocessable("DELIVERY_REQUIRED", `${action} needs the deliveryId: send it.`);
  return REPORTS[action](deps, orderId, { courierId: actorId, deliveryId, ...(reason && { reason }) });
}
