import { idOfOwner, shardKeyOf } from "@food/shared/storage/shard-key";
import { digestOf } from "@food/shared/values/id";

/** With the region before it, where the id has one. */
const ORDER_TIME = /^ord_((?:[a-z0-9]{1,8}_)?[0-9a-z]{10})/;

/** The delivery id of one round of an order. The derivation is deterministic, so a repeated assignment uses
the same id. It begins with the order's time and leads to the shard of its restaurant, unless an older version made the
 * order and derives its ids. */
export function deliveryIdOf(orderId: string, round: number, restaurantId: string): string {
  const id = `dlv_${ORDER_TIME.exec(orderId)?.[1] ?? ""}${digestOf(`${orderId}:${round}`)}`;
  return shardKeyOf(orderId) === undefined ? id : idOfOwner(id, restaurantId);
}
