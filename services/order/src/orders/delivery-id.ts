import { digestOf } from "@food/shared/values/id";

const ORDER_TIME = /^ord_([0-9a-z]{10})/;

/** The delivery id of one round of an order. The derivation is deterministic, so a repeated assignment uses
 * the same id. It begins with the order's time. */
export const deliveryIdOf = (orderId: string, round: number): string =>
  `dlv_${ORDER_TIME.exec(orderId)?.[1] ?? ""}${digestOf(`${orderId}:${round}`)}`;
