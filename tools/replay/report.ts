// The results of a day, computed from its records.
import type { OrderStatus } from "@food/shared/contracts/order";
import type { Traffic } from "./api.ts";
import { type Book, type CourierRecord, isOpen, type OrderRecord } from "./book.ts";

export interface Distribution {
  count: number;
  mean: number;
  p50: number;
  p90: number;
}

/** Interpolates linearly between the two nearest ranks (Hyndman and Fan 1996, type 7). */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? Number.NaN;
  const above = sorted[Math.ceil(rank)] ?? Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** Undefined without values. */
export function distributionOf(values: number[]): Distribution | undefined {
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { count: values.length, mean, p50: percentile(values, 0.5), p90: percentile(values, 0.9) };
}

export interface Account {
  orders: number;
  placed: number;
  delivered: number;
  /** By reason. */
  cancelled: Map<string, number>;
  rejected: Map<string, number>;
  failed: Map<string, number>;
  /** Placed, and without a final status. */
  open: OrderRecord[];
  /** Refused by the platform. */
  refused: OrderRecord[];
  /** Not yet due, or without an answer. */
  notPlaced: OrderRecord[];
}

export const countOf = (counts: Map<unknown, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

function byReason(records: OrderRecord[], status: OrderStatus): Map<string, number> {
  const counts = new Map<string, number>();
  for (const record of records) {
    const reason = record.reason ?? "no reason given";
    if (record.status === status) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

/** Sorts the orders by outcome. Every order is in exactly one group. */
export function accountFor(records: OrderRecord[]): Account {
  return {
    orders: records.length,
    placed: records.filter(({ orderId }) => orderId !== undefined).length,
    delivered: records.filter(({ status }) => status === "delivered").length,
    cancelled: byReason(records, "cancelled"),
    rejected: byReason(records, "rejected"),
    failed: byReason(records, "delivery_failed"),
    open: records.filter(isOpen),
    refused: records.filter(({ refusal }) => refusal !== undefined),
    notPlaced: records.filter(({ orderId, refusal }) => orderId === undefined && refusal === undefined),
  };
}

/** One line for each kind of order without an end. */
export function missingOrders({ open, refused, notPlaced }: Account): string[] {
  const strangers = open.filter(({ stranger }) => stranger !== undefined);
  const line = (what: string, records: OrderRecord[], note: (record: OrderRecord) => string) => {
    const names = records.map((record) => `${record.order.id} (${note(record)})`).join(", ");
    return records.length === 0 ? [] : [`${what}: ${names}`];
  };
  return [
    ...line("without a final status", open, ({ orderId, status }) => `${orderId}, ${status}`),
    ...line("with a courier who is not of this replay", strangers, ({ stranger }) => stranger ?? ""),
    ...line("refused by the platform", refused, ({ refusal }) => refusal ?? ""),
    ...line("never placed", notPlaced, ({ order }) => `due at ${order.placementMinute}`),
  ];
}

export interface Utilisation {
  couriers: number;
  busyMinutes: number;
  onDutyMinutes: number;
}

/** The sums over all couriers who came on duty. For unfinished shifts, until `nowMinute`. */
export function utilisationOf(couriers: CourierRecord[], nowMinute: number): Utilisation {
  const total = { couriers: 0, busyMinutes: 0, onDutyMinutes: 0 };
  for (const { onMinute, offMinute, busySinceMinute, busyMinutes } of couriers) {
    if (onMinute === undefined) continue;
    total.couriers++;
    total.onDutyMinutes += (offMinute ?? nowMinute) - onMinute;
    total.busyMinutes += busyMinutes + (busySinceMinute === undefined ? 0 : nowMinute - busySinceMinute);
  }
  return total;
}

type Moment = "placedMinute" | "readyMinute" | "assignedMinute" | "pickedUpMinute" | "deliveredMinute";

/** The minutes between two moments, for all orders that have both. */
export function minutesBetween(records: OrderRecord[], from: Moment, to: Moment): number[] {
  return records.flatMap((record) => {
    const start = record[from];
    const end = record[to];
    return start === undefined || end === undefined ? [] : [end - start];
  });
}

const NAME_WIDTH = 28;
const row = (name: string, value: string) => `${name.padEnd(NAME_WIDTH)}${value}`;
const rowsByKind = (counts: Map<string, number>) =>
  [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `    ${String(count).padStart(6)}  ${kind}`);

function distributionRow(name: string, values: number[]): string {
  const found = distributionOf(values);
  if (!found) return row(name, "-");
  const [mean, p50, p90] = [found.mean, found.p50, found.p90].map((minutes) =>
    minutes.toFixed(1).padStart(6),
  );
  return row(name, `mean ${mean}   p50 ${p50}   p90 ${p90}   minutes`);
}

const countRow = (name: string, count: number) => row(name, String(count).padStart(6));
const reasonRows = (name: string, counts: Map<string, number>) => [
  countRow(`  ${name}`, countOf(counts)),
  ...rowsByKind(counts),
];

/** The target from placing to the door. */
const TARGET_MINUTES = 40;

const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "-");

/** The number of trips by the number of orders that left the restaurant together. */
export function tripSizes(records: OrderRecord[]): Map<number, number> {
  const trips = Map.groupBy(
    records.filter(({ trip }) => trip !== undefined),
    ({ trip }) => trip,
  );
  const bySize = Map.groupBy(trips.values(), (orders) => orders.length);
  const counts = [...bySize].map(([size, of]) => [size, of.length] as const);
  return new Map(counts.toSorted(([a], [b]) => a - b));
}

function tripRows(records: OrderRecord[]): string[] {
  const sizes = tripSizes(records);
  const withOrders = (size: number) => `  with ${size} ${size === 1 ? "order" : "orders"}`;
  return [
    countRow("trips", countOf(sizes)),
    ...[...sizes].map(([size, count]) => countRow(withOrders(size), count)),
  ];
}

/** The table's rows about orders, times and couriers. */
export function rowsOfDay({ orders, couriers }: Book, nowMinute: number): string[] {
  const account = accountFor(orders);
  const delivered = orders.filter(({ status }) => status === "delivered");
  const { couriers: onDuty, busyMinutes, onDutyMinutes } = utilisationOf(couriers, nowMinute);
  const clickToDoor = minutesBetween(delivered, "placedMinute", "deliveredMinute");
  const late = clickToDoor.filter((minutes) => minutes > TARGET_MINUTES).length;
  const perHour = onDutyMinutes > 0 ? ((60 * delivered.length) / onDutyMinutes).toFixed(2) : "-";
  const declined = couriers.reduce((sum, courier) => sum + courier.declined, 0);
  return [
    countRow("orders placed", account.placed),
    countRow("  delivered", account.delivered),
    ...reasonRows("cancelled", account.cancelled),
    ...reasonRows("rejected", account.rejected),
    ...reasonRows("failed", account.failed),
    countRow("  open", account.open.length),
    countRow("orders not placed", account.refused.length + account.notPlaced.length),
    distributionRow("click-to-door", clickToDoor),
    row(`over ${TARGET_MINUTES} minutes`, `${String(late).padStart(6)}   ${percent(late, delivered.length)}`),
    distributionRow("ready-to-pickup", minutesBetween(delivered, "readyMinute", "pickedUpMinute")),
    distributionRow("click-to-assignment", minutesBetween(delivered, "placedMinute", "assignedMinute")),
    row(
      "courier utilisation",
      `${percent(busyMinutes, onDutyMinutes)}   ${busyMinutes.toFixed(0)} of ${onDutyMinutes.toFixed(0)} minutes, ${onDuty} couriers`,
    ),
    row("orders per courier hour", perHour.padStart(6)),
    ...tripRows(orders),
    countRow("assignments declined", declined),
  ];
}

/** The table at the end of the day. */
export function tableOf(book: Book, traffic: Traffic, nowMinute: number): string {
  const lines = [
    ...rowsOfDay(book, nowMinute),
    countRow("API calls", traffic.calls),
    countRow("  retried", countOf(traffic.retries)),
    ...rowsByKind(traffic.retries),
    countRow("  errors", traffic.errorCount),
    ...rowsByKind(traffic.errors),
  ];
  return `${lines.join("\n")}\n`;
}

/** Advice when the platform runs with a lower DAY_SPEED than the replay; otherwise undefined. */
export function slownessOf({ daySpeed }: Book, speed: number): string | undefined {
  // The estimate includes the duration of a call, so allow a factor of two.
  if (daySpeed === undefined || daySpeed > speed / 2) return undefined;
  return (
    `The replay runs ${speed} times faster than real time, but the platform does not: it plans food and couriers too late.\n` +
    `Start the platform with DAY_SPEED=${Math.round(speed)}.\n`
  );
}

const COLUMNS = [
  "order",
  "restaurant",
  "courier",
  "placed",
  "ready",
  "assigned",
  "picked_up",
  "delivered",
  "status",
];
const cell = (minute: number | undefined) => (minute === undefined ? "" : minute.toFixed(2));

/** One line for each order, in the sequence of the instance. A missing time is an empty cell. */
export function tsvOf(records: OrderRecord[]): string {
  const lines = records.map((record) =>
    [
      record.order.id,
      record.order.restaurant,
      record.courier ?? "",
      cell(record.placedMinute),
      cell(record.readyMinute),
      cell(record.assignedMinute),
      cell(record.pickedUpMinute),
      cell(record.deliveredMinute),
      record.status ?? (record.refusal === undefined ? "not_placed" : "refused"),
    ].join("\t"),
  );
  return `${[COLUMNS.join("\t"), ...lines].join("\n")}\n`;
}
