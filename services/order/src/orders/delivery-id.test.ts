import { describe, expect, test } from "bun:test";
import { DeliveryId } from "@food/shared/contracts/ids";
import { newId } from "@food/shared/values/id";
import { Value } from "@sinclair/typebox/value";
import { deliveryIdOf } from "./delivery-id.ts";

describe("deliveryIdOf", () => {
  const orderId = newId("ord");

  test("is a well-formed delivery id", () => {
    expect(Value.Check(DeliveryId, deliveryIdOf(orderId, 1))).toBe(true);
  });

  test("is equal for the same order and round, and different for any other", () => {
    expect(deliveryIdOf(orderId, 1)).toBe(deliveryIdOf(orderId, 1));
    expect(deliveryIdOf(orderId, 2)).not.toBe(deliveryIdOf(orderId, 1));
    expect(deliveryIdOf(newId("ord"), 1)).not.toBe(deliveryIdOf(orderId, 1));
  });
});
