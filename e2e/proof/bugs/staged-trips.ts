// The moments in which bugs of rounds and trips show, brought about on purpose.
import { eventually } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import { expectStatus } from "../../actors.ts";
import { newRound, orderSpeaker } from "../../order-speaker.ts";
import { openPlaces } from "../../paused-holder.ts";
import { checkedAfter, people, place, type Scene } from "./staged.ts";

/** A question takes as long as it does when much is going on. */
const SLOW = { kind: "slow", ms: 100, jitterMs: 0 } as const;
const WAITING_ORDERS = 6;
/** Each process has made a round by then. */
const QUESTIONS = 4;

/** Where the rounds of the order processes overlap, by what they ask the delivery service while no courier is there.
 * Doubled rounds double nothing, and are work for nothing: that is all that a lease is for. */
export const doubledRounds: Scene = async (platform) => {
  const found: string[] = [];
  const underWay = new Set<number>();
  let questions = 0;
  const { delivery } = platform.balancers;
  delivery.tap = {
    toServer(connection, chunk) {
      if (!chunk.toString("latin1", 0, 80).startsWith("POST /internal/couriers/search ")) return true;
      questions++;
      if (underWay.size > 0) found.push("the region is planned for twice at once");
      underWay.add(connection);
      return true;
    },
    toClient: (connection) => underWay.delete(connection) || true,
    closed: (connection) => void underWay.delete(connection),
  };
  const { customer, kitchen } = await people(platform);
  delivery.suffer(SLOW);
  const placing = Array.from({ length: WAITING_ORDERS }, () => place(customer, kitchen));
  const orderIds = await Promise.all(placing);
  await eventually(async () => found.length > 0 || questions >= QUESTIONS);
  delivery.heal();
  // Nobody waits when the next scene looks at the rounds.
  for (const orderId of orderIds)
    await eventually(async () => (await customer.send(`POST /v1/orders/${orderId}/cancel`)).status === 200);
  return found;
};

/** An order joins a trip before its pickup, as it may, and another one after it, as it must not. */
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

/** Orders wait, and couriers come, of whom both order processes hear. */
export const twoLeaders = checkedAfter(async (platform, _, databases) => {
  const { customer, kitchen, courierComes } = await people(platform);
  platform.balancers.delivery.suffer(SLOW);
  await Promise.all(Array.from({ length: WAITING_ORDERS }, () => place(customer, kitchen)));
  await Promise.all(Array.from({ length: WAITING_ORDERS }, courierComes));
  await eventually(async () => (await databases.read()).orders.every(({ courier }) => courier));
  // Whoever comes second writes within the time that a call takes.
  await Bun.sleep(10 * SLOW.ms);
});
