// A restaurant accepts each order soon after its placement, starts to cook half way to the instance's ready time, and reports
// ready at that time.
import type { Order } from "@food/shared/contracts/order";
import type { Dish, Restaurant } from "@food/shared/contracts/restaurant";
import type { Page } from "@food/shared/values/page";
import type { InstanceRestaurant } from "../day/instance.ts";
import { distanceBetween } from "../day/plane.ts";
import { type Book, isFinal, type OrderRecord } from "./book.ts";
import { Session } from "./session.ts";
import { accountOf, addressAt, type Company, jittered, type Stage } from "./stage.ts";

export interface Kitchen {
  session: Session;
  restaurantId: string;
  name: string;
  dishIds: string[];
}

const DISHES = [
  { name: "Noodle soup", category: "Mains", description: "With spring onions", priceCents: 1150 },
  { name: "Dumplings", category: "Starters", description: "Eight of them", priceCents: 690 },
  { name: "Lemonade", category: "Drinks", description: "", priceCents: 350 },
];
const RADIUS_METERS_MIN = 500;
/** More than the error of the projection. */
const RADIUS_MARGIN = 1.02;

/** The delivery radius that reaches all customers of the restaurant. */
export function radiusMetersOf({ id, spot }: InstanceRestaurant, { orders }: Book): number {
  const distances = orders
    .filter(({ order }) => order.restaurant === id)
    .map(({ order }) => distanceBetween(spot, order.spot));
  return Math.ceil(Math.max(RADIUS_METERS_MIN, ...distances) * RADIUS_MARGIN);
}

export async function openRestaurant(company: Company, restaurant: InstanceRestaurant): Promise<Kitchen> {
  const name = `Restaurant ${restaurant.id} (${company.runId})`;
  const account = accountOf(company, "restaurant", restaurant.id);
  const session = await Session.register(company.api, account, "/v1/restaurants", {
    name,
    cuisines: ["replay"],
    phone: "+49 30 1234567",
    address: addressAt(company, name, restaurant.spot),
    currency: "EUR",
    deliveryRadiusMeters: radiusMetersOf(restaurant, company.book),
    deliveryFeeCents: 290,
    prepMinutes: 15,
  });
  const { restaurantId } = await session.require<Restaurant>({ method: "GET", path: "/v1/restaurants/me" });
  const dishIds: string[] = [];
  for (const dish of DISHES) {
    const body = { ...dish, available: true };
    const { dishId } = await session.require<Dish>({
      method: "POST",
      path: "/v1/restaurants/me/dishes",
      body,
    });
    dishIds.push(dishId);
  }
  const kitchen = { session, restaurantId, name, dishIds };
  if (!(await takeOrders(kitchen, true))) throw new Error(`${name} could not start to take orders`);
  return kitchen;
}

export async function takeOrders({ session }: Kitchen, acceptingOrders: boolean): Promise<boolean> {
  const path = "/v1/restaurants/me/availability";
  return (await session.send({ method: "PUT", path, body: { acceptingOrders } })).ok;
}

type KitchenMove = "accept" | "reject" | "prepare" | "ready" | "cancel";

/** Returns undefined when the order has already ended. */
async function move(
  kitchen: Kitchen,
  record: OrderRecord,
  action: KitchenMove,
  body?: object,
): Promise<Order | undefined> {
  const path = `/v1/orders/${record.orderId}/${action}`;
  const answer = await kitchen.session.send<Order>({ method: "POST", path, body, expected: [409] });
  return answer.ok ? answer.body : undefined;
}

/** The platform's DAY_SPEED, estimated from the promised time of an order. */
function daySpeedOf(prepMinutes: number, { readyAt }: Order): number | undefined {
  const minutes = readyAt && (Date.parse(readyAt) - Date.now()) / 60_000;
  return minutes && minutes > 0 ? prepMinutes / minutes : undefined;
}

const PENDING_TRIES = 5;

/** Waits until the order is among the pending ones, or has ended. */
async function noticeOrder({ clock, pace, api }: Stage, { session }: Kitchen, record: OrderRecord) {
  const path = "/v1/orders?status=pending&limit=100";
  for (let tries = 0; tries < PENDING_TRIES && !isFinal(record.status); tries++) {
    await clock.sleep(jittered(pace.pollMs / 2));
    const answer = await session.send<Page<Order>>({ method: "GET", path });
    if (answer.ok && answer.body.items.some(({ orderId }) => orderId === record.orderId)) return;
  }
  if (!isFinal(record.status))
    api.traffic.countError("GET /v1/orders?status=pending without a pending order");
}

/** Handles one order in the kitchen, from its placement on. */
export async function cook(stage: Stage, kitchen: Kitchen, record: OrderRecord): Promise<void> {
  const { clock, promisedMinute } = stage;
  const { readyMinute } = record.order;
  await noticeOrder(stage, kitchen, record);
  const prepMinutes = Math.min(240, Math.max(1, Math.round(promisedMinute(record.order) - clock.now())));
  const accepted = await move(kitchen, record, "accept", { prepMinutes });
  if (!accepted) return;
  stage.book.daySpeed ??= daySpeedOf(prepMinutes, accepted);
  await clock.until(clock.now() + (readyMinute - clock.now()) / 2);
  if (!(await move(kitchen, record, "prepare"))) return;
  await clock.until(readyMinute);
  const readyAt = clock.now();
  if (await move(kitchen, record, "ready")) record.readyMinute = readyAt;
}

/** Cancels or rejects an order that is open at the end of the replay. */
export async function giveUpOrder(kitchen: Kitchen, record: OrderRecord): Promise<void> {
  const isCancelled = await move(kitchen, record, "cancel", { reason: "The replay has ended" });
  if (!isCancelled) await move(kitchen, record, "reject", { reason: "other" });
}
