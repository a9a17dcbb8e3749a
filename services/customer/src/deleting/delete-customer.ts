// No open order may be left behind. The customer service marks the account as closing and then asks the order service for open
// orders. Placing stores the order and then looks for the mark (orders/routes.ts). Whatever the sequence, one of the two sees the
// other: the deletion is refused, or the order is cancelled. When a process dies in between, the order takes its course and
// loses its personal data when it has ended.
import { type ClosingStore, isBeingDeleted, isInTime } from "@food/shared/accounts/deletion/closing";
import type { Deletion } from "@food/shared/accounts/deletion/deletion";
import type { ServiceClient } from "@food/shared/http/service-client";
import { conflict } from "@food/shared/values/errors";
import { eraseOrders, openOrdersOf } from "../clients/orders.ts";
import type { CustomerDocument } from "../customers/store.ts";

export interface DeleteDeps {
  closing: ClosingStore;
  deletion: Pick<Deletion<CustomerDocument>, "remove">;
  orders: ServiceClient;
}

/** Throws 409 while an order is under way, and 503 when the order service does not answer. */
export async function deleteCustomer(
  { closing, deletion, orders }: DeleteDeps,
  customerId: string,
): Promise<void> {
  const now = new Date();
  if (!(await closing.begin(customerId, now))) throw isBeingDeleted();
  try {
    const open = await openOrdersOf(orders, customerId);
    if (open.length > 0)
      throw conflict(
        "ORDERS_UNDER_WAY",
        `${open.join(", ")}: under way. Cancel or wait for the end, and delete the account then.`,
      );
    if (!isInTime(now) || !(await deletion.remove(customerId, { closingAt: now }))) throw isBeingDeleted();
  } catch (error) {
    await closing.undo(customerId, now);
    throw error;
  }
}

/** Throws while an order has personal data: one that is under way keeps it until its end. */
export async function eraseCustomer(orders: ServiceClient, customerId: string): Promise<void> {
  let remaining = await eraseOrders(orders, customerId);
  for (let before = Number.POSITIVE_INFINITY; remaining > 0 && remaining < before; ) {
    before = remaining;
    remaining = await eraseOrders(orders, customerId);
  }
  if (remaining > 0) throw new Error("An order of the customer is under way");
}
