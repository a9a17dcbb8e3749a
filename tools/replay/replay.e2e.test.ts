// Replays of a small day on the compiled services, each in its own city.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import { type Platform, startPlatform } from "../../e2e/platform.ts";
import { type FileName, type InstanceOrder, parseInstance } from "../day/instance.ts";
import { planeAround } from "../day/plane.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { apiClient } from "./api.ts";
import { openBook } from "./book.ts";
import { type RunOptions, runReplay } from "./run.ts";

const SPEED = 1_200;
const PACE = { pollMs: 100, locationMs: 1_000, idleLocationMs: 2_000, followMs: 200 };
const folder = mkdtempSync(join(tmpdir(), "replay-"));

let platform: Platform;
let mongo: MongoClient;
let cities = 0;

function newReplay(changed: Partial<Record<FileName, string>> = {}, options: Partial<RunOptions> = {}) {
  const instance = parseInstance({ ...smallDay(), ...changed });
  const city = ++cities;
  const book = openBook(instance.orders, instance.couriers);
  const company = {
    api: apiClient(platform.urls),
    promisedMinute: ({ readyMinute }: InstanceOrder) => readyMinute,
    ...{ instance, book, plane: planeAround({ lat: city, lng: 13.4 }) },
    ...{ runId: `test${city}`, password: crypto.randomUUID() },
  };
  const outFile = join(folder, `${city}.tsv`);
  let printed = "";
  let errors = "";
  async function run() {
    const exitCode = await runReplay(company, {
      ...{ speed: SPEED, fromMinute: 0, patienceMinutes: 600, outFile, pace: PACE },
      interrupted: new Promise(() => undefined),
      output: { write: (text) => (printed += text) },
      errors: { write: (text) => (errors += text) },
      ...options,
    });
    const rows = (await Bun.file(outFile).text()).trimEnd().split("\n");
    return { exitCode, printed, errors, rows: rows.map((row) => row.split("\t")) };
  }
  /** The statuses in the order service's database. */
  const storedStatuses = async () => {
    const orders = mongo.db().collection<{ _id: string; status: string }>("orders");
    const ids = book.orders.flatMap(({ orderId }) => orderId ?? []);
    return (await orders.find({ _id: { $in: ids } }).toArray()).map(({ status }) => status);
  };
  return { book, run, storedStatuses };
}

describeWithDatabases("a replay", () => {
  beforeAll(async () => {
    platform = await startPlatform({ environment: { COURIERS_PLENTY: "0" } });
    mongo = await MongoClient.connect(platform.mongoUrls.order);
  });
  afterAll(async () => {
    await mongo.close();
    rmSync(folder, { recursive: true });
  });

  test.concurrent("delivers every order by the rules of the instance, and writes when", async () => {
    const { book, run } = newReplay();
    const { exitCode, printed, errors, rows } = await run();
    expect([exitCode, errors]).toEqual([0, ""]);
    expect(printed).toMatch(/orders placed +3\n +delivered +3\n/);
    expect(printed).toMatch(/errors +0\n/);
    expect(rows[0]?.join(" ")).toBe(
      "order restaurant courier placed ready assigned picked_up delivered status",
    );
    expect(rows.slice(1).map((row) => [row[0], row[1], row[8]])).toEqual([
      ["o1", "r1", "delivered"],
      ["o2", "r2", "delivered"],
      ["o3", "r1", "delivered"],
    ]);
    for (const { order, placedMinute = 0, readyMinute = 0, ...record } of book.orders) {
      const { assignedMinute = 0, pickedUpMinute = 0, deliveredMinute = 0 } = record;
      expect(placedMinute).toBeGreaterThanOrEqual(order.placementMinute);
      expect(assignedMinute).toBeGreaterThanOrEqual(placedMinute);
      expect(readyMinute).toBeGreaterThanOrEqual(order.readyMinute);
      expect(pickedUpMinute).toBeGreaterThanOrEqual(readyMinute);
      expect(deliveredMinute).toBeGreaterThan(pickedUpMinute + 4);
    }
    // 1500 m at 300 m a minute, plus half of both service times.
    const [{ pickedUpMinute = 0, deliveredMinute = 0 } = {}] = book.orders;
    expect(deliveredMinute - pickedUpMinute).toBeGreaterThanOrEqual(2 + 5 + 2);
    expect(book.couriers.reduce((sum, { busyMinutes }) => sum + busyMinutes, 0)).toBeGreaterThan(3 * 8);
  });

  test.concurrent("when the shift ends before the food is ready: declines, and another courier delivers", async () => {
    const { book, run } = newReplay(
      {
        "orders.txt": "order\tx\ty\tplacement_time\trestaurant\tready_time\no1\t1500\t0\t5\tr1\t150\n",
        "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t149\nc2\t0\t0\t149\t300\n",
      },
      { patienceMinutes: 1_000 },
    );
    const { exitCode, rows } = await run();
    expect(exitCode).toBe(0);
    expect(book.couriers[0]?.declined).toBeGreaterThanOrEqual(1);
    expect(rows.slice(1).map((row) => row[2])).toEqual(["c2"]);
  });

  test.concurrent("brings two orders on one trip, and gives back the one that is ready after the shift", async () => {
    const { book, run } = newReplay(
      {
        "orders.txt":
          "order\tx\ty\tplacement_time\trestaurant\tready_time\n" +
          "o1\t1500\t0\t5\tr1\t120\no2\t1500\t300\t6\tr1\t125\no3\t0\t300\t7\tr1\t500\n",
        "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t300\nc2\t0\t0\t310\t900\n",
      },
      { patienceMinutes: 1_500 },
    );
    const { exitCode, printed, errors, rows } = await run();
    expect([exitCode, errors]).toEqual([0, ""]);
    expect(rows.slice(1).map((row) => [row[0], row[2]])).toEqual([
      ["o1", "c1"],
      ["o2", "c1"],
      ["o3", "c2"],
    ]);
    const [first, second] = book.orders;
    expect(first?.pickedUpMinute).toBe(second?.pickedUpMinute ?? Number.NaN);
    expect(printed).toMatch(/trips +2\n {2}with 1 order +1\n {2}with 2 orders +1\n/);
    expect(printed).toMatch(/errors +0\n/);
  });

  test.concurrent("without couriers: exits with 1, names the orders and cancels them", async () => {
    const couriers = "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t1\n";
    const { run, storedStatuses } = newReplay({ "couriers.txt": couriers }, { patienceMinutes: 150 });
    const { exitCode, errors, rows } = await run();
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^Orders without a final status: o1 \(ord_\w+, ready\), o2 .*, o3 /);
    expect(rows.slice(1).map((row) => [row[2], row[6], row[8]])).toEqual(Array(3).fill(["", "", "ready"]));
    expect(await storedStatuses()).toEqual(Array(3).fill("cancelled"));
  });

  test.concurrent("when it is interrupted: reports so far and leaves no order open", async () => {
    const { promise: interrupted, resolve } = Promise.withResolvers<void>();
    const { run, book, storedStatuses } = newReplay({}, { interrupted });
    const replaying = run();
    await eventually(async () => book.orders.some(({ pickedUpMinute }) => pickedUpMinute !== undefined));
    resolve();
    const { exitCode, printed, errors } = await replaying;
    expect([exitCode, errors]).toEqual([130, ""]);
    expect(printed).toMatch(/orders placed +[1-3]\n/);
    const left = await storedStatuses();
    expect(left).toContain("delivery_failed");
    expect(left.filter((status) => status === "pending" || status === "out_for_delivery")).toEqual([]);
  });
});
