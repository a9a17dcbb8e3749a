// Random customers, kitchens and couriers. The seed decides their actions. They record their calls and what they are shown,
// and do not read the databases.
import type { Order } from "@food/shared/contracts/order";
import type { CartQuote } from "@food/shared/contracts/price";
import type { Actor, Eater, Rider } from "../actors.ts";
import { type ProofKitchen, priceRoute, randomLines, randomTip } from "./carts.ts";
import { follow } from "./follower.ts";
import type { Outcome, Price } from "./history.ts";
import type { Random } from "./random.ts";
import type { Scene } from "./scene.ts";

const CALL_MAX_MS = 4_000;
const TRIES = 6;
/** Orders that a kitchen works on at the same time, the oldest first. */
const AT_ONCE = 8;

/** All couriers ride bicycles. */
const BICYCLE_CAPACITY = 2;

interface Delivery {
  deliveryId: string;
  orderId: string;
  status: string;
  ready: boolean;
}

type Answered = { outcome: Outcome; status: number; body: Record<string, unknown> };

/** Sends a request, classifies the outcome, and counts it. */
async function attempt(
  { history }: Scene,
  actor: Actor,
  route: `${string} /${string}`,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answered> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error("no answer in time")), CALL_MAX_MS);
  let answered: Answered = { outcome: "unknown", status: 0, body: {} };
  try {
    const { status, body: answer } = await Promise.race([actor.send(route, body, headers), timeout.promise]);
    const outcome: Outcome = status < 300 ? "ok" : status < 500 ? "refused" : "unknown";
    answered = { outcome, status, body: answer };
    if (outcome === "refused") {
      const refusal = `${status} ${answer.code}`;
      history.refusals.set(refusal, (history.refusals.get(refusal) ?? 0) + 1);
    }
    if (status >= 500 && status !== 503) history.complaints.push(`${route} answered ${status}`);
  } catch {
    // The connection broke, or no answer came in time: the outcome is unknown.
  } finally {
    clearTimeout(timer);
  }
  history.calls[answered.outcome]++;
  return answered;
}

/** Records the order that an answer contains. */
function recordShown(scene: Scene, by: string, shown: unknown): void {
  const { orderId, version, status, totalCents, tipCents = 0 } = shown as Order;
  if (orderId && version && status && !scene.earlier.has(orderId))
    scene.history.sightings.push({ orderId, version, status, totalCents, tipCents, by });
}

const pause = (random: Random, most: number) => Bun.sleep(random.int(10, most));

/** The quote's id and total; undefined without an answer. */
async function quoteFor(scene: Scene, customer: Eater, cart: object): Promise<CartQuote | undefined> {
  const { outcome, body } = await attempt(scene, customer, "POST /v1/quotes", cart);
  return outcome === "ok" ? (body as unknown as CartQuote) : undefined;
}

