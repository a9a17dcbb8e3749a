// Records of every order and courier. The actors write them, the report reads them.
import type { OrderStatus } from "@food/shared/contracts/order";
import type { InstanceCourier, InstanceOrder } from "../day/instance.ts";

export interface OrderRecord {
  order: InstanceOrder;
  /** The platform's id, once it is placed. */
  orderId?: string;
  /** Why the platform refused the order. */
  refusal?: string;
  status?: OrderStatus;
  /** Why it was rejected, cancelled or not delivered. */
  reason?: string;
  /** The courier's id in the instance. */
  courier?: string;
  /** The trip on which it was picked up. */
  trip?: string;
  /** The name of the order's courier, if the courier does not belong to this replay. */
  stranger?: string;
  placedMinute?: number;
  readyMinute?: number;
  assignedMinute?: number;
  pickedUpMinute?: number;
  deliveredMinute?: number;
}

export interface CourierRecord {
  courier: InstanceCourier;
  onMinute?: number;
  offMinute?: number;
  busySinceMinute?: number;
  /** Duration of all finished work. */
  busyMinutes: number;
  declined: number;
}

export interface Book {
  /** The platform's DAY_SPEED, estimated from its promises; undefined while unknown. */
  daySpeed?: number | undefined;
  orders: OrderRecord[];
  couriers: CourierRecord[];
  /** Finds an order by the platform's id. */
  find: (orderId: string) => OrderRecord | undefined;
  place: (record: OrderRecord, orderId: string, minute: number) => void;
}

export function openBook(orders: InstanceOrder[], couriers: InstanceCourier[]): Book {
  const byOrderId = new Map<string, OrderRecord>();
  return {
    orders: orders.map((order) => ({ order })),
    couriers: couriers.map((courier) => ({ courier, busyMinutes: 0, declined: 0 })),
    find: (orderId) => byOrderId.get(orderId),
    place(record, orderId, minute) {
      record.orderId = orderId;
      record.placedMinute = minute;
      record.status = "pending";
      byOrderId.set(orderId, record);
    },
  };
}

const FINAL: Record<OrderStatus, boolean> = {
  pending: false,
  accepted: false,
  preparing: false,
  ready: false,
  out_for_delivery: false,
  delivered: true,
  rejected: true,
  cancelled: true,
  delivery_failed: true,
};

export const isFinal = (status: string | undefined): boolean =>
  status !== undefined && FINAL[status as OrderStatus] === true;

/** Placed, and without a final status. */
export const isOpen = ({ orderId, status }: OrderRecord): boolean =>
  orderId !== undefined && !isFinal(status);

/** Refused, or with a final status. */
export const isSettled = ({ refusal, status }: OrderRecord): boolean =>
  refusal !== undefined || isFinal(status);

export function beginWork(record: CourierRecord, minute: number) {
  record.busySinceMinute ??= minute;
}

export function endWork(record: CourierRecord, minute: number) {
  if (record.busySinceMinute === undefined) return;
  record.busyMinutes += minute - record.busySinceMinute;
  delete record.busySinceMinute;
}
