import { expect, test } from "bun:test";
import type { Delivery } from "../api/bodies.ts";
import { afterEvent, type Deliveries } from "./trip.ts";

const delivery = (deliveryId: string, status: Delivery["status"], ready = false) =>
  ({ deliveryId, status, ready }) as Delivery;
const event = (name: string, data: object) => ({ event: name, data: data as Record<string, unknown> });
const start = afterEvent(new Map(), event("snapshot", { items: [delivery("a", "assigned")] }));

test("a courier's deliveries follow the stream", () => {
  const ids = (deliveries: Deliveries) => [...deliveries.keys()];
  expect(ids(afterEvent(start, event("joined", delivery("b", "assigned"))))).toEqual(["a", "b"]);
  expect(afterEvent(start, event("delivery", delivery("a", "assigned", true))).get("a")?.ready).toBe(true);
  for (const status of ["delivered", "failed", "released"] as const)
    expect(ids(afterEvent(start, event("left", delivery("a", status))))).toEqual([]);
});

test("a snapshot replaces what was known, and a heartbeat changes nothing", () => {
  expect(afterEvent(start, event("snapshot", { items: [] })).size).toBe(0);
  expect(afterEvent(start, event("heartbeat", {}))).toBe(start);
});
