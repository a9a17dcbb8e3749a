// Small problems on a plane. Couriers travel 300 metres a minute. A stop takes two minutes before the food changes hands and
// two after.
import fc from "fast-check";
import type { PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { WEIGHTS } from "./settings.ts";

export interface Point {
  x: number;
  y: number;
}

export const MINUTE = 60_000;
export const NOW = 1_000 * MINUTE;

export const terms = (change: Partial<Terms<Point>> = {}): Terms<Point> => ({
  distanceMeters: (from, to) => Math.hypot(to.x - from.x, to.y - from.y),
  travelMs: (meters, vehicle) => Math.ceil(meters / (vehicle === "foot" ? 75 : 300)) * MINUTE,
  reachMeters: 10_000,
  pickupMs: { before: 2 * MINUTE, after: 2 * MINUTE },
  dropoffMs: { before: 2 * MINUTE, after: 2 * MINUTE },
  roundMs: MINUTE,
  weights: WEIGHTS,
  ...change,
});

/** Placed and ready now, from the origin to one kilometre north. */
export const anOrder = (orderId: string, change: Partial<PlannedOrder<Point>> = {}): PlannedOrder<Point> => ({
  orderId,
  restaurantId: "r1",
  pickup: { x: 0, y: 0 },
  dropoff: { x: 0, y: 1_000 },
  placedAt: NOW,
  readyAt: NOW,
  ...change,
});

/** Free now, at the origin, on duty for five hours. */
export const aCourier = (
  courierId: string,
  change: Partial<PlannedCourier<Point>> = {},
): PlannedCourier<Point> => ({
  courierId,
  place: { x: 0, y: 0 },
  freeAt: NOW,
  vehicle: "bicycle",
  capacity: 3,
  offAt: NOW + 300 * MINUTE,
  ...change,
});

const point = fc.record({ x: fc.integer({ min: 0, max: 6_000 }), y: fc.integer({ min: 0, max: 6_000 }) });
const minutesFromNow = (min: number, max: number) =>
  fc.integer({ min, max }).map((minutes) => NOW + minutes * MINUTE);

const order = (pickups: Point[], courierIds: string[]) =>
  fc
    .record({
      restaurant: fc.nat(pickups.length - 1),
      dropoff: point,
      placedAt: minutesFromNow(-40, 0),
      readyAt: minutesFromNow(-10, 30),
      declinedBy: fc.subarray(courierIds, { maxLength: Math.min(2, courierIds.length) }),
    })
    .map(({ restaurant, ...rest }) => ({
      ...rest,
      restaurantId: `r${restaurant}`,
      pickup: pickups[restaurant] ?? { x: 0, y: 0 },
    }));

/** Random orders and couriers. Some couriers have an open trip. */
export function anyProblem(size: { orders: number; couriers: number }) {
  return fc
    .record({
      pickups: fc.array(point, { minLength: 1, maxLength: 4 }),
      courierCount: fc.integer({ min: 0, max: size.couriers }),
    })
    .chain(({ pickups, courierCount }) => {
      const courierIds = Array.from({ length: courierCount }, (_, i) => `c${i}`);
      const oneOrder = order(pickups, courierIds);
      const courier = fc.record({
        place: point,
        freeAt: minutesFromNow(-30, 30),
        vehicle: fc.constantFrom("bicycle", "foot"),
        capacity: fc.integer({ min: 1, max: 4 }),
        offAt: minutesFromNow(0, 90),
        open: fc.option(fc.record({ arrivesAt: minutesFromNow(-5, 10), order: oneOrder }), { freq: 4 }),
      });
      return fc.record({
        orders: fc
          .array(oneOrder, { maxLength: size.orders })
          .map((all) => all.map((one, i) => ({ ...one, orderId: `o${i}` }))),
        couriers: fc.tuple(...courierIds.map(() => courier)).map((all) =>
          all.map(
            ({ open, ...rest }, i): PlannedCourier<Point> => ({
              ...rest,
              courierId: `c${i}`,
              ...(open && {
                openTrip: {
                  restaurantId: open.order.restaurantId,
                  arrivesAt: open.arrivesAt,
                  orders: [{ ...open.order, orderId: `t${i}` }],
                },
              }),
            }),
          ),
        ),
      });
    });
}
