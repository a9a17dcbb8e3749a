import { expect, test } from "bun:test";
import { aFreeCourier, anOrder } from "../orders/order.builder.ts";
import { matchFreeCourier } from "./match-free-courier.ts";

type Deps = Parameters<typeof matchFreeCourier>[0];

test("an order that is being asked for when the dispatcher stops is the last", async () => {
  let asked = 0;
  const deps = {
    orders: { leaseNear: async () => anOrder(), handBack: async () => undefined },
    deliveries: {
      assign: async () => {
        asked++;
        return { outcome: "none_suitable" };
      },
    },
    locks: { withLock: (_key: string, _ttlMs: number, run: () => Promise<unknown>) => run() },
  } as unknown as Deps;
  await matchFreeCourier(deps, aFreeCourier(), () => asked === 1);
  expect(asked).toBe(1);
});
