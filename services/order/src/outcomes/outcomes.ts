// Tells the restaurant service what became of orders that may hold stock.
import type { OrderOutcomes } from "@food/shared/contracts/stock";
import { givesBackStock, isFinal } from "../orders/status.ts";
import type { OutcomeStore } from "./store.ts";

/** An order that does not exist is made impossible first, so that its portions can be given to others. */
export async function outcomesOf(outcomes: OutcomeStore, orderIds: string[]): Promise<OrderOutcomes> {
  const statuses = await outcomes.statusesOrVoid(orderIds);
  const outcomeOf = (orderId: string) => {
    const status = statuses.get(orderId);
    if (status === undefined || givesBackStock(status)) return "unused" as const;
    return isFinal(status) ? ("used" as const) : ("open" as const);
  };
  return { items: orderIds.map((orderId) => ({ orderId, outcome: outcomeOf(orderId) })) };
}
