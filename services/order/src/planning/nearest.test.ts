import { expect, test } from "bun:test";
import { planNearest } from "./nearest.ts";
import { aCourier, anOrder, MINUTE, NOW, terms } from "./problem.builder.ts";

test("assigns each order at once to the free courier who arrives soonest, oldest order first", () => {
  const couriers = [
    aCourier("far", { place: { x: 2_000, y: 0 } }),
    aCourier("near", { place: { x: 900, y: 0 } }),
    aCourier("busy", { freeAt: NOW + MINUTE }),
  ];
  const orders = [
    anOrder("new", { readyAt: NOW + 30 * MINUTE }),
    anOrder("old", { placedAt: NOW - 5 * MINUTE, readyAt: NOW + 30 * MINUTE }),
    anOrder("newest", { placedAt: NOW + 1 }),
  ];
  const { assign, hold } = planNearest(orders, couriers, NOW, terms());
  expect(assign.map(({ courierId, orderIds }) => [courierId, ...orderIds])).toEqual([
    ["far", "new"],
    ["near", "old"],
  ]);
  expect(hold).toMatchObject([{ orderId: "newest", why: "no_courier" }]);
});

test("skips couriers who declined or cannot pick up before their shift ends", () => {
  const couriers = [aCourier("declined"), aCourier("leaving", { offAt: NOW + MINUTE })];
  const { assign } = planNearest([anOrder("o1", { declinedBy: ["declined"] })], couriers, NOW, terms());
  expect(assign).toEqual([]);
});
