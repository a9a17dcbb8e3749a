import { describe, expect, test } from "bun:test";
import type { Town, TownCourier, TownOrder, TownTrip } from "../api/bodies.ts";
import { afterChanges, ageOf, isLate, oldFor, stateOf, waitingOrders } from "./town-state.ts";

const AT = "2026-11-29T18:00:00.000Z";
const later = (seconds: number) => new Date(Date.parse(AT) + seconds * 1000).toISOString();
const RECEIVED_MS = 5_000_000;

const anOrder = (orderId: string, more: Partial<TownOrder> = {}): TownOrder => ({
  ...{ orderId, version: 1, status: "pending", since: AT, placedAt: AT },
  ...{ restaurantId: "rst_1", restaurantName: "Forno" },
  ...{ pickup: { lat: 49, lng: 12 }, dropoff: { lat: 49.01, lng: 12 }, estimatedDeliveryAt: later(1800) },
  ...more,
});
const aCourier = (courierId: string, state: TownCourier["state"] = "idle"): TownCourier => ({
  ...{
    courierId,
    name: courierId,
    vehicle: "bicycle",
    state,
    location: { lat: 49, lng: 12 },
    locationAt: AT,
  },
});
const aTrip = (tripId: string): TownTrip => ({
  ...{ tripId, courierId: "ana", restaurantId: "rst_1", pickup: { lat: 49, lng: 12 }, stops: [] },
});
const aTown = (more: Partial<Town> = {}): Town => ({
  ...{ sequence: 7, at: AT, ordersAt: AT, couriersAt: AT, isComplete: true },
  ...{ orders: [anOrder("one"), anOrder("two")], couriers: [aCourier("ana")], trips: [aTrip("t1")] },
  figures: { ordersByStatus: { pending: 2 }, waiting: 0, idleCouriers: 1, staleCouriers: 0 },
  ...more,
});
const times = { sequence: 8, at: later(1), ordersAt: later(1), couriersAt: later(1), isComplete: true };

describe("changes of the town", () => {
  const before = stateOf(aTown(), RECEIVED_MS);

  test("replace items by id, add new ones, and drop those that ended", () => {
    const after = afterChanges(
      before,
      {
        ...times,
        orders: [anOrder("two", { version: 2, status: "accepted" }), anOrder("three")],
        endedOrderIds: ["one"],
        couriers: [aCourier("ben")],
        goneCourierIds: ["ana"],
        endedTripIds: ["t1"],
      },
      RECEIVED_MS + 1000,
    );
    expect([...(after?.orders.keys() ?? [])]).toEqual(["two", "three"]);
    expect(after?.orders.get("two")?.status).toBe("accepted");
    expect([...(after?.couriers.keys() ?? [])]).toEqual(["ben"]);
    expect(after?.trips.size).toBe(0);
    expect(after?.figures).toBe(before.figures);
    expect([after?.sequence, after?.at, after?.receivedAtMs]).toEqual([8, later(1), RECEIVED_MS + 1000]);
  });

  test("keep what has not changed as the same object", () => {
    const after = afterChanges(before, { ...times, orders: [anOrder("three")] }, RECEIVED_MS);
    expect(after?.orders.get("one")).toBe(before.orders.get("one") as TownOrder);
    expect(after?.couriers).toBe(before.couriers);
  });

  test("bring new figures", () => {
    const figures = { ordersByStatus: {}, waiting: 3, idleCouriers: 0, staleCouriers: 0 };
    expect(afterChanges(before, { ...times, figures }, RECEIVED_MS)?.figures).toEqual(figures);
  });

  test.each([7, 9, 1])("need a snapshot when sequence %d comes after 7", (sequence) => {
    expect(afterChanges(before, { ...times, sequence }, RECEIVED_MS)).toBeUndefined();
    expect(afterChanges(undefined, times, RECEIVED_MS)).toBeUndefined();
  });
});

describe("the age of a part", () => {
  test("does not depend on the difference of the two clocks", () => {
    const state = stateOf(aTown({ ordersAt: later(-3) }), RECEIVED_MS);
    expect(ageOf(state, state.ordersAt, RECEIVED_MS)).toBe(3);
    expect(ageOf(state, state.ordersAt, RECEIVED_MS + 2_500)).toBe(5);
    expect(ageOf(state, later(9), RECEIVED_MS)).toBe(0);
  });

  test("when it is more than five seconds, the town is old; the older part counts", () => {
    const live = stateOf(aTown(), RECEIVED_MS);
    expect(oldFor(live, RECEIVED_MS + 5_900)).toBeUndefined();
    expect(oldFor(live, RECEIVED_MS + 6_000)).toBe(6);
    expect(oldFor(stateOf(aTown({ couriersAt: later(-12) }), RECEIVED_MS), RECEIVED_MS)).toBe(12);
  });
});

test("an order is late after its estimate", () => {
  expect([1799, 1801].map((seconds) => isLate(anOrder("one"), Date.parse(later(seconds))))).toEqual([
    false,
    true,
  ]);
});

test("orders without a courier wait, the oldest first", () => {
  const assignBy = later(600);
  const orders = [
    anOrder("young", { assignBy, placedAt: later(9) }),
    anOrder("has a courier"),
    anOrder("old", { assignBy }),
  ];
  expect(waitingOrders(stateOf(aTown({ orders }), 0)).map(({ orderId }) => orderId)).toEqual([
    "old",
    "young",
  ]);
});
