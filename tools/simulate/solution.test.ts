import { expect, test } from "bun:test";
import { parseInstance } from "../day/instance.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { playDay } from "./play.ts";
import { solutionOf } from "./solution.ts";

const ORDERS = "order\tx\ty\tplacement_time\trestaurant\tready_time\n";

test("the solution lists assignments, courier moves and orders in the columns of the published evaluator", () => {
  const instance = parseInstance({
    ...smallDay(),
    "orders.txt": `${ORDERS}o1\t1500\t0\t10\tr1\t25\no2\t0\t100\t20\tr2\t301\n`,
    "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t100\t0\t0\t300\n",
  });
  const day = playDay(instance, {
    ...{ policy: "batch", capacity: 3, noiseSd: 0, seed: 1, history: 0, learning: true },
  });
  expect(solutionOf(day)).toEqual({
    "solution_info_assignments.txt": "assignment_time pickup_time courier bundle\n10 25 c1 o1\n",
    "solution_info_orders.txt":
      "order placement_time restaurant ready_time pickup_time dropoff_time courier\n" +
      "o1 10 r1 25 25 34 c1\no2 20 r2 301 NaN NaN NaN\n",
    "solution_info_couriers.txt": "courier departure_time origin destination\nc1 10 c1 r1\nc1 27 r1 o1\n",
  });
});
