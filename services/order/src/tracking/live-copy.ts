// The short-lived copy of an order's status in Redis, which saves MongoDB the polling. It never goes back
// to an older version. A client that has seen a newer version is answered from MongoDB.
import {
  type EstimateMessage,
  type EstimateReason,
  LOCATION_TTL_SECONDS,
  type LocationReport,
  liveKey,
  locationKey,
  orderChannel,
  restaurantChannel,
  type StatusMessage,
} from "@food/shared/contracts/live";
import type { OrderCourier, OrderStatus } from "@food/shared/contracts/order";
import type { ItemChange } from "@food/shared/live/owner-feed";
import { publisherOn } from "@food/shared/live/publish";
import { inBackground } from "@food/shared/observe/request-scope";
import { isCluster, orUndefined, publishCommand, type Redis, valuesOf } from "@food/shared/storage/redis";
import type { Actor, OrderDocument, OrderEvent } from "../orders/order.ts";
import { isFinal } from "../orders/status.ts";
import { isUnderWay } from "../trips/trip-place.ts";

/** What following an order needs of it. */
export interface LiveOrder {
  orderId: string;
  customerId: string;
  restaurantId: string;
  status: OrderStatus;
  reason?: string;
  version: number;
  readyAt?: string;
  estimatedDeliveryAt: string;
  estimateReason: EstimateReason;
  courier?: OrderCourier;
  /** Doors that the courier visits before this one. */
  stopsBefore?: number;
}

export interface LiveCopy {
  /** Publishes the order's last event to followers on all replicas, and the change to its restaurant.
   * Resolves once the copy is replaced, so the actor of the change never sees the old one. Never throws. */
  publish: (order: OrderDocument, notify: (message: StatusMessage) => void) => Promise<void>;
  /** The copy and the courier's position; each undefined when Redis does not have it. */
  read: (orderId: string) => Promise<{ order: LiveOrder | undefined; location: LocationReport | undefined }>;
  /** Each undefined when Redis has none. */
  locationsOf: (orderIds: readonly string[]) => Promise<(LocationReport | undefined)[]>;
  keep: (order: LiveOrder) => Promise<unknown>;
  /** Publishes the estimate to all replicas, and deletes the copy with the old one. Never throws. */
  publishEstimate: (orderId: string, message: EstimateMessage) => void;
}

/** Short, so a copy that a crash left outdated soon expires. */
const COPY_TTL_MS = 10_000;
/** Longer than a write of an order that was read before the estimate moved. */
const NO_COPY_TTL_MS = 1_000;

/** The version precedes the order, so the script need not parse JSON. A full Redis refuses the new copy,
 * but can delete the old one. */
const KEEP_IF_NEWER = `
local known = redis.call('get', KEYS[1])
if known and tonumber(string.match(known, '^[%d.]+')) >= tonumber(ARGV[1]) then return 0 end
local kept = redis.pcall('set', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
if type(kept) == 'table' and kept.err then redis.call('del', KEYS[1]) end
return 1`;

/** The same, without the position at KEYS[2], if any; then publishes the messages: one command instead of four. An error of a
 * message does not undo the copy. */
const KEEP_AND_PUBLISH = `
local function keep()${KEEP_IF_NEWER}
end
keep()
if KEYS[2] then redis.call('del', KEYS[2]) end
for i = 5, #ARGV, 2 do redis.call(ARGV[4], ARGV[i], ARGV[i + 1]) end
return 1`;

const copyKey = (orderId: string) => liveKey("status", orderId);

export const liveOrderOf = (order: OrderDocument): LiveOrder => ({
  orderId: order._id,
  customerId: order.customerId,
  restaurantId: order.restaurantId,
  status: order.status,
  ...(order.reason && { reason: order.reason }),
  version: order.version,
  ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
  estimatedDeliveryAt: order.estimatedDeliveryAt.toISOString(),
  estimateReason: order.estimateReason,
  ...(order.courier && { courier: order.courier }),
  ...(order.trip && isUnderWay(order) && { stopsBefore: order.trip.before.length }),
});

/** An event as followers receive it. Only the newest event names the courier, because the order stores only
 * the current one. */
export const statusMessageOf = (
  order: OrderDocument,
  { sequence, type, to, reason, at }: OrderEvent,
): StatusMessage => ({
  kind: "status",
  sequence,
  type,
  status: to,
  ...(reason && { reason }),
  at: at.toISOString(),
  ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
  estimatedDeliveryAt: order.estimatedDeliveryAt.toISOString(),
  estimateReason: order.estimateReason,
  ...(sequence === order.version && courierFields(order)),
});

