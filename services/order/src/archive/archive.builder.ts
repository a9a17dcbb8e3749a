// Orders that ended at some time.
import { daysAgo } from "@food/shared/testing/archive";
import { newId } from "@food/shared/values/id";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

/** An order that was delivered that many days ago. */
export function aDoneOrder(days: number, overrides: Partial<OrderDocument> = {}): OrderDocument {
  const at = daysAgo(days);
  const order = anOrder({ _id: newId("ord", at.getTime()), ...overrides });
  const [placed] = order.events;
  if (!placed) throw new Error("An order begins with an event");
  const end = { ...placed, sequence: 2, type: "delivered", from: "out_for_delivery", to: "delivered", at };
  return {
    ...order,
    ...{
      status: "delivered",
      version: 2,
      placedAt: at,
      awaitingCourier: false,
      customerSlot: 3,
      addressSlot: 4,
    },
    ...{ events: [{ ...placed, at }, end] as OrderDocument["events"] },
    ...overrides,
  };
}
