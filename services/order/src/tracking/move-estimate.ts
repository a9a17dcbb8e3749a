import type { EstimateMessage, LocationReport } from "@food/shared/contracts/live";
import { type Estimated, movedEstimate } from "../orders/estimate.ts";
import type { OrderDocument } from "../orders/order.ts";
import type { FeedDeps } from "./feed-deps.ts";
import { isWorthShowing } from "./live-copy.ts";

type Moving = Estimated & Pick<OrderDocument, "_id" | "version" | "courier">;

/** Stores and publishes the order's estimate when it has moved far enough. The first replica to write wins.
 * Returns undefined when another replica was faster or nothing is to do. Never throws. */
export function moveEstimate(
  { orders, live, courierMetersPerMinute }: FeedDeps,
  order: Moving,
  report: LocationReport | undefined,
  now: Date,
): Promise<EstimateMessage | undefined> | undefined {
  const isTheirs = report && report.courierId === order.courier?.courierId && isWorthShowing(report, now);
  const courier = isTheirs
    ? { location: report.location, recordedAt: new Date(report.recordedAt) }
    : undefined;
  const moved = movedEstimate(order, courier, now, { courierMetersPerMinute });
  if (!moved) return undefined;
  // Without a courier position, never move the estimate earlier.
  const isBlind = order.courier && !courier;
  if (isBlind && moved.estimatedDeliveryAt < order.estimatedDeliveryAt) return undefined;
  const message: EstimateMessage = {
    kind: "estimate",
    version: order.version,
    estimatedDeliveryAt: moved.estimatedDeliveryAt.toISOString(),
    estimateReason: moved.estimateReason,
  };
  const publish = (isStored: boolean) => {
    if (!isStored) return undefined;
    live.publishEstimate(order._id, message);
    return message;
  };
  return orders.setEstimate(order, moved).then(publish, () => undefined);
}
