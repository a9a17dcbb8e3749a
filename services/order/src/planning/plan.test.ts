import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { planNearest } from "./nearest.ts";
import { plan, planInSteps } from "./plan.ts";
import { aCourier, anOrder, anyProblem, MINUTE, NOW, type Point, terms } from "./problem.builder.ts";
import type { Plan, PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { WEIGHTS } from "./settings.ts";

setDefaultTimeout(180_000);

const check = (
  holds: (orders: PlannedOrder<Point>[], couriers: PlannedCourier<Point>[], made: Plan) => void,
) =>
  fc.assert(
    fc.property(anyProblem({ orders: 14, couriers: 8 }), ({ orders, couriers }) => {
      holds(orders, couriers, plan(orders, couriers, NOW, terms()));
    }),
    { numRuns: 150 },
  );

const courierOf = (couriers: PlannedCourier<Point>[], courierId: string) => {
  const found = couriers.find((courier) => courier.courierId === courierId);
  if (!found) throw new Error(`No courier ${courierId}`);
  return found;
};

describe("any plan", () => {
  test("contains each waiting order exactly once, assigned or held", () => {
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
      { numRuns: 150 },
    );
  });

  test("keeps every order of an open trip", () => {
    check((_orders, couriers, { assign }) => {
      for (const { courierId, orderIds } of assign)
        for (const { orderId } of courierOf(couriers, courierId).openTrip?.orders ?? [])
          expect(orderIds).toContain(orderId);
    });
  });

  test("costs no more than the nearest free couriers", () => {
    check((orders, couriers, { costMs }) => {
      expect(costMs).toBeLessThanOrEqual(planNearest(orders, couriers, NOW, terms()).costMs + 1);
    });
  });

  test("is the same for the same input", () => {
    check((orders, couriers, made) => {
      expect(plan(structuredClone(orders), structuredClone(couriers), NOW, terms())).toEqual(made);
    });
  });
});

/** One courier is not plenty for one order. */
const SCARCE = { plenty: 2 };

