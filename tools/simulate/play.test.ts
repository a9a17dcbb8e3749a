import { describe, expect, test } from "bun:test";
import { type FileName, parseInstance } from "../day/instance.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { type PlayOptions, playDay } from "./play.ts";

const play = (texts: Record<FileName, string>, change: Partial<PlayOptions> = {}) =>
  playDay(parseInstance(texts), {
    ...{ policy: "batch", capacity: 3, noiseSd: 0, seed: 1, history: 0, learning: true },
    ...change,
  });

const ORDERS = "order\tx\ty\tplacement_time\trestaurant\tready_time\n";
const COURIERS = "courier\tx\ty\ton_time\toff_time\n";
const day = (orders: string, couriers: string) => ({
  ...smallDay(),
  "orders.txt": ORDERS + orders,
  "couriers.txt": COURIERS + couriers,
});

describe("a simulated day", () => {
  test("follows the rules of the instances: whole minutes of travel, half of the service time before and half after", () => {
    const [record] = play(day("o1\t1500\t0\t10\tr1\t25\n", "c1\t100\t0\t0\t300\n")).book.orders;
    // One minute to the restaurant, two before the pickup and two after; five to the door, two before the hand-over.
    expect(record).toMatchObject({
      ...{ status: "delivered", courier: "c1", placedMinute: 10, readyMinute: 25 },
      ...{ assignedMinute: 10, pickedUpMinute: 25, deliveredMinute: 34 },
    });
  });

  test("delivers all orders of the small day", () => {
    const { book } = play(smallDay());
    expect(book.orders.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
  });

  test("after a courier's off time, picks up nothing", () => {
    const { book } = play(day("o1\t0\t100\t10\tr1\t31\n", "c1\t0\t0\t0\t30\n"));
    expect(book.orders).toMatchObject([{ status: "cancelled", reason: "no_courier" }]);
  });

  test("with one courier, bundles two orders of one restaurant into one trip", () => {
    const orders = "o1\t3000\t0\t10\tr1\t25\no2\t3300\t0\t11\tr1\t26\n";
    const { couriers } = play(day(orders, "c1\t0\t0\t0\t300\n"));
    expect(couriers.map(({ done }) => done.map((trip) => trip.orders.length))).toEqual([[2]]);
  });

  test("with a capacity of one, makes two trips", () => {
    const orders = "o1\t3000\t0\t10\tr1\t25\no2\t3300\t0\t11\tr1\t26\n";
    const { couriers } = play(day(orders, "c1\t0\t0\t0\t300\n"), { capacity: 1 });
    expect(couriers.map(({ done }) => done.map((trip) => trip.orders.length))).toEqual([[1, 1]]);
  });

  test("with the nearest policy, assigns each order at once to the free courier who arrives soonest", () => {
    const couriers = "c1\t900\t0\t0\t300\nc2\t100\t0\t0\t300\n";
    const { book } = play(day("o1\t1500\t0\t10\tr1\t25\n", couriers), { policy: "nearest" });
    expect(book.orders).toMatchObject([{ courier: "c2", assignedMinute: 10 }]);
  });

  test("is the same for the same seed", () => {
    const [once, again] = [1, 1].map((seed) => play(smallDay(), { noiseSd: 8, seed }).book.orders);
    expect(once).toEqual(again);
  });
});