async function placeOne(scene: Scene, random: Random, customer: Eater, kitchen: ProofKitchen) {
  const key = crypto.randomUUID();
  const lines = randomLines(random, kitchen);
  const tipCents = randomTip(random);
  const body = { restaurantId: kitchen.id, addressId: customer.addressId, items: lines, tipCents };
  let quoted = random.chance(0.4) ? await quoteFor(scene, customer, body) : undefined;

  const tryOnce = async (): Promise<Order | undefined> => {
    const from = Date.now();
    const {
      outcome,
      status,
      body: answer,
    } = await attempt(
      scene,
      customer,
      "POST /v1/orders",
      { ...body, ...(quoted && { quoteId: quoted.quoteId }) },
      { "idempotency-key": key },
    );
    if (String(answer.code).startsWith("QUOTE_")) quoted = answer.current as CartQuote;
    const placed = outcome === "ok" ? (answer as unknown as Order) : undefined;
    const { orderId } = placed ?? {};
    scene.history.placements.push({
      ...{ customerId: customer.id, key, outcome, lines, tipCents, status, from },
      until: outcome === "unknown" ? Infinity : Date.now(),
      ...(orderId && { orderId }),
    });
    recordShown(scene, "POST /v1/orders", placed ?? {});
    return placed;
  };

  let order: Order | undefined;
  for (let tries = 0; tries < TRIES && !order && !scene.phase.over; tries++) {
    const atOnce = random.chance(0.2) ? random.int(2, 4) : 1;
    const asked = quoted;
    const placed = await Promise.all(Array.from({ length: atOnce }, tryOnce));
    order = placed.find((one) => one !== undefined);
    // A later try may find the order that an earlier one placed with another quote.
    if (order && asked && tries === 0 && order.totalCents !== asked.totalCents)
      scene.history.complaints.push(
        `${order.orderId}: quoted at ${asked.totalCents}, placed at ${order.totalCents}`,
      );
    if (!order) await pause(random, 300);
  }
  if (!order) return;
  if (order.handoverPin) scene.pins.set(order.orderId, order.handoverPin);
  void follow(scene, customer, order.orderId);

  if (random.chance(0.2)) await tip(scene, random, customer, order.orderId);
  if (random.chance(0.1)) {
    const other = { ...body, note: "something else" };
    const reused = await attempt(scene, customer, "POST /v1/orders", other, { "idempotency-key": key });
    if (reused.outcome !== "unknown" && reused.status !== 422)
      scene.history.complaints.push(`a used key with another body was answered ${reused.status}`);
  }
  if (random.chance(0.15)) {
    await pause(random, 500);
    const route = `POST /v1/orders/${order.orderId}/cancel` as const;
    const answers = await Promise.all([
      attempt(scene, customer, route),
      ...(random.chance(0.5) ? [attempt(scene, customer, route)] : []),
    ]);
    for (const { outcome, body: shown } of answers) if (outcome === "ok") recordShown(scene, route, shown);
  }
}

async function tip(scene: Scene, random: Random, customer: Eater, orderId: string) {
  await pause(random, 1_000);
  const tipCents = randomTip(random);
  const { outcome, body } = await attempt(scene, customer, `PUT /v1/orders/${orderId}/tip`, { tipCents });
  scene.history.tips.push({ orderId, tipCents, outcome });
  if (outcome === "ok") recordShown(scene, "PUT tip", body);
}

/** Places orders until the phase is closing or the budget is used up. */
export async function liveAsCustomer(
  scene: Scene,
  random: Random,
  customer: Eater,
  kitchens: ProofKitchen[],
) {
  while (!scene.phase.closing && !scene.phase.over && scene.phase.budget > 0) {
    scene.phase.budget--;
    await placeOne(scene, random, customer, random.pick(kitchens));
    await pause(random, scene.paceMs);
  }
}

/** Reads the customer's orders and their PINs, also of orders whose placement got no answer. */
export async function readPins(scene: Scene, customer: Eater) {
  while (!scene.phase.over) {
    const { body } = await attempt(scene, customer, "GET /v1/orders?limit=100");
    for (const order of (body.items ?? []) as Order[]) {
      recordShown(scene, "GET /v1/orders of a customer", order);
      if (order.handoverPin) scene.pins.set(order.orderId, order.handoverPin);
    }
    await Bun.sleep(500);
  }
}

/** The kitchen's next move for an order in this status; undefined for none yet. */
function kitchenMove(status: string, random: Random, finishing: boolean): string | undefined {
  if (!finishing && random.chance(0.3)) return undefined;
  const draw = finishing ? 1 : random.next();
  if (status === "pending") return draw < 0.08 ? "reject" : draw < 0.25 ? "prepare" : "accept";
  if (status === "accepted") return draw < 0.04 ? "cancel" : draw < 0.2 ? "ready" : "prepare";
  if (status === "preparing") return draw < 0.04 ? "cancel" : "ready";
  return status === "ready" && draw < 0.03 ? "cancel" : undefined;
}

