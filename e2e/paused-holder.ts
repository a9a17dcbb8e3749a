// Pauses a process between taking a lock and writing, for longer than the lock lives. Another process does
// the same work, then the first one writes late. The database, the answers and MongoDB's reply to each late
// write show whether anything is assigned twice.

import type { DeliveryOutcome, TripOutcomes } from "@food/shared/contracts/trip";
import { type Answer, eventually, testRedisUrl } from "@food/shared/testing/tools";
import { Redis } from "ioredis";
import { type Document, MongoClient } from "mongodb";
import { courierOnDuty, expectStatus } from "./actors.ts";
import { tapMongo } from "./mongo-tap.ts";
import { newRound, orderSpeaker, type Place, type Round } from "./order-speaker.ts";
import type { Platform } from "./platform.ts";
import type { Replica } from "./replica.ts";

/** Where the process pauses: before the claim of the courier, or between the claim and the trip. */
export type Step = "claim" | "insert";

interface Pause {
  holder: Replica;
  other: Replica;
  places: Place[];
  step: Step;
  /** Waits until the locks expire. Otherwise the test deletes them, which has the same effect on other
   * processes. */
  untilLocksEnd?: () => Promise<unknown>;
}

export interface Findings {
  tries: number;
  /** Late writes that MongoDB accepted. */
  lateWritesTaken: number;
  /** Couriers with more than one order at once, and orders with more than one courier. */
  doubles: string[];
  /** Answers that name a courier who does not have the order. */
  broken: string[];
}

interface LiveTrip {
  _id: string;
  live: boolean;
  courierId: string;
  liveOrderIds: string[];
  deliveries: { deliveryId: string; orderId: string; live: boolean }[];
}

const isStep: Record<Step, (command: Document) => boolean> = {
  claim: ({ findAndModify, update }) => findAndModify === "couriers" && Boolean(update?.$set?.claim),
  insert: ({ insert }) => insert === "trips",
};

/** The order in the command of a step. */
const orderIn = ({ update, documents }: Document): string =>
  (update?.$set.claim.orderIds ?? documents?.[0]?.liveOrderIds)?.[0] ?? "";

/** One free courier at each of `count` places, each out of reach of the others. */
export const openPlaces = (platform: Platform, count: number): Promise<Place[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const at = { lat: i - 40, lng: 13.4 };
      return { at, courier: await courierOnDuty(platform, at) };
    }),
  );

/** The delivery and courier of an answer. */
function assignmentIn(answer: Answer<TripOutcomes> | undefined): [string, string][] {
  if (answer?.status !== 200) return [];
  return answer.body.outcomes.flatMap((one) =>
    one.outcome === "assigned" ? [[one.deliveryId, one.courier.courierId]] : [],
  );
}

const outcomeIn = (answer: Answer<TripOutcomes>): DeliveryOutcome["outcome"] | undefined =>
  expectStatus(answer, 200).outcomes[0]?.outcome;

const repeated = <T extends string>(values: T[]) => values.filter((value, i) => values.indexOf(value) < i);

export async function openPausedHolders(platform: Platform) {
  const mongo = new MongoClient(platform.mongoUrls.delivery);
  const redis = new Redis(testRedisUrl());
  const db = mongo.db();
  const live = (places: Place[]) =>
    db
      .collection<LiveTrip>("trips")
      .find({ live: true, courierId: { $in: places.map(({ courier }) => courier.id) } })
      .toArray();
  const speaker = await orderSpeaker(platform);
  const assign = (replica: Replica, round: Round, place: Place) => speaker.assign(replica.url, round, place);

  async function endLocks(tries: { place: Place }[]) {
    for (const { place } of tries) await redis.del(`lock:courier:${place.courier.id}`);
  }

  /** Makes the claims older, and waits until the sweep has removed them. */
  async function abandonClaims(places: Place[]) {
    const ids = places.map(({ courier }) => courier.id);
    const couriers = db.collection<{ _id: string; claim: { at: Date } | null }>("couriers");
    await couriers.updateMany(
      { _id: { $in: ids }, claim: { $ne: null } },
      { $set: { "claim.at": new Date(Date.now() - 60_000) } },
    );
    await eventually(
      async () => (await couriers.countDocuments({ _id: { $in: ids }, claim: null })) === ids.length,
    );
  }

  /** At every second place the other process gets the same order, elsewhere another one. */
  async function pauseHolder({ holder, other, places, step, untilLocksEnd }: Pause): Promise<Findings> {
    const tries = places.map((place, i) => {
      const order = newRound();
      return { place, order, rival: i % 2 === 0 ? newRound() : order };
    });
    const letGo = Promise.withResolvers<void>();
    const held = new Set<string>();
    let lateWrites = 0;
    let lateWritesTaken = 0;
    const untap = tapMongo(holder.proxies.mongo, {
      command(command) {
        if (!isStep[step](command)) return undefined;
        const orderId = orderIn(command);
        if (held.has(orderId) || !tries.some(({ order }) => order.orderId === orderId)) return undefined;
        held.add(orderId);
        return letGo.promise;
      },
      answer(_, { n, value, writeErrors }) {
        lateWrites += 1;
        if (value === undefined ? n > 0 && !writeErrors : value !== null) lateWritesTaken += 1;
      },
    });

    const late = tries.map(({ order, place }) => assign(holder, order, place).catch(() => undefined));
    await eventually(async () => held.size === tries.length);
    holder.pause();
    await (untilLocksEnd?.() ?? endLocks(tries));

    // A claimed courier is not free until the sweep removes the claim.
    if (step === "insert") await abandonClaims(places);
    const answered = await Promise.all(tries.map(({ rival, place }) => assign(other, rival, place)));
    for (const answer of answered)
      if (outcomeIn(answer) !== "assigned")
        throw new Error(`The other process found no courier: ${JSON.stringify(answer.body)}`);

    letGo.resolve();
    await eventually(async () => lateWrites === tries.length);
    holder.resume();
    const lateAnswers = await Promise.all(late);
    untap();
    const told = [...answered, ...lateAnswers].flatMap(assignmentIn);
    const after = await live(places);
    const findings = {
      tries: tries.length,
      lateWritesTaken,
      doubles: [
        ...repeated(after.map((one) => one.courierId)),
        ...repeated(after.flatMap((one) => one.liveOrderIds)),
      ],
      broken: told
        .filter(
          (one) =>
            !after.some(
              ({ courierId, deliveries }) =>
                courierId === one[1] &&
                deliveries.some(({ deliveryId, live }) => live && deliveryId === one[0]),
            ),
        )
        .map(String),
    };
    for (const round of after.flatMap(({ deliveries }) => deliveries))
      await speaker.tell(other.url, round, "released");
    return findings;
  }

  return { pauseHolder, abandonClaims, close: () => Promise.all([mongo.close(), redis.quit()]) };
}
