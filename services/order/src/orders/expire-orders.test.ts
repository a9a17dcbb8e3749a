import { expect, test } from "bun:test";
import { silentLog } from "@food/shared/testing/running-app";
import { eventually } from "@food/shared/testing/tools";
import { startDeadlines } from "./expire-orders.ts";
import { anOrder, TERMS } from "./order.builder.ts";
import type { Change, OrderDocument } from "./order.ts";
import type { OrderStore } from "./store.ts";

const HOURS_MS = 3_600_000;

/** One run over these orders, none of which the restaurant has answered. */
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
      if (broken.has(orderId)) throw new Error("The order cannot be read");
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

test("one run acts on all late orders", async () => {
  const { reasons, stop } = runOnce(overdueOrders(250), new Set());
  await eventually(async () => reasons.length === 250);
  expect(new Set(reasons)).toEqual(new Set(["acceptance_timeout"]));
  await stop();
});

test("when one order cannot be changed, a run acts on the others; when none can, it ends", async () => {
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
