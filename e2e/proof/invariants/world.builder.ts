// One order that was delivered by its second courier, as the databases and the clients have it. Tests break one thing of it.
import { type Follower, type History, newHistory } from "../history.ts";
import { UNIQUE_INDEXES, violations } from "../invariants.ts";
import type { Snapshot, StoredDelivery, StoredEvent, StoredTrip } from "../snapshot.ts";

export const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));
const STORY: [type: string, to: string, deliveryId?: string][] = [
  ["placed", "pending"],
  ["courier_assigned", "pending", "dlv_1"],
  ["accepted", "accepted"],
  ["courier_released", "accepted", "dlv_1"],
  ["courier_assigned", "accepted", "dlv_2"],
  ["ready", "ready"],
  ["picked_up", "out_for_delivery"],
  ["delivered", "delivered"],
];

const ACTORS: Record<string, StoredEvent["actor"]> = {
  courier_released: { role: "courier", id: "crr_1" },
  delivered: { role: "courier", id: "crr_2" },
};

/** An ended trip with one delivery. */
function aTrip(number: number, status: string, from: number, until: number) {
  const ended = { live: false, assignedAt: at(from), endedAt: at(until) };
  const delivery = {
    deliveryId: `dlv_${number}`,
    orderId: "ord_1",
    slot: 0,
    status,
    ready: number > 1,
    ...ended,
  };
  const trip: StoredTrip = {
    ...{ _id: `trp_${number}`, courierId: `crr_${number}`, open: false, capacity: 2, liveOrderIds: [] },
    ...ended,
    deliveries: [delivery],
  };
  return { ...trip, deliveries: [delivery] as [StoredDelivery, ...StoredDelivery[]] };
}
/** Adds a live order to the trip. */
export function join(trip: StoredTrip, delivery: Partial<StoredDelivery>) {
  const [first] = trip.deliveries;
  if (first) trip.deliveries.push({ ...first, deliveryId: "dlv_3", orderId: "ord_3", slot: 1, ...delivery });
}

/** One order that its second courier delivered, and that its customer saw and followed. */
export function world() {
  const events = STORY.map(
    ([type, to, deliveryId], i): StoredEvent => ({
      sequence: i + 1,
      type,
      from: i === 0 ? null : (STORY[i - 1]?.[1] ?? null),
      to,
      actor: ACTORS[type] ?? { role: "system" },
      ...(deliveryId && { deliveryId }),
      at: at(i),
    }),
  );
  const order = {
    _id: "ord_1",
    customerId: "cus_1",
    idempotencyKey: "key",
    addressKey: "way",
    restaurantId: "rst_1",
    items: [
      {
        ...{ dishId: "dsh_1", quantity: 2, unitPriceCents: 1_050 },
        options: [{ optionId: "opt_1", quantity: 2, priceCents: 50 }],
      },
    ],
    components: [
      { kind: "dish", line: 0, quantity: 2, unitCents: 950, amountCents: 1_900 },
      { kind: "option", line: 0, optionId: "opt_1", quantity: 4, unitCents: 50, amountCents: 200 },
      { kind: "delivery_fee", amountCents: 250 },
      { kind: "tax", rateBasisPoints: 700, included: false, amountCents: 147 },
      { kind: "tax", rateBasisPoints: 1_900, included: false, amountCents: 48 },
      { kind: "tip", amountCents: 100 },
    ],
    tipCents: 100,
    subtotalCents: 2_100,
    deliveryFeeCents: 250,
    totalCents: 2_645,
    status: "delivered",
    version: 8,
    courier: { courierId: "crr_2" },
    deliveryId: "dlv_2",
    awaitingCourier: false,
    outbox: [] as unknown[],
    events,
  };
  const [first, second] = [aTrip(1, "released", 1, 3), aTrip(2, "delivered", 4, 7)] as const;
  const courier = { _id: "crr_1", claim: null as { tripId: string } | null };
  const snapshot: Snapshot = {
    orders: [order],
    listed: [
      { _id: "rst_1", open: [{ orderId: "ord_1" }] },
      { _id: "address:1", open: [{ orderId: "ord_1" }] },
    ],
    trips: [first, second],
    couriers: [courier],
    uniqueIndexes: [...UNIQUE_INDEXES],
  };
  const follower: Follower = {
    orderId: "ord_1",
    ended: "delivered",
    events: events.map(({ sequence, type, to }) => ({
      ...{ event: "status", id: sequence, type, status: to, connection: 1 },
    })),
  };
  const history: History = newHistory();
  const placement = {
    ...{ customerId: "cus_1", key: "key", from: 10, until: 20, tipCents: 0 },
    lines: [{ dishId: "dsh_1", quantity: 2, options: [{ optionId: "opt_1", quantity: 2 }] }],
    ...{ outcome: "ok" as "ok" | "refused", status: 201, orderId: "ord_1" },
  };
  history.placements.push(placement);
  history.followers.push(follower);
  history.sightings.push({ orderId: "ord_1", version: 3, status: "accepted", totalCents: 2_545, by: "GET" });
  history.tips.push({ orderId: "ord_1", tipCents: 100, outcome: "ok" });
  history.taxes.push({
    ...{ restaurantId: "rst_1", pricesIncludeTax: false, feeBasisPoints: 1_900, basisPoints: { dsh_1: 700 } },
  });
  history.prices.push({ id: "opt_1", cents: 50, from: 0, until: Infinity });
  const price = { id: "dsh_1", cents: 950, from: 15, until: 30 };
  const earlierPrice = { id: "dsh_1", cents: 900, from: 0, until: 15 };
  history.prices.push(earlierPrice, price);
  const courierAction = { courierId: "crr_2", orderId: "ord_1", deliveryId: "dlv_2", action: "deliver" };
  history.courierActions.push(courierAction);
  return { snapshot, history, order, first, second, courier, follower, placement, price, courierAction };
}
export type World = ReturnType<typeof world>;
/** The violations after one change of the world. */
export const found = (break_: (world: World) => void) => {
  const broken = world();
  break_(broken);
  return violations(broken.snapshot, broken.history);
};
