// The course of a replay: register all actors, play the day, and end what is still open.
import { isFinal, isOpen, isSettled, type OrderRecord } from "./book.ts";
import { type Clock, Stopped } from "./clock.ts";
import { type Courier, registerCourier } from "./couriers/courier.ts";
import { sendHome, workShift } from "./couriers/couriers.ts";
import type { Encounters } from "./couriers/trips.ts";
import { type Customer, follow, lookUp, placeOrder, registerCustomer, tellPin } from "./customers.ts";
import { cook, giveUpOrder, type Kitchen, openRestaurant, takeOrders } from "./restaurants.ts";
import type { Company, Stage } from "./stage.ts";

/** The accounts of all actors, by the instance's ids. */
export interface Cast {
  kitchens: Map<string, Kitchen>;
  customers: Map<string, Customer>;
  couriers: Courier[];
}

const AT_ONCE_MAX = 6;

/** Runs a task for each item, a few at a time. Throws the first error. */
async function forAll<T>(
  things: T[],
  run: (thing: T) => Promise<void>,
  atOnceMax = AT_ONCE_MAX,
): Promise<void> {
  const queue = things.values();
  const lanes = Array.from({ length: atOnceMax }, async () => {
    for (const thing of queue) await run(thing);
  });
  await Promise.all(lanes);
}

/** Registers restaurants, customers and couriers. Throws for the first that cannot be registered. */
export async function gatherCast(
  company: Company,
  onProgress: (done: number, all: number) => void,
): Promise<Cast> {
  const { instance, book } = company;
  const cast: Cast = { kitchens: new Map(), customers: new Map(), couriers: [] };
  const tasks: (() => Promise<unknown>)[] = [
    ...instance.restaurants.map((restaurant) => async () => {
      cast.kitchens.set(restaurant.id, await openRestaurant(company, restaurant));
    }),
    ...book.couriers.map((record) => async () => {
      cast.couriers.push(await registerCourier(company, record));
    }),
    ...book.orders.map(({ order }) => async () => {
      cast.customers.set(order.id, await registerCustomer(company, order));
    }),
  ];
  let done = 0;
  await forAll(tasks, async (task) => {
    await task();
    onProgress(++done, tasks.length);
  });
  return cast;
}

/** Runs an actor. Ignores Stopped; stops the clock when the actor fails. */
async function perform(clock: Clock, act: Promise<void>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Stopped) return;
    clock.stop();
    throw error;
  }
}

function castMember<T>(members: Map<string, T>, id: string): T {
  const member = members.get(id);
  if (!member) throw new Error(`There is no actor for ${id}`);
  return member;
}

function encountersOf({ instance }: Stage, cast: Cast, ownCourierIds: Set<string>): Encounters {
  const spots = new Map(
    instance.restaurants.map(({ id, spot }) => [castMember(cast.kitchens, id).name, spot] as const),
  );
  const customerOf = ({ order }: OrderRecord) => castMember(cast.customers, order.id);
  return {
    restaurantSpot: (name) => spots.get(name),
    askPin: (record) => tellPin(customerOf(record), record),
    handedOver: (record) => lookUp(customerOf(record), record, ownCourierIds),
  };
}

/** Waits until every order is settled, at most `patienceMinutes` after the last placement. */
async function untilSettled({ clock, book, pace }: Stage, patienceMinutes: number) {
  const lastMinute = Math.max(...book.orders.map(({ order }) => order.placementMinute));
  while (!book.orders.every(isSettled) && clock.now() < lastMinute + patienceMinutes)
    await clock.sleep(Math.min(pace.pollMs, 250));
}

/** Plays the day until every order is settled, the patience is over, or the clock is stopped. */
export async function playDay(stage: Stage, cast: Cast, patienceMinutes: number): Promise<void> {
  const { clock, book } = stage;
  const ownCourierIds = new Set(cast.couriers.map(({ courierId }) => courierId));
  const met = encountersOf(stage, cast, ownCourierIds);

  async function liveThrough(record: OrderRecord) {
    const kitchen = castMember(cast.kitchens, record.order.restaurant);
    const customer = castMember(cast.customers, record.order.id);
    if (!(await placeOrder(stage, customer, kitchen, record))) return;
    await Promise.all([cook(stage, kitchen, record), follow(stage, customer, record, ownCourierIds)]);
  }
  const acts = [
    ...book.orders.map((record) => perform(clock, liveThrough(record))),
    ...cast.couriers.map((courier) => perform(clock, workShift(stage, courier, met))),
  ];
  const watch = perform(clock, untilSettled(stage, patienceMinutes)).finally(clock.stop);
  await Promise.all([watch, ...acts]);
}

/** Reads all open orders a last time, so that the report has their final status. */
export async function lookUpOpenOrders({ book }: Company, cast: Cast): Promise<void> {
  const ownCourierIds = new Set(cast.couriers.map(({ courierId }) => courierId));
  await forAll(book.orders.filter(isOpen), (record) =>
    lookUp(castMember(cast.customers, record.order.id), record, ownCourierIds),
  );
}

/** Ends the replay on the platform: restaurants take no more orders, couriers go off duty, picked-up orders fail, and other
 * open orders are cancelled, so that they do not occupy other couriers. */
export async function clearStage({ book }: Company, { kitchens, couriers }: Cast): Promise<void> {
  await forAll([...kitchens.values()], async (kitchen) => {
    await takeOrders(kitchen, false);
  });
  await forAll(couriers, async (courier) => {
    const { onMinute, offMinute } = courier.record;
    if (onMinute !== undefined && offMinute === undefined) await sendHome(courier);
  });
  await forAll(book.orders, async (record) => {
    if (record.orderId !== undefined && !isFinal(record.status))
      await giveUpOrder(castMember(kitchens, record.order.restaurant), record);
  });
}
