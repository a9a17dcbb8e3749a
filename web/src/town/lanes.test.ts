import { describe, expect, test } from "bun:test";
import type { TownCourier, TownOrder, TownTrip } from "../api/bodies.ts";
import { axisAt, laneOf, lanesOf, shareOf } from "./lanes.ts";
import { stateOf } from "./town-state.ts";

const NOW_MS = Date.parse("2026-11-29T18:00:10.000Z");
const inMinutes = (minutes: number) => new Date(NOW_MS + minutes * 60_000).toISOString();
const HERE = { lat: 49, lng: 12 };

const anOrder = (orderId: string, dueMinutes: number, more: Partial<TownOrder> = {}): TownOrder => ({
  ...{ orderId, version: 1, status: "preparing", since: inMinutes(-3), placedAt: inMinutes(-9) },
  ...{ restaurantId: "rst_1", restaurantName: "Forno", pickup: HERE, dropoff: HERE },
  ...{ readyAt: inMinutes(4), estimatedDeliveryAt: inMinutes(dueMinutes) },
  ...more,
});
const aCourier = (name: string, tripId?: string): TownCourier => ({
  ...{ courierId: name, name, vehicle: "bicycle", state: "idle", location: HERE, locationAt: inMinutes(0) },
  ...(tripId && { tripId }),
});
const aTrip = (tripId: string, courierId: string, orderIds: string[], pickedUp = false): TownTrip => ({
  ...{ tripId, courierId, restaurantId: "rst_1", pickup: HERE },
  stops: orderIds.map((orderId) => ({ orderId, location: HERE, pickedUp })),
});
const aState = (couriers: TownCourier[], trips: TownTrip[], orders: TownOrder[]) =>
  stateOf(
    {
      ...{ sequence: 1, at: inMinutes(0), ordersAt: inMinutes(0), isComplete: true, couriers, trips, orders },
      figures: { ordersByStatus: {}, waiting: 0, idleCouriers: 0, staleCouriers: 0 },
    },
    NOW_MS,
  );

describe("the axis", () => {
  test("moves on every 30 seconds, and holds now", () => {
    expect(axisAt(NOW_MS)).toEqual(axisAt(NOW_MS + 19_000));
    expect(axisAt(NOW_MS + 20_000).startMs).toBe(axisAt(NOW_MS).startMs + 30_000);
  });
  test("puts what lies outside at its end", () => {
    const axis = { startMs: 100, endMs: 200 };
    expect([50, 100, 150, 999].map((at) => shareOf(axis, at))).toEqual([0, 0, 0.5, 1]);
  });
});

describe("a lane", () => {
  test("has the pickup when the last food is ready, then the doors in the trip's sequence", () => {
    const orders = [anOrder("b", 20, { readyAt: inMinutes(6) }), anOrder("a", 12)];
    const courier = aCourier("ana", "t1");
    const lane = laneOf(courier, aState([courier], [aTrip("t1", "ana", ["a", "b"])], orders), NOW_MS);
    expect(lane.orders.map(({ orderId }) => orderId)).toEqual(["a", "b"]);
    expect(lane.stops.map(({ kind, atMs }) => [kind, (atMs - NOW_MS) / 60_000])).toEqual([
      ["pickup", 6],
      ["door", 12],
      ["door", 20],
    ]);
  });

  test("has a pickup that is done since the order is on the way, and a late door", () => {
    const courier = aCourier("ana", "t1");
    const order = anOrder("a", -1, { status: "out_for_delivery" });
    const { stops } = laneOf(courier, aState([courier], [aTrip("t1", "ana", ["a"], true)], [order]), NOW_MS);
    expect(stops).toEqual([
      { kind: "pickup", atMs: NOW_MS - 180_000, isDone: true, isLate: false },
      { kind: "door", atMs: NOW_MS - 60_000, isDone: false, isLate: true },
    ]);
  });

  test("is empty without a trip, and while the trip is not known yet", () => {
    for (const courier of [aCourier("ana"), aCourier("ben", "t9")])
      expect(laneOf(courier, aState([courier], [], []), NOW_MS).stops).toEqual([]);
  });
});

test("lanes: trips first, the earliest door at the top, then by name", () => {
  const couriers = [aCourier("zoe"), aCourier("ana"), aCourier("kim", "t1"), aCourier("lou", "t2")];
  const trips = [aTrip("t1", "kim", ["late"]), aTrip("t2", "lou", ["soon"])];
  const state = aState(couriers, trips, [anOrder("late", 30), anOrder("soon", 10)]);
  expect(lanesOf(state, NOW_MS).map(({ courier }) => courier.name)).toEqual(["lou", "kim", "ana", "zoe"]);
});
