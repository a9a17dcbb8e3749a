// Optimistic concurrency: read, decide, write if the version is unchanged, else try again. Every change of
// an order goes through this function, so each is published after it is stored.
import { conflict } from "@food/shared/values/errors";
import type { Change, OrderDocument, OrderHead } from "./order.ts";
import type { OrderStore } from "./store.ts";

export interface ChangeDeps {
  orders: OrderStore;
  /** Publishes the change to followers, and delivers its outbox entries: this process has their lease when the outbox was
   * empty before. Must not throw. */
  announce: (order: OrderDocument, isLeased: boolean) => Promise<void>;
}

const TRIES_MAX = 8;

/** Uses fresh data for each attempt. `decide` returns undefined when there is nothing to change, and throws to refuse. */
export async function changeOrder(
  { orders, announce }: ChangeDeps,
  orderId: string,
  decide: (order: OrderDocument | null, now: Date) => Change | undefined,
): Promise<OrderDocument | null> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const order = await orders.find(orderId);
    const now = new Date();
    const change = decide(order, now);
    if (!order || !change) return order;
    const changed = await orders.apply(order, change, now);
    if (changed) {
      await announce(changed, order.outbox.length === 0);
      return changed;
    }
  }
  throw conflict("ORDER_BUSY", "The order changed during every attempt. Try again.");
}

/** The same for an order that has been read already: decides on that first. */
export async function changeKnown(
  deps: ChangeDeps,
  known: OrderHead,
  decide: (order: OrderHead | null, now: Date) => Change | undefined,
): Promise<void> {
  const now = new Date();
  const change = decide(known, now);
  if (!change) return;
  const changed = await deps.orders.apply(known, change, now);
  if (changed) await deps.announce(changed, known.outbox.length === 0);
  else await changeOrder(deps, known._id, decide);
}
