import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type FileName, InstanceError, parseInstance, partOfDay, readInstance } from "./instance.ts";
import { smallDay } from "./small-day.builder.ts";

const withFile = (file: FileName, change: (text: string) => string) => {
  const day = smallDay();
  return { ...day, [file]: change(day[file]) };
};
const faultOf = (texts: Record<FileName, string>) => {
  try {
    parseInstance(texts);
  } catch (error) {
    if (error instanceof InstanceError) return error.message;
    throw error;
  }
  return "no fault";
};

describe("an instance", () => {
  test("is parsed completely", () => {
    const instance = parseInstance(smallDay());
    expect(instance).toMatchObject({
      metersPerMinute: 300,
      pickupServiceMinutes: 4,
      dropoffServiceMinutes: 4,
    });
    expect(instance.restaurants).toEqual([
      { id: "r1", spot: { x: 0, y: 0 } },
      { id: "r2", spot: { x: 1000, y: 1000 } },
    ]);
    expect(instance.orders[1]).toEqual({
      id: "o2",
      spot: { x: 0, y: 1500 },
      restaurant: "r2",
      placementMinute: 20,
      readyMinute: 30,
    });
    expect(instance.couriers[1]).toEqual({
      id: "c2",
      spot: { x: 900, y: 900 },
      onMinute: 5,
      offMinute: 300,
    });
  });

  test("is read with columns in any order, carriage returns and a final empty line", () => {
    const texts = withFile("restaurants.txt", () => "y\trestaurant\tx\r\n7\tr1\t5\r\n8\tr2\t6\r\n\r\n");
    expect(parseInstance(texts).restaurants[0]).toEqual({ id: "r1", spot: { x: 5, y: 7 } });
  });

  const FAULTS: [string, Record<FileName, string>, string][] = [
    [
      "a missing column",
      withFile("couriers.txt", (text) => text.replace("off_time", "end")),
      "couriers.txt:1: expected a tab-separated header with off_time",
    ],
    [
      "a word for a number",
      withFile("orders.txt", (text) => text.replace("\t20\t", "\tnoon\t")),
      'orders.txt:3: expected a number for placement_time, not "noon"',
    ],
    [
      "an empty cell",
      withFile("restaurants.txt", (text) => text.replace("r2", "")),
      "restaurants.txt:3: expected a value for restaurant",
    ],
    [
      "a line that is too short",
      withFile("couriers.txt", (text) => text.replace("c2\t900\t900\t5\t300", "c2\t900")),
      "couriers.txt:3: expected 5 tab-separated values, not 2",
    ],
    [
      "an unknown restaurant",
      withFile("orders.txt", (text) => text.replace("\tr2\t", "\tr9\t")),
      "orders.txt:3: expected a restaurant of restaurants.txt, not r9",
    ],
    [
      "the same id twice",
      withFile("orders.txt", (text) => text.replace("o3", "o1")),
      "orders.txt:4: expected an id of its own, not o1 again",
    ],
    [
      "food that is ready before it is ordered",
      withFile("orders.txt", (text) => text.replace("\t45\n", "\t29\n")),
      "orders.txt:4: expected a ready_time at or after placement_time",
    ],
    [
      "a shift that ends before it begins",
      withFile("couriers.txt", (text) => text.replace("\t5\t300", "\t5\t4")),
      "couriers.txt:3: expected an off_time at or after on_time",
    ],
    [
      "a negative time",
      withFile("couriers.txt", (text) => text.replace("\t5\t300", "\t-5\t300")),
      "couriers.txt:3: expected at least 0 for on_time, not -5",
    ],
    [
      "no speed",
      withFile("instance_parameters.txt", (text) => text.replace("300", "0")),
      "instance_parameters.txt:2: expected more than 0 for meters_per_minute",
    ],
    [
      "no parameters",
      withFile("instance_parameters.txt", (text) => `${text.split("\n")[0]}\n`),
      "instance_parameters.txt:2: expected a line of parameters",
    ],
    [
      "no orders",
      withFile("orders.txt", (text) => `${text.split("\n")[0]}\n`),
      "orders.txt:2: expected at least one order",
    ],
    [
      "an empty file",
      withFile("restaurants.txt", () => ""),
      "restaurants.txt:1: expected a tab-separated header",
    ],
  ];
  for (const [name, texts, message] of FAULTS)
    test(`with ${name}, is refused with file and line`, () => expect(faultOf(texts)).toStartWith(message));

  test("with a missing file, is refused with the file's name", async () => {
    const folder = join(import.meta.dir, "no-such-folder");
    await expect(readInstance(folder)).rejects.toThrow(
      `${join(folder, "restaurants.txt")}: expected a readable file`,
    );
  });
});

describe("part of a day", () => {
  test("contains its orders, their restaurants, and the couriers on duty until the patience ends", () => {
    const couriers =
      "courier\tx\ty\ton_time\toff_time\n" +
      "early\t0\t0\t0\t15\nover\t0\t0\t0\t16\nlate\t0\t0\t79\t99\nafter\t0\t0\t80\t99\nnever\t0\t0\t20\t20\n";
    const day = parseInstance({ ...smallDay(), "couriers.txt": couriers });
    const part = partOfDay(day, { fromMinute: 15, toMinute: 30, patienceMinutes: 60 });
    expect(part.orders.map(({ id }) => id)).toEqual(["o2"]);
    expect(part.restaurants.map(({ id }) => id)).toEqual(["r2"]);
    expect(part.couriers.map(({ id }) => id)).toEqual(["over", "late"]);
  });
});
