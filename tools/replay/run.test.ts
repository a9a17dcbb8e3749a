import { afterEach, describe, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileName, parseInstance } from "../day/instance.ts";
import { ORIGIN, planeAround } from "../day/plane.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { apiClient } from "./api.ts";
import { openBook } from "./book.ts";
import { startFakePlatform } from "./fake-platform.ts";
import { type RunOptions, runReplay } from "./run.ts";

const SPEED = 3000;
const PACE = { pollMs: 20, locationMs: 20, idleLocationMs: 100, followMs: 40 };
const outFile = join(tmpdir(), `replay-${crypto.randomUUID()}.tsv`);

let platform: ReturnType<typeof startFakePlatform>;
afterEach(async () => {
  platform.stop();
  await rm(outFile, { force: true });
});

async function replay(changed: Partial<Record<FileName, string>> = {}, options: Partial<RunOptions> = {}) {
  platform = startFakePlatform();
  const instance = parseInstance({ ...smallDay(), ...changed });
  const company = {
    api: apiClient(platform.urls),
    instance,
    plane: planeAround(ORIGIN),
    book: openBook(instance.orders, instance.couriers),
    runId: "test",
    password: crypto.randomUUID(),
  };
  let printed = "";
  let complaints = "";
  const exitCode = await runReplay(company, {
    speed: SPEED,
    fromMinute: 0,
    patienceMinutes: 600,
    outFile,
    pace: PACE,
    interrupted: new Promise(() => undefined),
    output: { write: (text) => (printed += text) },
    errors: { write: (text) => (complaints += text) },
    ...options,
  });
  const rows = (await Bun.file(outFile).text()).trimEnd().split("\n");
  return { exitCode, printed, complaints, rows: rows.map((row) => row.split("\t")), book: company.book };
}

describe("a replay", () => {
  test("delivers every order and says when everything happened", async () => {
    const { exitCode, printed, complaints, rows, book } = await replay();
    expect(complaints).toBe("");
    expect(exitCode).toBe(0);
    expect(printed).toMatch(/orders placed +3\n +delivered +3\n/);
    expect(printed).toMatch(/errors +0\n/);
    expect(printed).toMatch(/put off and repeated +1\n +1 {2}503 OVERLOADED/);
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
  });

  test("keeps to service times and metres per minute", async () => {
    const { book } = await replay();
    const [first] = book.orders;
    // 1500 m at 300 m a minute, and half of both service times.
    expect((first?.deliveredMinute ?? 0) - (first?.pickedUpMinute ?? 0)).toBeGreaterThanOrEqual(2 + 5 + 2);
    const busyMinutes = book.couriers.reduce((sum, courier) => sum + courier.busyMinutes, 0);
    expect(busyMinutes).toBeGreaterThan(3 * 8);
  });

  test("lets a courier decline what cannot be picked up before the shift ends", async () => {
    const couriers = "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t24\nc2\t0\t0\t22\t300\n";
    const { exitCode, rows, book } = await replay({ "couriers.txt": couriers });
    expect(exitCode).toBe(0);
    expect(book.couriers[0]?.declined).toBeGreaterThanOrEqual(1);
    expect(rows.slice(1).map((row) => row[2])).toEqual(["c2", "c2", "c2"]);
  });

  test("names the orders that nobody brought, and leaves none of them behind", async () => {
    const couriers = "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t1\n";
    const { exitCode, complaints, rows } = await replay(
      { "couriers.txt": couriers },
      { patienceMinutes: 40 },
    );
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(/^Orders without a final status: o1 \(ord_[0-9]+, ready\), o2 .*, o3 /);
    expect(rows.slice(1).map((row) => [row[2], row[6], row[8]])).toEqual(Array(3).fill(["", "", "ready"]));
    expect([...platform.orders.values()].map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
  });

  test("reports what has happened so far when it is interrupted, and leaves nothing under way", async () => {
    const { promise: interrupted, resolve } = Promise.withResolvers<void>();
    const replaying = replay({}, { interrupted });
    while (![...platform.orders.values()].some(({ status }) => status === "out_for_delivery"))
      await Bun.sleep(1);
    resolve();
    const { exitCode, printed, complaints } = await replaying;
    expect(exitCode).toBe(130);
    expect(complaints).toBe("");
    expect(printed).toMatch(/orders placed +[1-3]\n/);
    const left = new Set([...platform.orders.values()].map(({ status }) => status));
    expect(left).toContain("delivery_failed");
    expect(["pending", "out_for_delivery"].filter((status) => left.has(status as "pending"))).toEqual([]);
  });
});
