// The table of the replay, and what trips have been worth.
import { countRow, minutesBetween, row, rowsOfDay, utilisationOf } from "../replay/report.ts";
import type { PlayedDay } from "./play.ts";

/** From placing to the door. */
const TARGET_MINUTES = 40;

/** How many trips had how many orders. */
export function bundleSizes({ couriers }: Pick<PlayedDay, "couriers">): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const { orders } of couriers.flatMap(({ done }) => done))
    sizes.set(orders.length, (sizes.get(orders.length) ?? 0) + 1);
  return new Map([...sizes].toSorted(([a], [b]) => a - b));
}

const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "-");

export function tableOf(day: PlayedDay): string {
  const { book, endMinute } = day;
  const delivered = book.orders.filter(({ status }) => status === "delivered");
  const clickToDoor = minutesBetween(delivered, "placedMinute", "deliveredMinute");
  const over = clickToDoor.filter((minutes) => minutes > TARGET_MINUTES).length;
  const { onDutyMinutes } = utilisationOf(book.couriers, endMinute);
  const perHour = onDutyMinutes > 0 ? ((60 * delivered.length) / onDutyMinutes).toFixed(2) : "-";
  const sizes = [...bundleSizes(day)];
  return `${[
    ...rowsOfDay(book, endMinute),
    row(`over ${TARGET_MINUTES} minutes`, `${String(over).padStart(6)}   ${percent(over, delivered.length)}`),
    row("orders per courier hour", perHour.padStart(6)),
    countRow(
      "trips",
      sizes.reduce((sum, [, count]) => sum + count, 0),
    ),
    ...sizes.map(([size, count]) => countRow(`  with ${size} ${size === 1 ? "order" : "orders"}`, count)),
  ].join("\n")}\n`;
}
