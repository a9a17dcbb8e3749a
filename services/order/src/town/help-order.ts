// What an operator does for an order by hand, with a reason. It takes the same way as everybody's moves.
import { conflict } from "@food/shared/values/errors";
import { changeOrder } from "../orders/change-order.ts";
import { type MoveDeps, moveOrder, noSuchOrder, refused } from "../orders/move-order.ts";
import type { Actor, OrderDocument } from "../orders/order.ts";
import { isBeforePickup } from "../orders/status.ts";
import { releaseCourier } from "../trips/release-courier.ts";

const operator = (id: string): Actor => ({ role: "operator", id });

/** Ends an open order: as cancelled, or as not delivered once its food is picked up. Throws 409 after the end. */
export const cancelForAll = (deps: MoveDeps, orderId: string, operatorId: string, reason: string) =>
  moveOrder(deps, orderId, { action: "cancel", actor: operator(operatorId), reason });

/** The food is at the door, and the courier cannot report it. Throws 409 before the pickup and after the end. */
export const completeForCourier = (deps: MoveDeps, orderId: string, operatorId: string, reason: string) =>
  moveOrder(deps, orderId, { action: "complete", actor: operator(operatorId), reason });

/** Whether this operator has taken the order from this courier before. A courier loses an order once. */
const isRepeated = ({ declinedBy, events }: OrderDocument, courierId: string, { id }: Actor) =>
  declinedBy?.includes(courierId) === true &&
  events.some(({ type, actor }) => type === "courier_released" && actor.id === id);

/** Takes the order from its courier, who is not offered it again, and looks for another one.
 *
 * Throws 409 when another courier has it or none, after the pickup and after the end. */
export async function reassignOrder(
  deps: MoveDeps,
  orderId: string,
  operatorId: string,
  { courierId, reason }: { courierId: string; reason: string },
): Promise<OrderDocument> {
  const actor = operator(operatorId);
  const changed = await changeOrder(deps, orderId, (order, now) => {
    if (!order) throw noSuchOrder();
    if (isRepeated(order, courierId, actor)) return undefined;
    if (!isBeforePickup(order.status))
      throw refused("ILLEGAL_MOVE", `An order that is ${order.status} keeps its courier.`, order, "operator");
    if (order.courier?.courierId !== courierId)
      throw conflict("COURIER_CHANGED", "The order is no longer this courier's. Read it again.", {
        currentStatus: order.status,
      });
    return releaseCourier(order, actor, now, deps.terms, { reason, declinedBy: courierId });
  });
  if (!changed) throw noSuchOrder();
  return changed;
}
