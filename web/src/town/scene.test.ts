import { describe, expect, test } from "bun:test";
import type { Town, TownCourier, TownOrder } from "../api/bodies.ts";
import { cornersOf, sceneOf } from "./scene.ts";
import { stateOf } from "./town-state.ts";

const AT = "2026-11-29T18:00:00.000Z";
const NOW_MS = Date.parse(AT);
const later = (minutes: number) => new Date(NOW_MS + minutes * 60_000).toISOString();
const [KITCHEN, DOOR, STREET] = [
  { lat: 49, lng: 12 },
  { lat: 49.02, lng: 12.01 },
  { lat: 49.01, lng: 12.03 },
];
const anOrder = (orderId: string, more: Partial<TownOrder> = {}): TownOrder => ({
  ...{ orderId, version: 1, status: "preparing", since: AT, placedAt: AT, restaurantId: "rst_1" },
  ...{ restaurantName: "Forno", pickup: KITCHEN, dropoff: DOOR, estimatedDeliveryAt: later(20) },
  ...more,
});
const sceneWith = (more: Partial<Town>) =>
  sceneOf(
    stateOf(
      {
        ...{ sequence: 1, at: AT, ordersAt: AT, isComplete: true, orders: [], couriers: [], trips: [] },
        figures: { ordersByStatus: {}, waiting: 0, idleCouriers: 0, staleCouriers: 0 },
        ...more,
      },
      NOW_MS,
    ),
    [{ restaurantId: "rst_2", name: "Alba", ...STREET }],
    NOW_MS,
  );
const courier: Omit<TownCourier, "state"> = {
  ...{
    courierId: "crr_1",
    name: "Ana",
    vehicle: "bicycle",
    location: STREET,
    locationAt: AT,
    tripId: "trp_1",
  },
};
const trip = (pickedUp: boolean) => ({
  ...{ tripId: "trp_1", courierId: "crr_1", restaurantId: "rst_1", pickup: KITCHEN },
  stops: [{ orderId: "one", location: DOOR, pickedUp }],
});

describe("the scene", () => {
  test("has every restaurant, with the orders whose food is not out", () => {
    const orders = [anOrder("one"), anOrder("two"), anOrder("three", { status: "out_for_delivery" })];
    const { kitchens } = sceneWith({ orders });
    expect(kitchens.map(({ name, queue }) => [name, queue])).toEqual([
      ["Alba", 0],
      ["Forno", 2],
    ]);
  });

  test("tells doors apart that wait for a courier, are late, or are served", () => {
    const orders = [
      anOrder("waits", { assignBy: later(5) }),
      anOrder("late", { estimatedDeliveryAt: later(-1), assignBy: later(5) }),
      anOrder("cooking"),
      anOrder("out", { status: "out_for_delivery" }),
    ];
    expect(sceneWith({ orders }).doors.map(({ state }) => state)).toEqual([
      "waiting",
      "late",
      "cooking",
      "out",
    ]);
  });

  test("shows a trip as the way to the restaurant and on, and after the pickup from the courier to the doors", () => {
    const before = sceneWith({ couriers: [{ ...courier, state: "to_restaurant" }], trips: [trip(false)] });
    expect(before.legs.map(({ kind, spots }) => [kind, spots])).toEqual([
      ["to_restaurant", [STREET, KITCHEN]],
      ["to_door", [KITCHEN, DOOR]],
    ]);
    expect(before.couriers[0]).toMatchObject({ name: "Ana", state: "to_restaurant", orderId: "one" });
    const after = sceneWith({ couriers: [{ ...courier, state: "to_door" }], trips: [trip(true)] });
    expect(after.legs.map(({ kind, spots }) => [kind, spots])).toEqual([["to_door", [STREET, DOOR]]]);
  });
});

test("the corners hold everything, and never come closer", () => {
  const wide = cornersOf(sceneWith({ orders: [anOrder("one")] }), undefined);
  expect(wide).toEqual([
    { lat: 49, lng: 12 },
    { lat: 49.02, lng: 12.03 },
  ]);
  expect(cornersOf(sceneWith({}), wide)).toEqual(wide);
  const nothing = { kitchens: [], couriers: [], doors: [], legs: [] };
  expect(cornersOf(nothing, undefined)).toBeUndefined();
});
