import { describe, expect, test } from "bun:test";
import { DeliveryId } from "@food/shared/contracts/ids";
import { newIdOfOwner, shardKeyOf } from "@food/shared/storage/shard-key";
import { newId } from "@food/shared/values/id";
import { Value } from "@sinclair/typebox/value";
import { deliveryIdOf } from "./delivery-id.ts";

describe("deliveryIdOf", () => {
  const restaurantId = newId("rst");
  const orderId = newIdOfOwner("ord", newId("cus"));

  test("is a well-formed delivery id, on the shard of the restaurant", () => {
    const deliveryId = deliveryIdOf(orderId, 1, restaurantId);
    expect(Value.Check(DeliveryId, deliveryId)).toBe(true);
    expect(shardKeyOf(deliveryId)).toBe(restaurantId.slice(-4));
  });

  test("is equal for the same order and round, and different for any other", () => {
    const first = deliveryIdOf(orderId, 1, restaurantId);
    expect(deliveryIdOf(orderId, 1, restaurantId)).toBe(first);
    expect(deliveryIdOf(orderId, 2, restaurantId)).not.toBe(first);
    expect(deliveryIdOf(newIdOfOwner("ord", newId("cus")), 1, restaurantId)).not.toBe(first);
  });

  test("of an order of an older version is the one that the older version derives", () => {
    expect(deliveryIdOf("ord_01k9v3e6m2x8r4t7w0z5b1c3d6", 1, restaurantId)).toBe(
      "dlv_01k9v3e6m2pcmqpbjpa7xm7zbm",
    );
  });
});
