// Scenes that always show a planted bug of rounds or trips.
import { eventually } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import { expectStatus } from "../../actors.ts";
import { newRound, orderSpeaker } from "../../order-speaker.ts";
import { openPlaces } from "../../paused-holder.ts";
import { checkedAfter, newActors, place, type Scene } from "./staged.ts";

/** Delays each message, so that rounds overlap. */
const SLOW = { kind: "slow", ms: 100, jitterMs: 0 } as const;
const WAITING_ORDERS = 6;
/** By then each process has played a round. */
const SEARCHES = 4;

/** Returns the overlaps of rounds of one region, seen in their searches for couriers. Overlapping rounds assign no order
 * twice; they only waste work, which the lease prevents. */
export const overlappingRounds: Scene = async (platform) => {
  const found: string[] = [];
  const underWay = new Set<number>();
  let searches = 0;
  const { delivery } = platform.balancers;
  delivery.tap = {
    toServer(connection, chunk) {
      if (!chunk.toString("latin1", 0, 80).startsWith("POST /internal/couriers/search ")) return true;
      searches++;
      if (underWay.size > 0) found.push("two rounds plan the region at the same time");
      underWay.add(connection);
      return true;
    },
    toClient: (connection) => underWay.delete(connection) || true,
    closed: (connection) => void underWay.delete(connection),
  };
  const { customer, kitchen } = await newActors(platform);
  delivery.suffer(SLOW);
  const placing = Array.from({ length: WAITING_ORDERS }, () => place(customer, kitchen));
  const orderIds = await Promise.all(placing);
  await eventually(async () => found.length > 0 || searches >= SEARCHES);
  delivery.heal();
  // The next scene must find no waiting order.
  for (const orderId of orderIds)
    await eventually(async () => (await customer.send(`POST /v1/orders/${orderId}/cancel`)).status === 200);
  return found;
};

/** One order joins a trip before its pickup, which is allowed. Another order tries to join after it. */
export const lateJoins = checkedAfter(async (platform) => {
  const speaker = await orderSpeaker(platform);
  const { delivery: url } = platform.urls;
  const [at] = await openPlaces(platform, 1);
  if (!at) throw new Error("There is no place");
  const [first, second, third] = [newRound(), newRound(), newRound()];
  const trip = { tripId: newId("trp"), restaurantId: newId("rst") };
  const with_ = (...rounds: { orderId: string }[]) => ({
    ...trip,
    sequence: rounds.map((one) => one.orderId),
  });
  await speaker.assign(url, first, at, trip);
  const joined = expectStatus(await speaker.assign(url, second, at, with_(first, second)), 200);
  if (joined.outcomes[0]?.outcome !== "assigned")
    throw new Error("An order could not join before the pickup");
  await speaker.tell(url, first, "picked_up");
  await speaker.tell(url, second, "released");
  await speaker.assign(url, third, at, with_(first, third));
});

/** Orders wait, then couriers come on duty. Both order processes get each event. */
export const concurrentPlanners = checkedAfter(async (platform, _, databases) => {
  const { customer, kitchen, courierComes } = await newActors(platform);
  platform.balancers.delivery.suffer(SLOW);
  await Promise.all(Array.from({ length: WAITING_ORDERS }, () => place(customer, kitchen)));
  await Promise.all(Array.from({ length: WAITING_ORDERS }, courierComes));
  await eventually(async () => (await databases.read()).orders.every(({ courier }) => courier));
  // The second process writes within the time of a call.
  await Bun.sleep(10 * SLOW.ms);
});
