import type { EstimateMessage, LocationReport } from "@food/shared/contracts/live";
import { type Estimated, movedEstimate } from "../orders/estimate.ts";
import type { OrderDocument } from "../orders/order.ts";
import type { FeedDeps } from "./feed-deps.ts";
import { isWorthShowing } from "./live-copy.ts";

type Moving = Estimated & Pick<OrderDocument, "_id" | "version" | "courier">;

/** Stores and publishes the order's estimate when it has moved far enough. Whichever replica sees it first does it;
 * undefined when another one was faster, and at once when there is nothing to do. Never throws. */
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
  // Who does not know where the courier is does not know better than who did.
  const isBlind = order.courier && !courier;
  if (isBlind && moved.estimatedDeliveryAt < order.estimatedDeliveryAt) return undefined;
  const news: EstimateMessage = {
    kind: "estimate",
    version: order.version,
    estimatedDeliveryAt: moved.estimatedDeliveryAt.toISOString(),
    estimateReason: moved.estimateReason,
  };
  const publish = (isStored: boolean) => {
    if (!isStored) return undefined;
    live.publishEstimate(order._id, news);
    return news;
  };
  return orders.setEstimate(order, moved).then(publish, () => undefined);
}
