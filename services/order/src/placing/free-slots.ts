// Limits the open orders of one customer and to one address. Each open order holds a numbered slot of its customer under a
// unique index, and is listed at its address by a write that needs room. So both limits are exact under concurrency. The
// write that ends an order frees its slot. It stays listed until the list is full: then those that have ended are
// removed. One that was listed and not stored is made void first, so that it cannot be stored afterwards.
import { conflict } from "@food/shared/values/errors";
import { isFinal } from "../orders/status.ts";
import type { OrderStore } from "../orders/store.ts";
import type { Terms } from "../orders/terms.ts";
import type { OutcomeStore } from "../outcomes/store.ts";
import type { Ends, OpenOrder } from "./store.ts";

export interface SlotDeps {
  orders: OrderStore;
  outcomes: OutcomeStore;
  terms: Terms;
}

/** An order that was listed longer ago and is not stored will not be: its process has died. */
const CRASHED_AFTER_MS = 60_000;
/** A shorter list of a restaurant is not looked through for those that have ended. */
const CHECKED_FROM = 25;
/** Poll delays while other orders to the address are being placed: each is twice the one before. */
const WAIT_FOR_OTHERS = { firstMs: 20, mostMs: 1_500 };

/** A random free slot below `max`, so simultaneous orders rarely choose the same one. */
function pickFree(taken: number[], max: number): number | undefined {
  const held = new Set(taken);
  const free = Array.from({ length: max }, (_, slot) => slot).filter((slot) => !held.has(slot));
  return free[Math.floor(Math.random() * free.length)];
}

const THEN = "Order again once one of them has ended";

const fullAddress = (max: number) =>
  conflict(
    "TOO_MANY_OPEN_ORDERS_AT_ADDRESS",
    `At most ${max} orders to one address may be open at once. ${THEN}, or order to another address.`,
    { details: [{ pointer: "/addressId", detail: "An address with fewer open orders" }] },
  );

/** Takes off those that have ended, and those of placements that have crashed. Returns the number of the open ones, and of those that
 * are being placed. */
async function removeEnded({ orders, outcomes }: SlotDeps, listed: OpenOrder[], ends: Ends, now: Date) {
  const statuses = await outcomes.statusesOf(listed.map(({ orderId }) => orderId));
  const isOpen = ({ orderId }: OpenOrder) => {
    const status = statuses.get(orderId);
    return status !== undefined && !isFinal(status);
  };
  const absent = listed.filter(({ orderId }) => !statuses.has(orderId));
  const crashed = absent.filter(({ at }) => now.getTime() - at.getTime() > CRASHED_AFTER_MS);
  const outcome =
    crashed.length > 0 && (await outcomes.statusesOrVoid(crashed.map(({ orderId }) => orderId)));
  if (outcome) for (const [orderId, status] of outcome) statuses.set(orderId, status);
  const over = listed
    .filter((one) => statuses.has(one.orderId) && !isOpen(one))
    .map(({ orderId }) => orderId);
  if (over.length > 0) await orders.open.remove(over, ends);
  return { open: listed.filter(isOpen).length, placing: absent.length - crashed.length };
}

/** Returns when there is room at the address. Throws 409 when there is none. */
async function requireRoom(deps: SlotDeps, ends: Ends): Promise<void> {
  const max = deps.terms.openPerAddress;
  const until = Date.now() + WAIT_FOR_OTHERS.mostMs;
  for (let stepMs = WAIT_FOR_OTHERS.firstMs; ; stepMs *= 2) {
    const { toAddress } = await deps.orders.open.of(ends);
    if (toAddress.length < max) return;
    const { open, placing } = await removeEnded(deps, toAddress, ends, new Date());
    if (open + placing < max) return;
    if (open >= max || Date.now() >= until) throw fullAddress(max);
    await Bun.sleep(Math.max(0, Math.min(stepMs, until - Date.now())));
  }
}

/** Returns a slot of the customer that is free now. Throws 409 when there is none. */
export async function findFreeSlot({ orders, terms }: SlotDeps, customerId: string): Promise<number> {
  const taken = await orders.takenSlots(customerId);
  const slot = pickFree(taken, terms.openPerCustomer);
  if (slot === undefined)
    throw conflict(
      "TOO_MANY_OPEN_ORDERS",
      `You have ${taken.length} open orders, and at most ${terms.openPerCustomer} may be open at once. ${THEN}, or cancel one that the kitchen has not begun.`,
    );
  return slot;
}

/** Throws 409 when the address has as many open orders as it may. */
export async function requireRoomAt(deps: SlotDeps, ends: Ends): Promise<void> {
  const { open } = deps.orders;
  const { ofRestaurant, toAddress } = await open.counts(ends);
  // By chance: on average each placement reads one listed order, however long the list is and however many are placed at
  // once. A rule by the length alone lets all of those read it that come before the next is listed.
  if (ofRestaurant >= CHECKED_FROM && Math.random() * ofRestaurant < 1)
    await removeEnded(deps, (await open.of(ends)).ofRestaurant, ends, new Date());
  if (toAddress >= deps.terms.openPerAddress) await requireRoom(deps, ends);
}

/** Lists the order at its restaurant and address, before it is stored. Throws 409 when there is no room. */
export async function listOpen(deps: SlotDeps, orderId: string, ends: Ends): Promise<void> {
  while (!(await deps.orders.open.add(orderId, ends, deps.terms.openPerAddress, new Date())))
    await requireRoom(deps, ends);
}

/** Takes the order off after its placing has failed, unless it is stored. */
export async function unlist({ orders, outcomes }: SlotDeps, orderId: string, ends: Ends): Promise<void> {
  const statuses = await outcomes.statusesOf([orderId]);
  if (statuses.get(orderId) === undefined) await orders.open.remove([orderId], ends);
}
