// The tip of an order, all of it for the courier who delivers it. It changes no status, so it makes no event and followers
// are not told.
import type { TipRequest } from "@food/shared/contracts/order";
import { tipMaxCents } from "@food/shared/contracts/price";
import { conflict, unprocessable } from "@food/shared/values/errors";
import { noSuchOrder } from "../orders/move-order.ts";
import type { OrderDocument } from "../orders/order.ts";
import { isFinal } from "../orders/status.ts";
import type { OrderStore } from "../orders/store.ts";
import { tipped } from "./price.ts";
import { setTip } from "./store.ts";

const TIP_WITHIN_MS = 24 * 3_600_000;
const TRIES_MAX = 8;

const refused = (code: string, why: string, { status }: OrderDocument) =>
  conflict(code, why, { currentStatus: status, allowedActions: [] });

function requireTippable(order: OrderDocument, tipCents: number, now: Date): void {
  const { status, subtotalCents, events } = order;
  if (isFinal(status) && status !== "delivered")
    throw refused("TIP_CLOSED", `An order that is ${status} takes no tip.`, order);
  if (status === "delivered") {
    const deliveredAt = events.findLast(({ from, to }) => from !== to)?.at ?? now;
    if (now.getTime() > deliveredAt.getTime() + TIP_WITHIN_MS)
      throw refused("TIP_CLOSED", "The tip can be changed until 24 hours after the delivery.", order);
    if (tipCents < (order.tipCents ?? 0))
      throw refused("TIP_ONLY_HIGHER", "After the delivery a tip can only be raised.", order);
  }
  const most = tipMaxCents(subtotalCents);
  if (tipCents > most)
    throw unprocessable("TIP_TOO_LARGE", "The tip is larger than an order may have.", {
      details: [{ pointer: "/tipCents", detail: `At most ${most} for this order` }],
    });
}

/** Setting the same tip again changes nothing. Throws 404 to another customer, 409 when it is too late or lower than before
 * the delivery, and 422 when it is too large. */
export async function tipOrder(
  orders: OrderStore,
  orderId: string,
  { actorId, tipCents }: TipRequest,
): Promise<OrderDocument> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const order = await orders.find(orderId);
    if (!order || order.customerId !== actorId) throw noSuchOrder();
    if ((order.tipCents ?? 0) === tipCents) return order;
    requireTippable(order, tipCents, new Date());
    const changed = await setTip(orders.collection, order, tipped(order, tipCents));
    if (changed) return changed;
  }
  throw conflict("ORDER_BUSY", "The order changed during every attempt. Try again.");
}
