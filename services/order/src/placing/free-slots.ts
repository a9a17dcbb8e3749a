// Limits the open orders of one customer and to one address. Each open order holds a numbered slot of both
// under unique indexes, so the limits are exact under concurrency. The write that ends an order frees its
// slots.
import { conflict } from "@food/shared/values/errors";
import type { OrderStore, Slots } from "../orders/store.ts";
import type { Terms } from "../orders/terms.ts";

/** A random free slot below `max`, so simultaneous orders rarely choose the same one. */
function pickFree(taken: number[], max: number): number | undefined {
  const held = new Set(taken);
  const free = Array.from({ length: max }, (_, slot) => slot).filter((slot) => !held.has(slot));
  return free[Math.floor(Math.random() * free.length)];
}

const THEN = "Order again once one of them has ended";

/** Returns slots that are free now. Throws 409 when there are none. */
export async function findFreeSlots(
  orders: OrderStore,
  { openPerCustomer, openPerAddress }: Terms,
  customerId: string,
  addressKey: string,
): Promise<Slots> {
  const taken = await orders.takenSlots(customerId, addressKey);
  const customerSlot = pickFree(taken.customerSlot, openPerCustomer);
  const addressSlot = pickFree(taken.addressSlot, openPerAddress);
  if (customerSlot === undefined)
    throw conflict(
      "TOO_MANY_OPEN_ORDERS",
      `You have ${taken.customerSlot.length} open orders, and at most ${openPerCustomer} may be open at once. ${THEN}, or cancel one that the kitchen has not begun.`,
    );
  if (addressSlot === undefined)
    throw conflict(
      "TOO_MANY_OPEN_ORDERS_AT_ADDRESS",
      `At most ${openPerAddress} orders to one address may be open at once. ${THEN}, or order to another address.`,
      { details: [{ pointer: "/addressId", detail: "An address with fewer open orders" }] },
    );
  return { customerSlot, addressSlot };
}
