// Stores a courier's position in MongoDB, where dispatch searches couriers. During a delivery the position
// also goes to Redis for the order's followers. A report that comes too soon after the last one is accepted
// and ignored.
import type { FreeCourier } from "@food/shared/contracts/delivery";
import {
  COURIER_FREE_CHANNEL,
  courierChannel,
  LOCATION_TTL_SECONDS,
  type LocationReport,
  locationKey,
  orderChannel,
} from "@food/shared/contracts/live";
import type { ItemChange } from "@food/shared/live/owner-feed";
import { publisherOn } from "@food/shared/live/publish";
import { inBackground } from "@food/shared/observe/request-scope";
import { orUndefined, publishCommand, type Redis } from "@food/shared/storage/redis";
import { unprocessable } from "@food/shared/values/errors";
import { fromPoint, type Location, toPoint } from "@food/shared/values/geo";
import type { ReportLocation } from "./schema.ts";
import type { CourierStore, Freed } from "./store.ts";
import { isFresh, type NoWork, noWorkOf } from "./work.ts";

export interface Live {
  /** Publishes that a courier has become free, if they are on duty with a known position. Never throws. */
  courierFree: (courier: Freed) => void;
  /** Stores a position for the order's followers, and publishes it at most once per interval. Never throws.
   */
  courierAt: (orderId: string, courierId: string, location: Location, at: Date) => void;
  /** Publishes that one of the courier's deliveries has changed. Never throws. */
  deliveryChanged: (courierId: string, change: ItemChange) => void;
}

const FUTURE_MAX_MS = 60_000;
const PAST_MAX_MS = 3_600_000;
const ACCEPT_EVERY_MS = 1_000;
const PUBLISH_EVERY_MS = 3_000;

/** Keeps the courier's newest position in any order of arrival. Publishes at most once per interval. */
const KEEP_AND_PUBLISH = `
local known = redis.call('get', KEYS[1])
if known and string.find(known, ARGV[6], 1, true) then
  if string.match(known, '"recordedAt":"([^"]+)"') > ARGV[7] then return 0 end
end
redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
if redis.call('set', KEYS[2], '1', 'NX', 'PX', ARGV[3]) then redis.call(ARGV[8], ARGV[4], ARGV[5]) end
return 1`;

export interface Reach {
  /** Maximum distance from a courier to a pickup. */
  maxPickupMeters: number;
  /** Maximum age of the position of a courier who gets an order. */
  positionMaxAgeMs: number;
}

/** Undefined when the courier cannot get an order. */
export const freeCourierOf = (
  { _id: courierId, available, location, locationAt }: Freed,
  { maxPickupMeters: reachMeters, positionMaxAgeMs }: Reach,
): FreeCourier | undefined =>
  available && location && isFresh(locationAt, new Date(), positionMaxAgeMs)
    ? { courierId, location: fromPoint(location), reachMeters }
    : undefined;

export function redisLive(redis: Redis, reach: Reach): Live {
  const publish = publisherOn(redis);
  return {
    deliveryChanged: (courierId, change) => publish(courierChannel(courierId), change),
    courierFree(courier) {
      const free = freeCourierOf(courier, reach);
      if (free) publish(COURIER_FREE_CHANNEL, free);
    },
    courierAt(orderId, courierId, location, at) {
      const report: LocationReport = { courierId, location, recordedAt: at.toISOString() };
      const key = locationKey(orderId);
      const message = JSON.stringify({ kind: "location", ...report });
      const keep = [
        JSON.stringify(report),
        LOCATION_TTL_SECONDS,
        PUBLISH_EVERY_MS,
        orderChannel(orderId),
        message,
        courierId,
        report.recordedAt,
        publishCommand(redis),
      ];
      inBackground(() =>
        orUndefined(redis.eval(KEEP_AND_PUBLISH, 2, key, `${key}:published:${courierId}`, ...keep)),
      );
    },
  };
}

/** Returns why a courier on duty gets no order despite this position. Throws 422 for a time more than a
 * minute in the future or more than an hour ago. */
export async function reportLocation(
  { couriers, live, positionMaxAgeMs }: { couriers: CourierStore; live: Live; positionMaxAgeMs: number },
  courierId: string,
  { location, recordedAt }: ReportLocation,
  now: Date,
): Promise<NoWork | undefined> {
  const recorded = recordedAt === undefined ? now : new Date(recordedAt);
  const ageMs = now.getTime() - recorded.getTime();
  if (!(ageMs >= -FUTURE_MAX_MS && ageMs <= PAST_MAX_MS))
    throw unprocessable(
      "IMPLAUSIBLE_TIME",
      "recordedAt is out of range. Report a position within an hour after its recording.",
      { details: [{ pointer: "/recordedAt", detail: "Within the last hour" }] },
    );
  // A clock that is ahead must not block the positions of the next minute.
  const at = ageMs < 0 ? now : recorded;
  const before = await couriers.moveTo(courierId, location, at, ACCEPT_EVERY_MS);
  if (!before) return undefined;
  const after = { ...before, location: toPoint(location), locationAt: at };
  if (before.claim)
    for (const orderId of before.claim.orderIds) live.courierAt(orderId, courierId, location, at);
  else if (noWorkOf(before, now, positionMaxAgeMs)) live.courierFree(after);
  return before.available && !before.claim ? noWorkOf(after, now, positionMaxAgeMs) : undefined;
}
