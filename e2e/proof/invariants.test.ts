import { describe, expect, test } from "bun:test";
import { at, found, join, type World } from "./invariants/world.builder.ts";
import { PER_CUSTOMER } from "./invariants.ts";

test("without a fault, reports nothing", () => {
  expect(found(() => {})).toEqual([]);
});

const declined = { courierId: "crr_1", orderId: "ord_1", deliveryId: "dlv_1", action: "decline" };
test("for an order under way, reports no missing event", () => {
  const said = found(({ order, follower }) => {
    order.events.pop();
    Object.assign(order, { status: "out_for_delivery", version: 7 });
    follower.events.splice(-2);
    delete follower.ended;
  });
  expect(said.filter((violation) => violation.startsWith("I7"))).toEqual([]);
});

const another = ({ snapshot, order }: World, changes: object) =>
  void snapshot.orders.push({ ...order, _id: "ord_2", ...changes });

describe("reports:", () => {
  const CASES: [what: string, invariant: string, break_: (world: World) => void][] = [
    ["a unique index is missing", "I1", ({ snapshot }) => void snapshot.uniqueIndexes.pop()],
    ["two couriers at once", "I1", ({ order }) => void order.events.splice(3, 1)],
    [
      "two deliveries that are not released",
      "I1",
      ({ first }) => Object.assign(first.deliveries[0], { status: "delivered" }),
    ],
    [
      "different couriers in the order and its delivery",
      "I1",
      ({ order }) => Object.assign(order.courier, { courierId: "crr_1" }),
    ],
    [
      "a courier on two trips",
      "I2",
      ({ second }) => Object.assign(second, { courierId: "crr_1", assignedAt: at(2) }),
    ],
    ["a placed order that is not stored", "I3", ({ snapshot }) => void snapshot.orders.pop()],
    [
      "a seen state that is not in the history",
      "I3",
      ({ history }) =>
        history.sightings.push({ orderId: "ord_1", version: 9, status: "cancelled", by: "GET" }),
    ],
    [
      "a courier's action without an event",
      "I3",
      ({ courierAction }) => Object.assign(courierAction, { action: "pickup" }),
    ],
    [
      "an order that is assigned again to a courier who declined it",
      "I3",
      ({ history, second }) => {
        history.courierActions.push({ ...declined });
        second.courierId = "crr_1";
      },
    ],
    ["two orders under one key", "I4", (broken) => another(broken, {})],
    ["an order without a request", "I4", (broken) => another(broken, { idempotencyKey: "other" })],
    [
      "a stored order that was refused",
      "I4",
      ({ placement }) => Object.assign(placement, { outcome: "refused" }),
    ],
    ["a gap in the versions", "I5", ({ order }) => void order.events.splice(5, 1)],
    [
      "a step that is not allowed",
      "I5",
      ({ order }) => void Object.assign(order.events.at(-1) ?? {}, { to: "rejected" }),
    ],
    [
      "a status that differs from the history",
      "I5",
      ({ order }) => Object.assign(order, { status: "ready" }),
    ],
    ["an order that has not ended", "I6", ({ order }) => Object.assign(order, { status: "ready" })],
    ["an outbox entry that is pending", "I6", ({ order }) => void order.outbox.push({})],
    [
      "a delivery that does not know its order is ready",
      "I6 ord_1: is ready, and its delivery does not know",
      ({ order, second }) => {
        Object.assign(order, { status: "ready" });
        Object.assign(second.deliveries[0], { live: true, status: "assigned", ready: false });
      },
    ],
    [
      "a delivery that is still live",
      "I6",
      ({ second }) => Object.assign(second.deliveries[0], { live: true }),
    ],
    [
      "a delivery with another end than its order",
      "I6",
      ({ second }) => Object.assign(second.deliveries[0], { status: "failed" }),
    ],
    [
      "a courier who is still claimed",
      "I6",
      ({ courier }) => Object.assign(courier, { claim: { tripId: "trp_1" } }),
    ],
    ["a follower that misses an event", "I7", ({ follower }) => void follower.events.splice(2, 1)],
    [
      "a follower that got an event twice",
      "I7",
      ({ follower }) => void follower.events.push(...follower.events.slice(-1)),
    ],
    [
      "a follower that got a wrong event",
      "I7",
      ({ follower }) => Object.assign(follower.events[2] ?? {}, { status: "rejected" }),
    ],
    ["a follower whose stream did not end", "I7", ({ follower }) => void delete follower.ended],
    ["an ended order that holds a slot", "I9", ({ order }) => Object.assign(order, { customerSlot: 0 })],
    [
      "an open order that is not listed at its address",
      "I9 ord_1: is open, and listed at rst_1",
      ({ order, snapshot }) => {
        Object.assign(order, { status: "ready", customerSlot: 0 });
        snapshot.listed.pop();
      },
    ],
    [
      "a slot beyond the bound",
      "I9 ord_1: is ready and holds",
      ({ order }) => Object.assign(order, { status: "ready", customerSlot: PER_CUSTOMER }),
    ],
    [
      "more open orders to one address than may be",
      "I9 way: has 21 open orders",
      ({ order, snapshot }) => {
        for (let nth = 0; nth <= 20; nth++)
          snapshot.orders.push({ ...order, status: "ready", customerSlot: 0 });
      },
    ],
    [
      "a slot that is in use twice",
      "I10 trp_2: uses a slot twice",
      ({ second }) => join(second, { slot: 0 }),
    ],
    [
      "a trip beyond its capacity",
      "I10 trp_2: has 2 orders, and a capacity of 1",
      ({ second }) => {
        Object.assign(second, { capacity: 1, live: true, liveOrderIds: ["ord_1", "ord_3"] });
        Object.assign(second.deliveries[0], { live: true });
        join(second, { live: true });
      },
    ],
    [
      "an order that joins after the pickup",
      "I10 trp_2: was joined by ord_3 after its pickup",
      ({ second }) => {
        Object.assign(second.deliveries[0], { pickedUpAt: at(5) });
        join(second, { assignedAt: at(6) });
      },
    ],
    [
      "a trip with wrong `liveOrderIds`",
      "I10 trp_2: is over with ord_9",
      ({ second }) => Object.assign(second, { liveOrderIds: ["ord_9"] }),
    ],
    [
      "an order on two trips at once",
      "I10 ord_1: on trp_1 and trp_2 at once",
      ({ second }) => Object.assign(second.deliveries[0], { assignedAt: at(2) }),
    ],
    ["a fault that a client saw", "client", ({ history }) => void history.complaints.push("odd")],
  ];
  test.each(CASES)("%s (%s)", (_, invariant, break_) => {
    expect(found(break_).some((violation) => violation.startsWith(invariant))).toBe(true);
  });
});
