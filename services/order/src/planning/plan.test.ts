import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { plan } from "./plan.ts";
import { aCourier, anOrder, anyProblem, MINUTE, NOW, type Point, terms } from "./problem.builder.ts";
import type { Plan, PlannedCourier, PlannedOrder } from "./problem.ts";

const check = (
  holds: (orders: PlannedOrder<Point>[], couriers: PlannedCourier<Point>[], made: Plan) => void,
) =>
  fc.assert(
    fc.property(anyProblem({ orders: 14, couriers: 8 }), ({ orders, couriers }) => {
      holds(orders, couriers, plan(orders, couriers, NOW, terms()));
    }),
    { numRuns: 300 },
  );

const courierOf = (couriers: PlannedCourier<Point>[], courierId: string) => {
  const found = couriers.find((courier) => courier.courierId === courierId);
  if (!found) throw new Error(`No courier ${courierId}`);
  return found;
};

describe("any plan", () => {
  test("names each waiting order exactly once, assigned or held", () => {
    check((orders, _couriers, { assign, hold }) => {
      const named = [
        ...assign.flatMap(({ newOrderIds }) => newOrderIds),
        ...hold.map(({ orderId }) => orderId),
      ];
      expect(named.toSorted()).toEqual(orders.map(({ orderId }) => orderId).toSorted());
    });
  });

  test("gives each courier at most one trip, of one restaurant, within capacity", () => {
    check((orders, couriers, { assign }) => {
      expect(new Set(assign.map(({ courierId }) => courierId)).size).toBe(assign.length);
      for (const { courierId, orderIds } of assign) {
        const { capacity, openTrip } = courierOf(couriers, courierId);
        const known = [...orders, ...(openTrip?.orders ?? [])];
        const restaurants = orderIds.map((id) => known.find(({ orderId }) => orderId === id)?.restaurantId);
        expect(new Set(restaurants).size).toBe(1);
        expect(orderIds.length).toBeLessThanOrEqual(capacity);
        expect(new Set(orderIds).size).toBe(orderIds.length);
      }
    });
  });

  test("sends only couriers who are free, within reach, and able to pick up before their shift ends", () => {
    const near = terms({ reachMeters: 2_000 });
    fc.assert(
      fc.property(anyProblem({ orders: 14, couriers: 8 }), ({ orders, couriers }) => {
        for (const { courierId, newOrderIds, joinsOpenTrip, why } of plan(orders, couriers, NOW, near)
          .assign) {
          const courier = courierOf(couriers, courierId);
          expect(joinsOpenTrip).toBe(courier.openTrip !== undefined);
          if (!joinsOpenTrip) expect(courier.freeAt).toBeLessThanOrEqual(NOW);
          if (!joinsOpenTrip) expect(why.distanceMeters).toBeLessThanOrEqual(2_000);
          expect(why.pickupAt).toBeLessThanOrEqual(courier.offAt);
          const declined = orders.filter(({ orderId }) => newOrderIds.includes(orderId));
          for (const { declinedBy } of declined) expect(declinedBy).not.toContain(courierId);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaves every order of an open trip in it", () => {
    check((_orders, couriers, { assign }) => {
      for (const { courierId, orderIds } of assign)
        for (const { orderId } of courierOf(couriers, courierId).openTrip?.orders ?? [])
          expect(orderIds).toContain(orderId);
    });
  });

  test("is the same for the same input", () => {
    check((orders, couriers, made) => {
      expect(plan(structuredClone(orders), structuredClone(couriers), NOW, terms())).toEqual(made);
    });
  });
});

describe("a plan", () => {
  test("sends a courier who has to leave now", () => {
    const courier = aCourier("c1", { place: { x: 3_000, y: 0 } });
    const order = anOrder("o1", { readyAt: NOW + 12 * MINUTE });
    const { assign, hold } = plan([order], [courier], NOW, terms());
    expect(hold).toEqual([]);
    expect(assign).toEqual([
      {
        courierId: "c1",
        orderIds: ["o1"],
        newOrderIds: ["o1"],
        joinsOpenTrip: false,
        arrivesAt: NOW + 10 * MINUTE,
        doorAt: [NOW + (12 + 2 + 4 + 2) * MINUTE],
        why: {
          distanceMeters: 3_000,
          pickupAt: NOW + 12 * MINUTE,
          courierWaitMs: 0,
          foodWaitMs: 0,
          bundleSize: 1,
          alternatives: 0,
        },
      },
    ]);
  });
});
