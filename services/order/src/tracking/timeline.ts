import type { OrderEvent } from "../orders/order.ts";

/** An event of the timeline, as operators see it. */
export const eventView = ({ deliveryId: _, at, ...event }: OrderEvent) => ({
  ...event,
  at: at.toISOString(),
});

/** The parties see that an operator did it, and not which one. */
export function eventForParty(event: OrderEvent) {
  const { actor, ...view } = eventView(event);
  return { ...view, actor: actor.role === "operator" ? { role: actor.role } : actor };
}
