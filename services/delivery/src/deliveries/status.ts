// The statuses of a delivery, which follows its order. Messages may arrive late, twice or out of order, so
// a status only moves forward and may skip steps.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";

export const NEXT = {
  assigned: ["picked_up", "delivered", "failed", "released"],
  picked_up: ["delivered", "failed"],
  delivered: [],
  failed: [],
  released: [],
} as const satisfies Record<DeliveryStatus, readonly DeliveryStatus[]>;

export const canBecome = (from: DeliveryStatus, to: DeliveryStatus): boolean =>
  (NEXT[from] as readonly DeliveryStatus[]).includes(to);

/** Whether the courier has the delivery. */
export const isLive = (status: DeliveryStatus): boolean => NEXT[status].length > 0;

/** The statuses from which this one can be reached. */
export const before = (to: DeliveryStatus): DeliveryStatus[] =>
  (Object.keys(NEXT) as DeliveryStatus[]).filter((from) => canBecome(from, to));
