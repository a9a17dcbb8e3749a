import { expect, test } from "bun:test";
import { silentLog } from "@food/shared/testing/running-app";
import { eventually } from "@food/shared/testing/tools";
import { startDeadlines } from "./expire-orders.ts";
import { anOrder, TERMS } from "./order.builder.ts";
import type { Change, OrderDocument } from "./order.ts";
import type { OrderStore } from "./store.ts";

const HOURS_MS = 3_600_000;

/** What the deadlines make of these orders, all of which the restaurant has not answered, in one run. */
function runOnce(unanswered: OrderDocument[], broken: Set<string>) {
  const waiting = new Map(unanswered.map((order) => [order._id, order]));
  const reasons: string[] = [];
  let looks = 0;
  const orders = {
    overdue: async (_now: Date, limit: number) => {
      looks++;
      return { acceptBy: [...waiting.keys()].slice(0, limit), assignBy: [], pickupBy: [] };
    },
    find: async (orderId: string) => {
      if (broken.has(orderId)) throw new Error("This one cannot be read");
      return waiting.get(orderId) ?? null;
    },
    apply: async (order: OrderDocument, { reason }: Change) => {
      waiting.delete(order._id);
      reasons.push(reason ?? "");
      return order;
    },
  } as unknown as OrderStore;
  const deps = { orders, announce: async () => undefined, log: silentLog, terms: TERMS, everyMs: HOURS_MS };
  const deadlines = startDeadlines(deps);
  return { waiting, reasons, looks: () => looks, stop: deadlines.stop };
}
const overdueOrders = (count: number) =>
  Array.from({ length: count }, () => anOrder({ acceptBy: new Date(0) }));

test("deadlines act on all orders that are late without a pause, however many", async () => {
  const { reasons, stop } = runOnce(overdueOrders(250), new Set());
  await eventually(async () => reasons.length === 250);
  expect(new Set(reasons)).toEqual(new Set(["acceptance_timeout"]));
  await stop();
});

test("deadlines act on the others when one order cannot be changed, and rest when none can", async () => {
  const orders = overdueOrders(250);
  const broken = new Set(orders.slice(0, 100).map(({ _id }) => _id));
  const one = runOnce(orders, new Set([...broken].slice(0, 1)));
  await eventually(async () => one.waiting.size === 1);
  await one.stop();
  const all = runOnce(orders, broken);
  await eventually(async () => all.looks() > 0);
  await all.stop();
  expect(all.looks()).toBe(1);
});
