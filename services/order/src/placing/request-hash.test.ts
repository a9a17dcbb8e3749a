import { describe, expect, test } from "bun:test";
import type { ChosenOption } from "@food/shared/contracts/order-lines";
import { aRequest } from "../orders/order.builder.ts";
import { hashOf } from "./request-hash.ts";

const request = aRequest();
const [line] = request.items;
const dishId = line?.dishId ?? "";
const hash = (options?: ChosenOption[], note?: string) =>
  hashOf({
    ...request,
    items: [{ dishId, quantity: 2, ...(options && { options }), ...(note && { note }) }],
  });

describe("hashOf", () => {
  test("without options is the hash of before there were options", () => {
    const { restaurantId, addressId } = request;
    const before = JSON.stringify([restaurantId, [[dishId, 2, ""]], addressId, ""]);
    const expected = new Bun.CryptoHasher("sha256").update(before).digest("base64url");
    expect([hash(), hash([])]).toEqual([expected, expected]);
  });

  test("is equal for any order of the same options, and for a quantity of one that is left out", () => {
    const cola = (...sizes: string[]) => ({
      optionId: "cola",
      options: sizes.map((optionId) => ({ optionId })),
    });
    expect(hash([cola("s", "l"), { optionId: "ham" }])).toBe(
      hash([{ optionId: "ham", quantity: 1 }, cola("l", "s")]),
    );
  });

  test("differs for every other choice", () => {
    const ham = { optionId: "ham" };
    const hashes = [
      hash(),
      hash([ham]),
      hash([ham, ham]),
      hash([{ ...ham, quantity: 2 }]),
      hash([{ ...ham, options: [{ optionId: "x" }] }]),
      hash([{ ...ham, options: [{ optionId: "x", quantity: 2 }] }]),
      hash([ham, { optionId: "x" }]),
      hash([ham], "well done"),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("differs when two lines swap their options", () => {
    const lines = (...ids: string[]) =>
      hashOf({
        ...request,
        items: ids.map((optionId) => ({ dishId, quantity: 1, options: [{ optionId }] })),
      });
    expect(lines("a", "b")).not.toBe(lines("b", "a"));
  });
});
