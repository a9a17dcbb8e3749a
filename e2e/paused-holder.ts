// A process that stops between taking a lock and writing, for longer than the lock lives, while another process does
// the same work; then it goes on and writes late. Whether that doubles anything is read from the database, from the
// answers, and from what MongoDB said to each late write.

import { readSigningKeys, SERVICE_ROLE, tokenSigner } from "@food/shared/auth/tokens";
import type { AssignOutcome, AssignRequest } from "@food/shared/contracts/delivery";
import { type Answer, call, eventually, testRedisUrl } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import { Redis } from "ioredis";
import { type Document, MongoClient } from "mongodb";
import { type Actor, courierOnDuty, expectStatus } from "./actors.ts";
import { tapMongo } from "./mongo-tap.ts";
import type { Platform } from "./platform.ts";
import type { Replica } from "./replica.ts";

/** Where the process stops: before it claims the courier, or between the claim and the delivery. */
export type Step = "claim" | "insert";

interface Place {
  at: { lat: number; lng: number };
  courier: Actor;
}

interface Round {
  holder: Replica;
  other: Replica;
  places: Place[];
  step: Step;
  /** Waits until the locks have ended. Without it they are ended early by hand, which is the same to everybody else. */
  untilLocksEnd?: () => Promise<unknown>;
}

export interface Findings {
  tries: number;
  /** Late writes that MongoDB let through. */
  lateWritesTaken: number;
  /** Couriers with more than one order at once, and orders with more than one courier. */
  doubles: string[];
  /** Who was told that a courier comes, and none does. */
  broken: string[];
}

interface LiveDelivery {
  _id: string;
  live: boolean;
  orderId: string;
  courierId: string;
}

const isStep: Record<Step, (command: Document) => boolean> = {
  claim: ({ update, updates }) => update === "couriers" && Boolean(updates?.[0]?.u.$set?.claim),
  insert: ({ insert }) => insert === "deliveries",
};

/** One free courier at each of so many places, too far apart for any other to come. */
export const openPlaces = (platform: Platform, count: number): Promise<Place[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const at = { lat: i - 40, lng: 13.4 };
      return { at, courier: await courierOnDuty(platform, at) };
    }),
  );

/** The delivery and the courier that somebody was told of. */
function toldOf(answer: Answer<AssignOutcome> | undefined): [string, string][] {
  if (answer?.status !== 200 || answer.body.outcome !== "assigned") return [];
  return [[answer.body.deliveryId, answer.body.courier.courierId]];
}

const repeated = <T extends string>(values: T[]) => values.filter((value, i) => values.indexOf(value) < i);

export async function openPausedHolders(platform: Platform) {
  const mongo = new MongoClient(platform.mongoUrls.delivery);
  const redis = new Redis(testRedisUrl());
  const db = mongo.db();
  const live = (places: Place[]) =>
    db
      .collection<LiveDelivery>("deliveries")
      .find({ live: true, courierId: { $in: places.map(({ courier }) => courier.id) } })
      .toArray();
  const sign = tokenSigner("order", await readSigningKeys(platform.signingKeys.order));
  const token = await sign({ subject: "order", role: SERVICE_ROLE, audience: ["delivery"], ttlSeconds: 900 });

  const put = (replica: Replica, path: string, body: object) =>
    call<AssignOutcome>(replica.url, `PUT /internal/deliveries/${path}`, { token, body });
  const assign = (replica: Replica, { orderId, deliveryId }: ReturnType<typeof newOrder>, { at }: Place) => {
    const address = { line1: "Way 1", city: "Berlin", postalCode: "10115", country: "DE", location: at };
    const request: AssignRequest = {
      orderId,
      orderVersion: 1,
      pickup: { name: "Da Enzo", address },
      dropoff: { address },
    };
    return put(replica, deliveryId, request);
  };
  const newOrder = () => ({ orderId: newId("ord"), deliveryId: newId("dlv") });

  async function endLocks(tries: { place: Place; order: { orderId: string } }[]) {
    for (const { place, order } of tries)
      await redis.del(`lock:order:${order.orderId}`, `lock:courier:${place.courier.id}`);
  }

  /** Makes the claims older than they are, and waits until somebody has swept them away. */
  async function abandonClaims(places: Place[]) {
    const ids = places.map(({ courier }) => courier.id);
    const couriers = db.collection<{ _id: string; claim: { at: Date } | null }>("couriers");
    await couriers.updateMany(
      { _id: { $in: ids }, claim: { $ne: null } },
      { $set: { "claim.at": new Date(Date.now() - 60_000) } },
    );
    await eventually(
      async () => (await couriers.countDocuments({ _id: { $in: ids }, claim: null })) === ids.length,
      20_000,
    );
  }

  /** At every second place the other process is asked about the same order, elsewhere about another one. */
  async function pauseHolder({ holder, other, places, step, untilLocksEnd }: Round): Promise<Findings> {
    const tries = places.map((place, i) => {
      const order = newOrder();
      return { place, order, rival: i % 2 === 0 ? newOrder() : order };
    });
    const letGo = Promise.withResolvers<void>();
    const held = new Set<string>();
    let lateWrites = 0;
    let lateWritesTaken = 0;
    const untap = tapMongo(holder.proxies.mongo, {
      command(command) {
        const written = command.updates?.[0]?.u.$set.claim ?? command.documents?.[0];
        if (!isStep[step](command) || held.has(written.orderId)) return undefined;
        if (!tries.some(({ order }) => order.orderId === written.orderId)) return undefined;
        held.add(written.orderId);
        return letGo.promise;
      },
      answer(_, { n, writeErrors }) {
        lateWrites += 1;
        if (n > 0 && !writeErrors) lateWritesTaken += 1;
      },
    });

    const late = tries.map(({ order, place }) => assign(holder, order, place).catch(() => undefined));
    await eventually(async () => held.size === tries.length);
    holder.pause();
    await (untilLocksEnd?.() ?? endLocks(tries));

    const rivals = tries.filter(({ order, rival }) => rival !== order);
    const again = tries.filter(({ order, rival }) => rival === order);
    const answered = await Promise.all(again.map(({ rival, place }) => assign(other, rival, place)));
    if (step === "insert") await abandonClaims(rivals.map(({ place }) => place));
    answered.push(...(await Promise.all(rivals.map(({ rival, place }) => assign(other, rival, place)))));
    for (const answer of answered)
      if (expectStatus(answer, 200).outcome !== "assigned")
        throw new Error(`The other process found nobody: ${JSON.stringify(answer.body)}`);

    letGo.resolve();
    await eventually(async () => lateWrites === tries.length);
    holder.resume();
    const lateAnswers = await Promise.all(late);
    untap();
    const told = [...answered, ...lateAnswers].flatMap(toldOf);
    const after = await live(places);
    const findings = {
      tries: tries.length,
      lateWritesTaken,
      doubles: [...repeated(after.map((one) => one.courierId)), ...repeated(after.map((one) => one.orderId))],
      broken: told
        .filter((one) => !after.some(({ _id, courierId }) => _id === one[0] && courierId === one[1]))
        .map(String),
    };
    for (const { _id, orderId } of after)
      await put(other, `${_id}/order`, { orderId, orderVersion: 9, status: "released", ready: false });
    await abandonClaims(places);
    return findings;
  }

  return { pauseHolder, close: () => Promise.all([mongo.close(), redis.quit()]) };
}
