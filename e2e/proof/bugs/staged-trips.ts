// Scenes that always show a planted bug of rounds or trips.
import { eventually } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import type { Document } from "mongodb";
import { expectStatus } from "../../actors.ts";
import { tapMongo } from "../../mongo-tap.ts";
import { newRound, orderSpeaker } from "../../order-speaker.ts";
import { openPlaces } from "../../paused-holder.ts";
import type { TcpProxy } from "../../proxy.ts";
import { checkedAfter, newActors, place, type Scene } from "./staged.ts";

/** Delays each message, so that rounds overlap. */
const SLOW = { kind: "slow", ms: 100, jitterMs: 0 } as const;
const WAITING_ORDERS = 6;
/** By then each process has played a round. */
const ROUNDS = 4;

/** Calls `onTake` when MongoDB has granted the lease of a region, and `onReturn` before it gets the lease back: what happens
 * between the two happens under the lease, however slow the machine is. */
function tapLeases(
  proxy: TcpProxy | undefined,
  onTake: (region: string, until: Date) => void,
  onReturn: (region: string) => void,
) {
  const writeIn = ({ update, updates }: Document) => (update === "regions" ? updates[0] : undefined);
  tapMongo(proxy, {
    command(command) {
      const write = writeIn(command);
      if (write?.u.$unset) onReturn(write.q._id);
      return write && Promise.resolve();
    },
    answer(command, { writeErrors }) {
      const { q, u } = writeIn(command);
      if (u.$set?.leasedUntil && !writeErrors) onTake(q._id, u.$set.leasedUntil);
    },
  });
}

/** Returns the overlaps of rounds of one region, seen in their leases. Overlapping rounds assign no order twice; they only
 * waste work, which the lease prevents until it expires. */
export const overlappingRounds: Scene = async (platform) => {
  const found: string[] = [];
  const underWay = new Map<string, { name: string; until: Date }>();
  let rounds = 0;
  for (const { name, proxies } of platform.replicas.order)
    tapLeases(
      proxies.mongo,
      (region, until) => {
        rounds++;
        const other = underWay.get(region);
        if (other && other.name !== name && other.until.getTime() > Date.now())
          found.push(`two rounds plan the region at the same time: of ${other.name} and ${name}`);
        underWay.set(region, { name, until });
      },
      (region) => underWay.get(region)?.name === name && underWay.delete(region),
    );
  const { delivery } = platform.balancers;
  const { customer, kitchen } = await newActors(platform);
  delivery.suffer(SLOW);
  const placing = Array.from({ length: WAITING_ORDERS }, () => place(customer, kitchen));
  const orderIds = await Promise.all(placing);
  await eventually(async () => found.length > 0 || rounds >= ROUNDS);
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
