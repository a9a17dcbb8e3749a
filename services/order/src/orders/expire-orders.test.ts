import { expect, test } from "bun:test";
import { silentLog } from "@food/shared/testing/running-app";
import { eventually } from "@food/shared/testing/tools";
import { startDeadlines } from "./expire-orders.ts";
import { anOrder, TERMS } from "./order.builder.ts";
import type { Change, OrderDocument } from "./order.ts";
import type { OrderStore } from "./store.ts";

const HOURS_MS = 3_600_000;

/** A process that polls these orders once, none of which the restaurant has answered. */
function start(unanswered: OrderDocument[], broken = new Set<string>(), failingLooks = 0) {
  const waiting = new Map(unanswered.map((order) => [order._id, order]));
  const cancelled: { reason: string | undefined; lateMs: number }[] = [];
  let looks = 0;
  const orders = {
    dueUntil: async (until: Date, limit: number) => {
      if (++looks <= failingLooks) throw new Error("MongoDB is away");
      const due = [...waiting.values()].filter(({ acceptBy }) => acceptBy <= until).slice(0, limit);
      return {
        acceptBy: due.map(({ _id, acceptBy: at }) => ({ orderId: _id, at })),
        assignBy: [],
        pickupBy: [],
      };
    },
    find: async (orderId: string) => {
      if (broken.has(orderId)) throw new Error("The order cannot be read");
      return waiting.get(orderId) ?? null;
    },
    apply: async (order: OrderDocument, { reason }: Change) => {
      waiting.delete(order._id);
      cancelled.push({ reason, lateMs: Date.now() - order.acceptBy.getTime() });
      return order;
    },
  } as unknown as OrderStore;
  const deps = { orders, announce: async () => undefined, log: silentLog, terms: TERMS, everyMs: HOURS_MS };
  const deadlines = startDeadlines(deps);
  return { waiting, cancelled, looks: () => looks, ...deadlines };
}
const dueIn = (ms: number) => anOrder({ acceptBy: new Date(Date.now() + ms) });
const overdueOrders = (count: number) =>
  Array.from({ length: count }, () => anOrder({ acceptBy: new Date(0) }));

test("one run acts on all late orders", async () => {
  const { cancelled, stop } = start(overdueOrders(250));
  await eventually(async () => cancelled.length === 250);
  expect(new Set(cancelled.map(({ reason }) => reason))).toEqual(new Set(["acceptance_timeout"]));
  await stop();
});

test("when one order cannot be changed, a run acts on the others; when none can, it ends", async () => {
  const orders = overdueOrders(250);
  const broken = new Set(orders.slice(0, 100).map(({ _id }) => _id));
  const one = start(orders, new Set([...broken].slice(0, 1)));
  await eventually(async () => one.waiting.size === 1);
  await one.stop();
  const all = start(orders, broken);
  await eventually(async () => all.looks() > 0);
  await all.stop();
  expect(all.looks()).toBe(1);
});

test("tries an order again that cannot be changed", async () => {
  const broken = new Set<string>();
  const orders = overdueOrders(1);
  for (const { _id } of orders) broken.add(_id);
  const { cancelled, looks, stop } = start(orders, broken);
  await eventually(async () => looks() > 1);
  broken.clear();
  await eventually(async () => cancelled.length === 1);
  await stop();
});

test("looks again soon after it could not look", async () => {
  const { cancelled, stop } = start(overdueOrders(1), new Set(), 1);
  await eventually(async () => cancelled.length === 1);
  await stop();
});

test("between two polls acts on each order that it has read when its deadline passes, not earlier", async () => {
  const { cancelled, looks, stop } = start([300, 600].map(dueIn));
  await eventually(async () => cancelled.length === 2);
  await stop();
  for (const { lateMs } of cancelled) expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(looks()).toBeLessThan(10);
});

test("between two polls acts on an order that was placed in this process after the first", async () => {
  const { waiting, cancelled, looks, changed, stop } = start([dueIn(HOURS_MS)]);
  await eventually(async () => looks() === 1);
  const order = dueIn(200);
  waiting.set(order._id, order);
  changed(order);
  await eventually(async () => cancelled.length === 1);
  expect([...waiting.keys()]).not.toContain(order._id);
  await stop();
});
