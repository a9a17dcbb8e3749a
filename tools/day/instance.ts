// Reads a day of meal delivery in the format of the public MDRP instances (grubhub/mdrplib): four tab-separated files, with
// positions in metres on a plane and times in minutes from the start of the day.
import { join } from "node:path";
import type { Spot } from "./plane.ts";

export interface InstanceRestaurant {
  id: string;
  spot: Spot;
}

export interface InstanceOrder {
  id: string;
  /** The customer's position. */
  spot: Spot;
  restaurant: string;
  placementMinute: number;
  readyMinute: number;
}

export interface InstanceCourier {
  id: string;
  /** The position at the start of the shift. */
  spot: Spot;
  onMinute: number;
  offMinute: number;
}

export interface Instance {
  restaurants: InstanceRestaurant[];
  orders: InstanceOrder[];
  couriers: InstanceCourier[];
  metersPerMinute: number;
  pickupServiceMinutes: number;
  dropoffServiceMinutes: number;
}

export type FileName = "restaurants.txt" | "orders.txt" | "couriers.txt" | "instance_parameters.txt";

/** A fault of an instance: file, line, and what was expected. */
export class InstanceError extends Error {
  constructor(file: string, line: number | undefined, expected: string) {
    super(`${file}${line === undefined ? "" : `:${line}`}: expected ${expected}`);
    this.name = "InstanceError";
  }
}

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;

/** One line of a file, with its cells by column name. */
class Row {
  constructor(
    private readonly file: FileName,
    readonly line: number,
    private readonly cells: Map<string, string>,
  ) {}

  fault(expected: string): InstanceError {
    return new InstanceError(this.file, this.line, expected);
  }

  text(column: string): string {
    const cell = this.cells.get(column) ?? "";
    if (cell === "") throw this.fault(`a value for ${column}`);
    return cell;
  }

  number(column: string): number {
    const cell = this.text(column);
    if (!DECIMAL.test(cell)) throw this.fault(`a number for ${column}, not ${JSON.stringify(cell)}`);
    return Number(cell);
  }

  /** A number of minutes, at least 0. */
  minutes(column: string): number {
    const value = this.number(column);
    if (value < 0) throw this.fault(`at least 0 for ${column}, not ${value}`);
    return value;
  }

  get spot(): Spot {
    return { x: this.number("x"), y: this.number("y") };
  }
}

function rowsOf(file: FileName, text: string, columns: readonly string[]): Row[] {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? "").split("\t").map((name) => name.trim());
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new InstanceError(file, 1, `a tab-separated header with ${missing.join(", ")}`);
  return lines.slice(1).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const cells = line.split("\t").map((cell) => cell.trim());
    const row = new Row(file, index + 2, new Map(header.map((name, at) => [name, cells[at] ?? ""])));
    if (cells.length !== header.length)
      throw row.fault(`${header.length} tab-separated values, not ${cells.length}`);
    return [row];
  });
}

/** Reads the rows of one file. Their ids must be unique. */
function thingsOf<T extends { id: string }>(rows: Row[], read: (row: Row) => T): T[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const thing = read(row);
    if (seen.has(thing.id)) throw row.fault(`an id of its own, not ${thing.id} again`);
    seen.add(thing.id);
    return thing;
  });
}

function restaurantsOf(text: string): InstanceRestaurant[] {
  const rows = rowsOf("restaurants.txt", text, ["restaurant", "x", "y"]);
  return thingsOf(rows, (row) => ({ id: row.text("restaurant"), spot: row.spot }));
}

function ordersOf(text: string, restaurants: Set<string>): InstanceOrder[] {
  const columns = ["order", "x", "y", "placement_time", "restaurant", "ready_time"];
  return thingsOf(rowsOf("orders.txt", text, columns), (row) => {
    const order = {
      id: row.text("order"),
      spot: row.spot,
      restaurant: row.text("restaurant"),
      placementMinute: row.minutes("placement_time"),
      readyMinute: row.minutes("ready_time"),
    };
    if (!restaurants.has(order.restaurant))
      throw row.fault(`a restaurant of restaurants.txt, not ${order.restaurant}`);
    if (order.readyMinute < order.placementMinute) throw row.fault("a ready_time at or after placement_time");
    return order;
  });
}

function couriersOf(text: string): InstanceCourier[] {
  const rows = rowsOf("couriers.txt", text, ["courier", "x", "y", "on_time", "off_time"]);
  return thingsOf(rows, (row) => {
    const courier = {
      id: row.text("courier"),
      spot: row.spot,
      onMinute: row.minutes("on_time"),
      offMinute: row.minutes("off_time"),
    };
    if (courier.offMinute < courier.onMinute) throw row.fault("an off_time at or after on_time");
    return courier;
  });
}

/** Throws an InstanceError for the first fault. */
export function parseInstance(texts: Record<FileName, string>): Instance {
  const file = "instance_parameters.txt";
  const columns = ["meters_per_minute", "pickup service minutes", "dropoff service minutes"];
  const parameters = rowsOf(file, texts[file], columns)[0];
  if (!parameters) throw new InstanceError(file, 2, "a line of parameters");
  const metersPerMinute = parameters.number("meters_per_minute");
  if (metersPerMinute <= 0) throw parameters.fault("more than 0 for meters_per_minute");

  const restaurants = restaurantsOf(texts["restaurants.txt"]);
  const orders = ordersOf(texts["orders.txt"], new Set(restaurants.map(({ id }) => id)));
  if (orders.length === 0) throw new InstanceError("orders.txt", 2, "at least one order");
  return {
    restaurants,
    orders,
    couriers: couriersOf(texts["couriers.txt"]),
    metersPerMinute,
    pickupServiceMinutes: parameters.minutes("pickup service minutes"),
    dropoffServiceMinutes: parameters.minutes("dropoff service minutes"),
  };
}

async function readText(folder: string, file: FileName): Promise<string> {
  const path = join(folder, file);
  try {
    return await Bun.file(path).text();
  } catch {
    throw new InstanceError(path, undefined, "a readable file");
  }
}

/** Throws InstanceError, also for a missing file. */
export async function readInstance(folder: string): Promise<Instance> {
  return parseInstance({
    "restaurants.txt": await readText(folder, "restaurants.txt"),
    "orders.txt": await readText(folder, "orders.txt"),
    "couriers.txt": await readText(folder, "couriers.txt"),
    "instance_parameters.txt": await readText(folder, "instance_parameters.txt"),
  });
}

/** The orders placed from `fromMinute` (included) to `toMinute` (excluded), their restaurants, and the couriers with a shift
 * between `fromMinute` and `patienceMinutes` after the last placement. */
export function partOfDay(
  instance: Instance,
  {
    fromMinute,
    toMinute,
    patienceMinutes,
  }: { fromMinute: number; toMinute: number; patienceMinutes: number },
): Instance {
  const orders = instance.orders.filter(
    ({ placementMinute }) => placementMinute >= fromMinute && placementMinute < toMinute,
  );
  const needed = new Set(orders.map(({ restaurant }) => restaurant));
  const lastMinute = Math.max(...orders.map(({ placementMinute }) => placementMinute)) + patienceMinutes;
  return {
    ...instance,
    orders: orders.toSorted((a, b) => a.placementMinute - b.placementMinute),
    restaurants: instance.restaurants.filter(({ id }) => needed.has(id)),
    couriers: instance.couriers.filter(
      ({ onMinute, offMinute }) => offMinute > fromMinute && onMinute < lastMinute && offMinute > onMinute,
    ),
  };
}