async function changePrice(scene: Scene, random: Random, kitchen: ProofKitchen) {
  const { prices } = scene.history;
  const price: Price = {
    id: random.pick([...kitchen.dishIds, ...kitchen.optionIds]),
    cents: random.int(1, 30) * 50,
    from: Date.now(),
    until: Infinity,
  };
  const before = prices.filter(({ id, until }) => id === price.id && until === Infinity);
  prices.push(price);
  const { outcome } = await attempt(scene, kitchen, priceRoute(kitchen, price.id), {
    priceCents: price.cents,
  });
  if (outcome === "unknown") price.isUnsure = true;
  for (const old of before) if (outcome === "ok" && !old.isUnsure) old.until = Date.now();
}

export async function liveAsKitchen(scene: Scene, random: Random, kitchen: ProofKitchen) {
  while (!scene.phase.over) {
    const { finishing } = scene.phase;
    if (!finishing && random.chance(0.1)) await changePrice(scene, random, kitchen);
    const open = random.pick(["pending", "accepted", "preparing", "ready"]);
    const { body } = await attempt(scene, kitchen, `GET /v1/orders?status=${open}&limit=100`);
    const orders = (body.items ?? []) as Order[];
    for (const order of orders) recordShown(scene, "GET /v1/orders of a restaurant", order);
    await Promise.all(
      orders.slice(-AT_ONCE).map(async ({ orderId, status }) => {
        const action = kitchenMove(status, random, finishing);
        if (!action) return;
        const sent = {
          accept: { prepMinutes: 5 },
          reject: { reason: "too_busy" },
          cancel: { reason: "power cut" },
        }[action];
        const route = `POST /v1/orders/${orderId}/${action}` as const;
        const { outcome, body: shown } = await attempt(scene, kitchen, route, sent);
        if (outcome === "ok") recordShown(scene, route, shown);
      }),
    );
    await pause(random, finishing ? 40 : 120);
  }
}

/** The courier's next move for a delivery; undefined for none yet. */
function courierMove(delivery: Delivery, scene: Scene, random: Random): [string, object?] | undefined {
  const draw = scene.phase.finishing ? 1 : random.next();
  if (delivery.status === "assigned") {
    if (draw < 0.08) return ["decline"];
    // Some try to pick up before the food is ready, and are refused.
    return delivery.ready || draw < 0.12 ? ["pickup"] : undefined;
  }
  if (draw < 0.12) return ["fail", { reason: "refused" }];
  const pin = scene.pins.get(delivery.orderId);
  const wrongPin = pin === "0000" ? "0001" : "0000";
  return pin === undefined ? undefined : ["deliver", { pin: draw < 0.2 ? wrongPin : pin }];
}

export async function liveAsCourier(scene: Scene, random: Random, courier: Rider) {
  let onDuty = true;
  const setDuty = async (available: boolean) => {
    const { outcome } = await attempt(scene, courier, "PUT /v1/couriers/me/availability", { available });
    if (outcome === "ok") onDuty = available;
  };
  while (!scene.phase.over) {
    const { finishing } = scene.phase;
    if (finishing ? !onDuty : random.chance(0.04)) await setDuty(finishing || !onDuty);
    const { outcome, body } = await attempt(scene, courier, "GET /v1/deliveries?limit=20");
    const live = ((body.items ?? []) as Delivery[]).filter(({ status }) =>
      ["assigned", "picked_up"].includes(status),
    );
    if (outcome === "ok" && live.length > BICYCLE_CAPACITY)
      scene.history.complaints.push(`${courier.id} got ${live.length} live deliveries`);
    for (const delivery of live) {
      const [action, sent] = courierMove(delivery, scene, random) ?? [];
      if (!action) continue;
      const { orderId, deliveryId } = delivery;
      const done = await attempt(scene, courier, `POST /v1/deliveries/${deliveryId}/${action}`, sent);
      if (done.outcome === "ok")
        scene.history.courierActions.push({ courierId: courier.id, orderId, deliveryId, action });
    }
    if (live[0] && random.chance(0.1))
      await attempt(scene, courier, `POST /v1/deliveries/${live[0].deliveryId}/arrive`);
    if (random.chance(0.2)) {
      const location = { lat: courier.at.lat + random.next() / 1_000, lng: courier.at.lng };
      await attempt(scene, courier, "PUT /v1/couriers/me/location", { location });
    }
    await pause(random, finishing ? 100 : 200);
  }
}
