import type { PlaceOrderRequest } from "@food/shared/contracts/order";
import type { Quote, QuoteRequest } from "@food/shared/contracts/restaurant";
import { inBackground } from "@food/shared/observe/request-scope";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { newIdOfOwner } from "@food/shared/storage/shard-key";
import { AppError, conflict, unprocessable } from "@food/shared/values/errors";
import type { ChangeDeps } from "../orders/change-order.ts";
import { deliveryIdOf } from "../orders/delivery-id.ts";
import { newOrder, type OrderDocument } from "../orders/order.ts";
import { addressKeyOf } from "./address-key.ts";
import { findFreeSlot, listOpen, requireRoomAt, type SlotDeps, unlist } from "./free-slots.ts";
import { hashOf } from "./request-hash.ts";

export interface PlaceDeps extends SlotDeps {
  locks: Locks;
  /** The current prices of the restaurant's menu. Throws the restaurant's refusal. */
  quote: (request: QuoteRequest) => Promise<Quote>;
  /** Gives back what an order has taken of limited dishes. */
  releaseStock: (restaurantId: string, orderId: string) => Promise<void>;
  announce: ChangeDeps["announce"];
}

export interface Placed {
  order: OrderDocument;
  /** True when an earlier request with this key placed the order. */
  replayed: boolean;
}

const LOCK_MS = 5_000;
/** Poll delays while another request places the order: each is twice the one before, seven in all. */
const WAIT_FOR_OTHER = { firstMs: 20, mostMs: 1_500 };
/** More than the slots of most customers. Each failed attempt lost its slot to another order. */
const SLOT_TRIES_MAX = 50;

function randomPin(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return String(random % 10_000).padStart(4, "0");
}

async function findPlaced({ orders }: PlaceDeps, request: PlaceOrderRequest): Promise<Placed | undefined> {
  const order = await orders.findByKey(request.customerId, request.idempotencyKey);
  if (!order) return undefined;
  if (order.requestHash === hashOf(request)) return { order, replayed: true };
  throw unprocessable(
    "IDEMPOTENCY_KEY_REUSED",
    "This Idempotency-Key was used for another order. Use a new key for a new order.",
  );
}

/** Another request with this key is placing the order: waits for its result. */
async function waitForOther(deps: PlaceDeps, request: PlaceOrderRequest): Promise<Placed | undefined> {
  const until = Date.now() + WAIT_FOR_OTHER.mostMs;
  for (let stepMs = WAIT_FOR_OTHER.firstMs; Date.now() < until; stepMs *= 2) {
    await Bun.sleep(Math.min(stepMs, until - Date.now()));
    const placed = await findPlaced(deps, request);
    if (placed) return placed;
  }
  return undefined;
}

/** Tries one slot after another, because other orders may take them. */
async function addOrder(deps: PlaceDeps, order: OrderDocument, first: number): Promise<Placed> {
  const { orders, announce } = deps;
  await listOpen(deps, order._id, order);
  let customerSlot = first;
  for (let tries = 0; tries < SLOT_TRIES_MAX; tries++) {
    const placed = orders.withEntries({ ...order, customerSlot });
    const outcome = await orders.add(placed);
    if (outcome === "added") {
      await announce(placed, true);
      return { order: placed, replayed: false };
    }
    if (outcome === "placed_before" || outcome === "void") break;
    customerSlot = await findFreeSlot(deps, order.customerId);
  }
  throw conflict("ORDER_BUSY", "Too many orders are being placed at once. Try again.");
}

const giveBack = ({ releaseStock }: PlaceDeps, restaurantId: string, orderId: string) =>
  inBackground(() => releaseStock(restaurantId, orderId).catch(() => undefined));

/** A refusal has taken no stock. After any other failure the request may still be on its way: the release comes before it
 * or after it, and either way leaves nothing taken. */
async function quoteOrGiveBack(deps: PlaceDeps, request: QuoteRequest & { orderId: string }): Promise<Quote> {
  try {
    return await deps.quote(request);
  } catch (error) {
    const isRefusal = error instanceof AppError && error.status < 500;
    if (!isRefusal) giveBack(deps, request.restaurantId, request.orderId);
    throw error;
  }
}

/** When the order is refused, gives back its stock at once. After any other failure it may have been stored: then the
 * restaurant service asks (decision 0011), and so does the next order that finds its address full. */
async function addOrGiveBack(deps: PlaceDeps, order: OrderDocument, slot: number): Promise<Placed> {
  try {
    return await addOrder(deps, order, slot);
  } catch (error) {
    const isRefusal = error instanceof AppError;
    if (isRefusal && order.holdsStock) giveBack(deps, order.restaurantId, order._id);
    if (isRefusal) inBackground(() => unlist(deps, order._id, order).catch(() => undefined));
    throw error;
  }
}

async function placeNew(deps: PlaceDeps, request: PlaceOrderRequest): Promise<Placed> {
  const { terms } = deps;
  const { customerId, deliveryAddress, restaurantId, items, tipCents, quoteId } = request;
  if (!deliveryAddress)
    throw unprocessable("ADDRESS_NOT_FOUND", "You have no such address.", {
      details: [{ pointer: "/addressId", detail: "Not one of your addresses" }],
    });
  // Checked before the quote, so a flood of orders does not reach the restaurant service.
  const [slot] = await Promise.all([
    findFreeSlot(deps, customerId),
    requireRoomAt(deps, { restaurantId, addressKey: addressKeyOf(deliveryAddress) }),
  ]);
  const orderId = newIdOfOwner("ord", customerId);
  const quoted = await quoteOrGiveBack(deps, {
    ...{ restaurantId, items, dropoff: deliveryAddress.location, orderId },
    ...(tipCents && { tipCents }),
    ...(quoteId && { quoteId }),
  });
  const order = newOrder({
    request: { ...request, deliveryAddress },
    requestHash: hashOf(request),
    quote: quoted,
    orderId,
    deliveryId: deliveryIdOf(orderId, 1, restaurantId),
    handoverPin: randomPin(),
    now: new Date(),
    terms,
  });
  return addOrGiveBack(deps, order, slot);
}

/** Places a new order. When that fails because an earlier request placed it, returns the placed order. */
async function placeNewOrFind(deps: PlaceDeps, request: PlaceOrderRequest): Promise<Placed> {
  try {
    return await placeNew(deps, request);
  } catch (error) {
    const placed = await findPlaced(deps, request);
    if (placed) return placed;
    throw error;
  }
}

/** Places an order exactly once for each customer and key. The key is in the order's document under a
 * unique index; the lock only saves work.
 *
 * Throws 422 for a key used with another body, 409 when the customer or the address is at the limit of open
 * orders or the price is no longer the quoted one, and the restaurant's refusal. */
export async function placeOrder(deps: PlaceDeps, request: PlaceOrderRequest): Promise<Placed> {
  const replay = await findPlaced(deps, request);
  if (replay) return replay;
  const key = `place:${request.customerId}:${request.idempotencyKey}`;
  const placed = await deps.locks.withLock(key, LOCK_MS, () => placeNewOrFind(deps, request));
  if (placed !== BUSY) return placed;
  return (await waitForOther(deps, request)) ?? placeNewOrFind(deps, request);
}