const courierFields = ({ courier, pickupAt, trip }: OrderDocument) => ({
  ...(courier && { courier }),
  ...(pickupAt && { pickupAt: pickupAt.toISOString() }),
  ...(trip && { via: trip.before }),
});

/** Whether this actor may follow the order. */
export function mayFollow(order: LiveOrder, { role, id }: Actor): boolean {
  if (role === "customer") return order.customerId === id;
  if (role === "restaurant") return order.restaurantId === id;
  return role === "courier" && order.courier?.courierId === id;
}

/** The position of the order's courier is shown between assignment and the end, to its customer and restaurant. */
export const showsLocation = (
  { courier, status }: Pick<LiveOrder, "courier" | "status">,
  { role }: Actor,
  { courierId }: LocationReport,
): boolean => courier?.courierId === courierId && !isFinal(status) && role !== "courier";

function parsed<T>(text: string | null | undefined): T | undefined {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

export function redisLiveCopy(redis: Redis): LiveCopy {
  const publish = publisherOn(redis);
  const replace = (orderId: string, version: number, copy: string, ttlMs: number) =>
    orUndefined(redis.eval(KEEP_IF_NEWER, 1, copyKey(orderId), version, copy, ttlMs));
  async function keepAndPublish(order: OrderDocument, messages: [channel: string, message: object][]) {
    const keys = [copyKey(order._id), ...(isFinal(order.status) ? [locationKey(order._id)] : [])];
    const copy = [order.version, JSON.stringify(liveOrderOf(order)), COPY_TTL_MS];
    // In a cluster, a script publishes only to the slot of its keys.
    const [together, alone] = isCluster(redis) ? [messages.slice(0, 1), messages.slice(1)] : [messages, []];
    const said = together.flatMap(([channel, message]) => [channel, JSON.stringify(message)]);
    for (const one of alone) publish(...one);
    const run = redis.eval(KEEP_AND_PUBLISH, keys.length, ...keys, ...copy, publishCommand(redis), ...said);
    // Again once Redis is back.
    if ((await orUndefined(run)) === undefined) for (const one of together) publish(...one);
  }
  return {
    keep: (order) => replace(order.orderId, order.version, JSON.stringify(order), COPY_TTL_MS),
    async publish(order, notify) {
      const event = order.events.at(-1);
      if (!event) return;
      const message = statusMessageOf(order, event);
      const change: ItemChange = { id: order._id, version: order.version };
      const kept = keepAndPublish(order, [
        [orderChannel(order._id), message],
        [restaurantChannel(order.restaurantId), change],
      ]);
      notify(message);
      await kept;
    },
    publishEstimate(orderId, message) {
      // Newer than every copy of this version, older than the next version.
      inBackground(() => replace(orderId, message.version + 0.5, "", NO_COPY_TTL_MS));
      publish(orderChannel(orderId), message);
    },
    async locationsOf(orderIds) {
      const texts = await valuesOf(redis, orderIds.map(locationKey));
      return orderIds.map((_, i) => parsed<LocationReport>(texts[i]));
    },
    async read(orderId) {
      const [order, location] = (await orUndefined(redis.mget(copyKey(orderId), locationKey(orderId)))) ?? [];
      return {
        order: parsed<LiveOrder>(order?.replace(/^[\d.]+/, "")),
        location: parsed<LocationReport>(location),
      };
    },
  };
}

const STALE_AFTER_SECONDS = 60;

const ageSecondsOf = ({ recordedAt }: LocationReport, now: Date) =>
  Math.max(0, Math.round((now.getTime() - Date.parse(recordedAt)) / 1000));

export const isStale = (report: LocationReport, now: Date) => ageSecondsOf(report, now) > STALE_AFTER_SECONDS;

/** The position with its current age. */
export const agedLocation = (report: LocationReport, now: Date) => ({
  location: report.location,
  recordedAt: report.recordedAt,
  ageSeconds: ageSecondsOf(report, now),
  stale: isStale(report, now),
});

/** Hides a report that should have expired in Redis. */
export const isWorthShowing = ({ recordedAt }: LocationReport, now: Date) =>
  now.getTime() - Date.parse(recordedAt) < LOCATION_TTL_SECONDS * 1000;