describe("a plan", () => {
  const planFor = (
    orders: PlannedOrder<Point>[],
    couriers: PlannedCourier<Point>[],
    weights: Partial<Terms<Point>["weights"]> = {},
  ) => plan(orders, couriers, NOW, terms({ weights: { ...WEIGHTS, ...weights } }));
  const inMinutes = (minutes: number) => NOW + minutes * MINUTE;

  test("when the courier must leave now, assigns the order and returns the reason", () => {
    const courier = aCourier("c1", { place: { x: 3_000, y: 0 } });
    const { assign, hold } = planFor([anOrder("o1", { readyAt: inMinutes(12) })], [courier]);
    expect(hold).toEqual([]);
    expect(assign).toEqual([
      {
        courierId: "c1",
        orderIds: ["o1"],
        newOrderIds: ["o1"],
        joinsOpenTrip: false,
        arrivesAt: inMinutes(10),
        doorAt: [inMinutes(12 + 2 + 4 + 2)],
        why: {
          distanceMeters: 3_000,
          pickupAt: inMinutes(12),
          courierWaitMs: 0,
          foodWaitMs: 0,
          bundleSize: 1,
          alternatives: 0,
        },
      },
    ]);
  });

  test("where couriers are scarce, holds an order until its courier must leave", () => {
    const order = anOrder("o1", { readyAt: inMinutes(30) });
    expect(planFor([order], [aCourier("c1")], SCARCE)).toMatchObject({
      assign: [],
      hold: [{ orderId: "o1", why: "not_yet", courierId: "c1", lookAgainAt: inMinutes(28) }],
    });
  });

  test("when the ready time is uncertain, assigns early enough for the earliest ready time", () => {
    const order = anOrder("o1", { readyAt: inMinutes(30), readyEarlyAt: inMinutes(2) });
    expect(planFor([order], [aCourier("c1")], SCARCE).assign).toMatchObject([{ courierId: "c1" }]);
  });

  test("when couriers are plenty, assigns at once", () => {
    const order = anOrder("o1", { readyAt: inMinutes(30) });
    const couriers = ["c1", "c2"].map((id) => aCourier(id));
    expect(planFor([order], couriers, { plenty: 3 }).assign).toEqual([]);
    expect(planFor([order], couriers, { plenty: 2 }).assign).toHaveLength(1);
  });

  test("holds an order for a busy courier who arrives sooner than a free one", () => {
    const free = aCourier("far", { place: { x: 6_000, y: 0 } });
    const busy = aCourier("near", { freeAt: inMinutes(3) });
    expect(planFor([anOrder("o1")], [free, busy])).toMatchObject({
      assign: [],
      hold: [{ why: "courier_busy", courierId: "near", lookAgainAt: inMinutes(3) }],
    });
  });

  test("with one courier, bundles two orders of one restaurant, the nearer door first", () => {
    const orders = [anOrder("far", { dropoff: { x: 0, y: 1_300 } }), anOrder("near")];
    expect(planFor(orders, [aCourier("c1")]).assign).toMatchObject([{ orderIds: ["near", "far"] }]);
  });

  test("bundles no orders when the detour exceeds `detourMaxMs`", () => {
    const orders = [anOrder("north"), anOrder("south", { dropoff: { x: 0, y: -1_000 } })];
    expect(planFor(orders, [aCourier("c1")], { detourMaxMs: 5 * MINUTE }).assign).toMatchObject([
      { why: { bundleSize: 1 } },
    ]);
  });

  test("adds an order to a trip before its pickup", () => {
    const openTrip = { restaurantId: "r1", arrivesAt: inMinutes(2), orders: [anOrder("o1")] };
    const couriers = [aCourier("c1", { openTrip }), aCourier("c2", { place: { x: 9_000, y: 0 } })];
    const joining = anOrder("o2", { dropoff: { x: 0, y: 1_300 } });
    expect(planFor([joining], couriers).assign).toMatchObject([
      { courierId: "c1", orderIds: ["o1", "o2"], newOrderIds: ["o2"], joinsOpenTrip: true },
    ]);
  });

  test("when no courier can take an order, holds it", () => {
    expect(planFor([anOrder("o1", { declinedBy: ["c1"] })], [aCourier("c1")])).toMatchObject({
      assign: [],
      hold: [{ orderId: "o1", why: "no_courier", lookAgainAt: NOW + MINUTE }],
    });
  });

  test("between two couriers at one place, prefers the one who has been idle for longer", () => {
    const couriers = [aCourier("c1"), aCourier("c2", { idleSince: inMinutes(-20) })];
    expect(planFor([anOrder("o1")], couriers).assign).toMatchObject([{ courierId: "c2" }]);
  });

  test("takes the speed of the vehicle into account", () => {
    const couriers = [
      aCourier("foot", { vehicle: "foot", place: { x: 900, y: 0 } }),
      aCourier("bicycle", { place: { x: 1_500, y: 0 } }),
    ];
    expect(planFor([anOrder("o1")], couriers).assign).toMatchObject([{ courierId: "bicycle" }]);
  });

  test("for 300 orders and 200 couriers, takes steps of a few milliseconds", () => {
    const orders = Array.from({ length: 300 }, (_, i) =>
      anOrder(`o${i}`, {
        restaurantId: `r${i % 40}`,
        pickup: { x: ((i % 40) * 733) % 6_000, y: ((i % 40) * 1_361) % 6_000 },
        dropoff: { x: (i * 3_571) % 6_000, y: (i * 2_111) % 6_000 },
        readyAt: inMinutes((i * 7) % 25),
      }),
    );
    const couriers = Array.from({ length: 200 }, (_, i) =>
      aCourier(`c${i}`, {
        place: { x: (i * 1_877) % 6_000, y: (i * 4_003) % 6_000 },
        freeAt: inMinutes((i * 11) % 20),
      }),
    );
    // Each run has the same steps. The shortest of three times leaves out interruptions by other processes.
    const shortestMs: number[] = [];
    for (let run = 0; run < 3; run++) {
      const steps = planInSteps(orders, couriers, NOW, terms());
      for (let step = 0, isDone = false; !isDone; step++) {
        const startedMs = performance.now();
        isDone = steps.next().done === true;
        shortestMs[step] = Math.min(
          shortestMs[step] ?? Number.POSITIVE_INFINITY,
          performance.now() - startedMs,
        );
      }
    }
    // An idle machine needs at most 20 and 100.
    expect(Math.max(...shortestMs)).toBeLessThan(50);
    expect(shortestMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(500);
  });
});
