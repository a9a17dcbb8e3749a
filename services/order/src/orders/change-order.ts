// Read, decide, write on the condition that nothing has changed since; look again when something has. Every
// change of an order goes through here, so that each is announced exactly after it is stored.
import { conflict } from "@food/shared/values/errors";
import type { Change, OrderDocument } from "./order.ts";
import type { OrderStore } from "./store.ts";

export interface ChangeDeps {
  orders: OrderStore;
  /** Tells everybody who follows; must not throw. */
  announce: (order: OrderDocument) => Promise<void>;
}

const TRIES_MAX = 8;

/** Decides again on fresh data after every lost race, and first on what is `known`, if anything is. `decide` answers
 * undefined when there is nothing to change, and throws to refuse. */
export async function changeOrder(
  { orders, announce }: ChangeDeps,
  orderId: string,
  decide: (order: OrderDocument | null, now: Date) => Change | undefined,
  known?: OrderDocument,
): Promise<OrderDocument | null> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const order = tries === 0 && known ? known : await orders.find(orderId);
    const now = new Date();
    const change = decide(order, now);
    if (!order || !change) return order;
    const changed = await orders.apply(order, change, now);
    if (changed) {
      await announce(changed);
      return changed;
    }
  }
  throw conflict("ORDER_BUSY", "The order is changing too quickly. Try again.");
}
