import { describe, expect, test } from "bun:test";
import { parseInstance } from "../day/instance.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { Traffic } from "./api.ts";
import { type Book, beginWork, endWork, type OrderRecord, openBook } from "./book.ts";
import { progressOf } from "./progress.ts";
import {
  accountFor,
  countOf,
  distributionOf,
  missingOrders,
  percentile,
  slownessOf,
  tableOf,
  tripSizes,
  tsvOf,
  utilisationOf,
} from "./report.ts";

function dayWith(...changes: Partial<OrderRecord>[]): Book {
  const { orders, couriers } = parseInstance(smallDay());
  const book = openBook(orders, couriers);
  for (const [index, change] of changes.entries()) Object.assign(book.orders[index] ?? {}, change);
  return book;
}

const DELIVERED: Partial<OrderRecord> = {
  orderId: "ord_1",
  status: "delivered",
  courier: "c1",
  trip: "trp_1",
  placedMinute: 10,
  assignedMinute: 11,
  readyMinute: 25,
  pickedUpMinute: 27,
  deliveredMinute: 40,
};
const CANCELLED: Partial<OrderRecord> = {
  orderId: "ord_2",
  status: "cancelled",
  reason: "no_courier",
  placedMinute: 20,
};

describe("statistics", () => {
  test("percentiles are interpolated between ranks", () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([10, 20, 30, 40, 50], 0.9)).toBeCloseTo(46);
    expect(percentile([7], 0.9)).toBe(7);
  });

  test("without values, there is no distribution", () => {
    expect(distributionOf([])).toBeUndefined();
    expect(distributionOf([1, 2, 6])).toMatchObject({ count: 3, mean: 3, p50: 2 });
  });

  test("utilisation includes unfinished work and unfinished shifts", () => {
    const { couriers } = dayWith();
    const [first, second] = couriers;
    if (!first || !second) throw new Error("The small day has two couriers");
    first.onMinute = 0;
    beginWork(first, 10);
    endWork(first, 30);
    endWork(first, 31);
    first.offMinute = 100;
    second.onMinute = 50;
    beginWork(second, 90);
    expect(utilisationOf(couriers, 120)).toEqual({ couriers: 2, busyMinutes: 50, onDutyMinutes: 170 });
  });
});

test("trips are counted by the number of orders that left the restaurant together", () => {
  const day = dayWith({ trip: "t1" }, { trip: "t2" }, { trip: "t1" });
  expect([...tripSizes(day.orders)]).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

describe("the account", () => {
  test("contains every order exactly once", () => {
    const { orders } = dayWith(DELIVERED, CANCELLED, { refusal: "422 RESTAURANT_CLOSED" });
    const account = accountFor(orders);
    expect(account).toMatchObject({ orders: 3, placed: 2, delivered: 1, open: [], notPlaced: [] });
    expect([...account.cancelled]).toEqual([["no_courier", 1]]);
    const { delivered, cancelled, rejected, failed, open, refused, notPlaced } = account;
    const ended = delivered + countOf(cancelled) + countOf(rejected) + countOf(failed);
    expect(ended + open.length).toBe(account.placed);
    expect(account.placed + refused.length + notPlaced.length).toBe(account.orders);
  });

  test("when every order has ended, names no order", () => {
    const rejected: Partial<OrderRecord> = { orderId: "ord_3", status: "rejected", reason: "too_busy" };
    expect(missingOrders(accountFor(dayWith(DELIVERED, CANCELLED, rejected).orders))).toEqual([]);
  });

  test("names the orders without an end", () => {
    const { orders } = dayWith(
      { orderId: "ord_1", status: "ready", stranger: "Ada" },
      { refusal: "422 RESTAURANT_CLOSED" },
    );
    expect(missingOrders(accountFor(orders))).toEqual([
      "without a final status: o1 (ord_1, ready)",
      "with a courier who is not of this replay: o1 (Ada)",
      "refused by the platform: o2 (422 RESTAURANT_CLOSED)",
      "never placed: o3 (due at 30)",
    ]);
  });
});

describe("a platform", () => {
  test.each([
    [1, 60, true],
    [61.5, 60, false],
    [59, 60, false],
    [1, 1, false],
    [undefined, 60, false],
  ])("that plays a day at %p times life's speed is told of %p if need be: %p", (daySpeed, speed, isTold) => {
    expect(slownessOf({ ...dayWith(), daySpeed }, speed)?.includes(`DAY_SPEED=${speed}`) ?? false).toBe(
      isTold,
    );
  });
});

describe("the output", () => {
  test("the table contains all rows of the day", () => {
    const traffic = new Traffic();
    traffic.calls = 42;
    traffic.countRetry("503 OVERLOADED");
    traffic.countError("POST /v1/orders 500 INTERNAL_ERROR");
    const table = tableOf(dayWith(DELIVERED, CANCELLED), traffic, 60);
    for (const line of [
      /^orders placed +2$/m,
      /^ {2}delivered +1$/m,
      /^ {2}cancelled +1\n +1 {2}no_courier$/m,
      /^orders not placed +1$/m,
      /^click-to-door +mean +30\.0 +p50 +30\.0 +p90 +30\.0 +minutes$/m,
      /^over 40 minutes +0 {3}0\.0 %$/m,
      /^orders per courier hour +-$/m,
      /^trips +1\n {2}with 1 order +1$/m,
      /^ready-to-pickup +mean +2\.0 /m,
      /^courier utilisation +- /m,
      /^API calls +42\n +retried +1\n +1 {2}503 OVERLOADED$/m,
      /^ {2}errors +1\n +1 {2}POST \/v1\/orders 500 INTERNAL_ERROR$/m,
    ])
      expect(table).toMatch(line);
  });

  test("the file has one line for each order, with an empty cell for each missing time", () => {
    const { orders } = dayWith(DELIVERED, CANCELLED, { refusal: "422" });
    expect(tsvOf(orders).split("\n")).toEqual([
      "order\trestaurant\tcourier\tplaced\tready\tassigned\tpicked_up\tdelivered\tstatus",
      "o1\tr1\tc1\t10.00\t25.00\t11.00\t27.00\t40.00\tdelivered",
      "o2\tr2\t\t20.00\t\t\t\t\tcancelled",
      "o3\tr1\t\t\t\t\t\t\trefused",
      "",
    ]);
  });

  test("the progress line has the same counts as the table", () => {
    expect(progressOf(dayWith(DELIVERED, CANCELLED), new Traffic(), 61)).toBe(
      "01:01  placed 2/3  delivered 1  cancelled 1  open 0  couriers 0 on duty, 0 busy  calls 0  errors 0",
    );
  });
});
