// Writes a day as the three files that the published evaluator of the instances reads (grubhub/mdrplib,
// MDRP_code/compute_performance_summary.py): separated by blanks, with one header line.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PlayedDay } from "./play.ts";

export type SolutionFile =
  | "solution_info_assignments.txt"
  | "solution_info_orders.txt"
  | "solution_info_couriers.txt";

const linesOf = (header: string, rows: (string | number)[][]) =>
  `${[header, ...rows.map((cells) => cells.join(" "))].join("\n")}\n`;

/** A bundle is assigned when its last order is assigned. A missing time is `NaN`. */
export function solutionOf({ book, couriers }: PlayedDay): Record<SolutionFile, string> {
  const trips = couriers.flatMap(({ record, done }) =>
    done.map(({ orders, pickedUpMinute = 0 }) => ({
      assignedMinute: Math.max(...orders.map((order) => order.record.assignedMinute ?? 0)),
      pickedUpMinute,
      courier: record.courier.id,
      orderIds: orders.map((order) => order.record.order.id),
    })),
  );
  return {
    "solution_info_assignments.txt": linesOf(
      "assignment_time pickup_time courier bundle",
      trips
        .toSorted((a, b) => a.assignedMinute - b.assignedMinute)
        .map(({ assignedMinute, pickedUpMinute, courier, orderIds }) => [
          ...[assignedMinute, pickedUpMinute, courier],
          ...orderIds,
        ]),
    ),
    "solution_info_orders.txt": linesOf(
      "order placement_time restaurant ready_time pickup_time dropoff_time courier",
      book.orders.map(({ order, pickedUpMinute, deliveredMinute, courier }) => [
        ...[order.id, order.placementMinute, order.restaurant, order.readyMinute],
        ...[pickedUpMinute ?? "NaN", deliveredMinute ?? "NaN", courier ?? "NaN"],
      ]),
    ),
    "solution_info_couriers.txt": linesOf(
      "courier departure_time origin destination",
      couriers.flatMap(({ record, moves }) =>
        moves.map(({ departureMinute, from, to }) => [record.courier.id, departureMinute, from, to]),
      ),
    ),
  };
}

export async function writeSolution(folder: string, day: PlayedDay) {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(solutionOf(day))) await Bun.write(join(folder, file), text);
}
