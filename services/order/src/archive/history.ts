// What the archive keeps of an order. Pure.
import type { OrderDocument } from "../orders/order.ts";

/** Without what only an open order needs: its slots, and the doors of others on its trip. */
export function keptOf({ customerSlot: _, addressSlot: __, trip, ...order }: OrderDocument): OrderDocument {
  return { ...order, ...(trip && { trip: { ...trip, before: [] } }) };
}
