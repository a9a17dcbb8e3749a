import type { OrderProgress } from "@food/shared/contracts/delivery";
import type { CourierStore, Freed } from "../couriers/store.ts";
import { isLive } from "./status.ts";
import type { DeliveryDocument, DeliveryStore } from "./store.ts";

export interface FollowDeps {
  couriers: CourierStore;
  deliveries: DeliveryStore;
  /** Says that somebody has become free; must not throw. */
  onFree: (courier: Freed) => void;
  /** Tells its courier; must not throw. */
  onChanged: (delivery: DeliveryDocument) => void;
}

/** What stands where a delivery was released before anybody had it: a late assignment finds it and keeps away. */
const tombstone = (
  deliveryId: string,
  { orderId, orderVersion, reason }: OrderProgress,
  now: Date,
): DeliveryDocument => ({
  _id: deliveryId,
  orderId,
  slot: 0,
  live: false,
  status: "released",
  ...(reason && { reason }),
  ready: false,
  distanceMeters: 0,
  idleSeconds: 0,
  orderVersion,
  assignedAt: now,
  endedAt: now,
});

/** Takes in where the order stands. Late, repeated and overtaken news changes nothing; news of the end also sets the
 * courier free, again if need be, since a crash may have come between the two. */
export async function followOrder(
  deps: FollowDeps,
  deliveryId: string,
  progress: OrderProgress,
): Promise<void> {
  const { couriers, deliveries, onFree } = deps;
  const now = new Date();
  const endedNear = isLive(progress.status) ? undefined : await couriers.positionFor(deliveryId);
  let delivery = await deliveries.follow(deliveryId, progress, now, endedNear);
  if (!delivery && progress.status === "released") {
    await deliveries.add(tombstone(deliveryId, progress, now));
    delivery = await deliveries.follow(deliveryId, progress, now);
  }
  if (delivery) deps.onChanged(delivery);
  const ended = delivery
    ? !delivery.live
    : !isLive(progress.status) && (await isOver(deliveries, deliveryId));
  if (ended) for await (const courier of couriers.releaseAll(deliveryId, now)) onFree(courier);
}

async function isOver(deliveries: DeliveryStore, deliveryId: string): Promise<boolean> {
  const delivery = await deliveries.find(deliveryId);
  return delivery !== null && !delivery.live;
}
