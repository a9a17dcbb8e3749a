// What has happened to every order and courier so far. The actors write it, the report reads it.
import type { OrderStatus } from "@food/shared/contracts/order";
import type { InstanceCourier, InstanceOrder } from "../day/instance.ts";

export interface OrderRecord {
  order: InstanceOrder;
  /** The platform's id, once it is placed. */
  orderId?: string;
  /** Why the platform did not take it. */
  refusal?: string;
  status?: OrderStatus;
  /** Why it was rejected, cancelled or not delivered. */
  reason?: string;
  /** The courier who has it, by the instance's id. */
  courier?: string;
  /** The trip on which it was picked up. */
  trip?: string;
  /** The name of a courier on the platform who is not of this replay. */
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
  /** Of all work that is done. */
  busyMinutes: number;
  declined: number;
}

export interface Book {
  /** How many times faster than in life the platform takes this day to be, as far as is known. */
  daySpeed?: number | undefined;
  orders: OrderRecord[];
  couriers: CourierRecord[];
  /** The placed order with the platform's id. */
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

/** Nothing more can happen to it. */
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
