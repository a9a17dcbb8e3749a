// A courier's stream of their deliveries.
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { courierChannel } from "@food/shared/contracts/live";
import { type EventReader, headsOf, openEventStream, openStreamsOf } from "@food/shared/testing/event-stream";
import { type Gate, gateTo, gateToRedis, whyNotCutOff } from "@food/shared/testing/gate";
import { primaryOf, withProxy } from "@food/shared/testing/mongo-url";
import {
  call,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
  publishTo,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { Collection } from "mongodb";
import { courierStore } from "../couriers/store.ts";
import {
  aNewDelivery,
  aTrip,
  type DeliveryService,
  startDeliveryService,
  type TestCourier,
} from "../delivery-service.builder.ts";
import { tripStore } from "../trips/store.ts";
import { changedDeliveries } from "./changed-deliveries.ts";
import type { Delivery } from "./schema.ts";

const named = ({ events }: EventReader, name: string) => events.filter(({ event }) => event === name);
const snapshotOf = (stream: EventReader) =>
  (named(stream, "snapshot")[0]?.data.items ?? []) as unknown as Delivery[];
const toldOf = (stream: EventReader) =>
  named(stream, "delivery").map(({ data }) => `${data.status}${data.ready ? ", ready" : ""}`);

describeWithDatabases("GET /v1/deliveries/events", () => {
  const mongoUrl = freshMongoUrl();
  let gate: Gate;
  let service: DeliveryService;
  let replica: DeliveryService;
  /** Has no Redis, so it publishes nothing. */
  let silent: DeliveryService;
  beforeAll(async () => {
    gate = gateToRedis();
    service = await startDeliveryService({ mongoUrl, redisUrl: gate.url });
    const { order } = service;
    const { keys, signToken } = service.base;
    replica = await startDeliveryService({ mongoUrl, order, keys, signToken });
    silent = await startDeliveryService({ mongoUrl, order, redisUrl: NO_REDIS });
  });
  afterAll(() => gate.stop());

  const open = (by: { token?: string }, { url } = service, headers = {}) =>
    openEventStream(`${url}/v1/deliveries/events`, {
      ...headers,
      ...(by.token && { authorization: `Bearer ${by.token}` }),
    });
  async function follow(by: TestCourier, at = service) {
    const stream = await open(by, at);
    await eventually(async () => named(stream, "snapshot").length === 1);
    await eventually(async () => named(stream, "live").length === named(stream, "degraded").length);
    return stream;
  }
  const aFreeCourier = () => service.aCourier();
  async function assign({ courierId }: TestCourier, at = service, orderId?: string) {
    const trip = aTrip(courierId, { deliveries: [aNewDelivery(orderId ? { orderId } : {})] });
    expect((await at.assign(trip)).body.outcomes[0]?.outcome).toBe("assigned");
    const [delivery = aNewDelivery()] = trip.deliveries;
    return { deliveryId: delivery.deliveryId, orderId: delivery.orderId };
  }
  const ready = ({ deliveryId, orderId }: { deliveryId: string; orderId: string }, at = service) =>
    at.follow(deliveryId, orderId, { status: "assigned", orderVersion: 3, ready: true });
  const end = ({ deliveryId, orderId }: { deliveryId: string; orderId: string }, at = service) =>
    at.follow(deliveryId, orderId, { status: "released", orderVersion: 4, reason: "cancelled" });

  test.each([
    ["the same replica", () => service],
    ["another replica", () => replica],
  ])("answers 200 and streams what %s assigns, marks ready and releases", async (_, doing) => {
    const courier = await aFreeCourier();
    const stream = await follow(courier);
    expect([stream.status, stream.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    expect(snapshotOf(stream)).toEqual([]);
    const delivery = await assign(courier, doing());
    await eventually(async () => toldOf(stream).length === 1);
    const written = { status: "assigned", orderVersion: 2 } as const;
    await doing().follow(delivery.deliveryId, delivery.orderId, written);
    await ready(delivery, doing());
    await eventually(async () => toldOf(stream).length === 2);
    await end(delivery, doing());
    await eventually(async () => toldOf(stream).length === 3);
    expect(toldOf(stream)).toEqual(["assigned", "assigned, ready", "released"]);
    expect(named(stream, "delivery").map(({ id }) => id)).toEqual(
      [1, 3, 4].map((n) => `${delivery.deliveryId}:${n}`),
    );
    expect(named(stream, "delivery")[2]?.data).toMatchObject({ ...delivery, reason: "cancelled" });
    stream.close();
  });

  test("begins with the courier's current delivery, on any replica", async () => {
    const courier = await aFreeCourier();
    const delivery = await assign(courier);
    for (const at of [service, replica]) {
      const stream = await follow(courier, at);
      expect(snapshotOf(stream)).toMatchObject([{ ...delivery, status: "assigned", ready: false }]);
      stream.close();
    }
    await end(delivery);
    const stream = await follow(courier, replica);
    expect(snapshotOf(stream)).toEqual([]);
    stream.close();
  });

  test("sends the changes that the courier makes", async () => {
    const courier = await aFreeCourier();
    const delivery = await assign(courier);
    const stream = await follow(courier);
    expect((await service.act(courier, delivery.deliveryId, "pickup")).status).toBe(200);
    await eventually(async () => toldOf(stream).length === 1);
    expect((await service.act(courier, delivery.deliveryId, "deliver", { pin: "0417" })).status).toBe(200);
    expect(named(stream, "delivery")[0]?.data.status).toBe("picked_up");
    stream.close();
  });

  test("publishes the courier's arrivals at the restaurant and at the door", async () => {
    const courier = await aFreeCourier();
    const { deliveryId } = await assign(courier);
    const { subscriber } = replica.base;
    const versions = new Set<number>();
    subscriber.on("message", (_, text) => versions.add(JSON.parse(text).version));
    await subscriber.subscribe(courierChannel(courier.courierId));
    const trip = await service.trips().findOne({ "deliveries.deliveryId": deliveryId });
    await call(service.url, `POST /v1/trips/${trip?._id}/arrive`, { token: courier.token });
    await eventually(async () => versions.has(2));
    await service.act(courier, deliveryId, "pickup");
    const stored = await service.trips().findOne({ "deliveries.deliveryId": deliveryId });
    await service.act(courier, deliveryId, "arrive");
    await eventually(async () => versions.has((stored?.version ?? 0) + 1));
    await subscriber.unsubscribe(courierChannel(courier.courierId));
  });

  test("answers HEAD with the headers of a stream, and opens none", async () => {
    const { token } = await aFreeCourier();
    const url = `${service.url}/v1/deliveries/events`;
    const openBefore = await openStreamsOf(service.base);
    expect(await headsOf(url, { authorization: `Bearer ${token}` })).toEqual({ 200: 40 });
    expect(await headsOf(url, {})).toEqual({ 401: 40 });
    expect(await openStreamsOf(service.base)).toBeLessThanOrEqual(openBefore);
  });

  test("answers 401 without a token and 403 to another role", async () => {
    expect((await open({})).status).toBe(401);
    expect((await open({ token: await service.order.serviceToken("delivery") })).status).toBe(403);
  });

  test("answers 429 when the courier has too many open streams", async () => {
    const courier = await aFreeCourier();
    const all = await Promise.all(Array.from({ length: 50 }, () => open(courier)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await open(courier)).status).toBe(429);
    for (const { close } of all) close();
  });

  test("while MongoDB is away, answers 503 and sends `degraded` to open streams", async () => {
    const mongo = gateTo(`mongodb://${await primaryOf(mongoUrl)}`);
    const direct = withProxy(mongoUrl, Number(new URL(mongo.url).port));
    const { keys, signToken } = service.base;
    const cutOff = await startDeliveryService({ mongoUrl: direct, order: service.order, keys, signToken });
    const courier = await aFreeCourier();
    const stream = await follow(courier, cutOff);
    const before = named(stream, "degraded").length;
    mongo.cut();
    const delivery = await assign(courier, replica);
    await eventually(async () => named(stream, "degraded").length === before + 1);
    expect((await open(courier, cutOff)).status).toBe(503);
    mongo.open();
    await eventually(async () => named(stream, "live").length === before + 1);
    expect(toldOf(stream)).toEqual(["assigned"]);
    await end(delivery, replica);
    stream.close();
    mongo.stop();
  });

  test("shows no delivery of another courier, and not the next round of a declined order", async () => {
    const first = await aFreeCourier();
    const firsts = await follow(first);
    const declined = await assign(first);
    await eventually(async () => toldOf(firsts).length === 1);
    const other = await aFreeCourier();
    const others = await follow(other);
    expect((await service.act(first, declined.deliveryId, "decline")).status).toBe(200);
    const { deliveryId: nextRound } = await assign(other, service, declined.orderId);
    await publishTo(
      service.base.redis,
      courierChannel(first.courierId),
      JSON.stringify({ id: nextRound, version: 9 }),
    );
    await eventually(async () => toldOf(firsts).length === 2 && toldOf(others).length === 1);
    const ids = (stream: EventReader) =>
      new Set(named(stream, "delivery").map(({ data }) => data.deliveryId));
    expect([toldOf(firsts), ids(firsts)]).toEqual([["assigned", "released"], new Set([declined.deliveryId])]);
    expect([toldOf(others), ids(others)]).toEqual([["assigned"], new Set([nextRound])]);
    for (const { close } of [firsts, others]) close();
  });

  test("reads MongoDB twice for simultaneous requests of many couriers, and sends each courier only their own", async () => {
    const has = new Map<string, string>();
    for (let nth = 0; nth < 5; nth++) {
      const courier = await aFreeCourier();
      has.set(courier.courierId, (await assign(courier)).deliveryId);
    }
    const read = changedDeliveries(
      courierStore(service.base.mongo.db, 300_000),
      tripStore(service.base.mongo.db),
    );
    const asking = spyOn(Collection.prototype, "find");
    const known = new Map([...has.values()].map((deliveryId) => [deliveryId, 1]));
    const couriers = [...has.keys(), newId("crr")];
    const given = await Promise.all(couriers.map((courierId) => read(courierId, known)));
    // Streams of earlier tests may still be open.
    const askedFor = asking.mock.calls.filter(([filter]) =>
      JSON.stringify(filter).includes(`${couriers[0]}`),
    );
    // The claims of all, and the trips of all.
    expect(askedFor.length).toBe(2);
    asking.mockRestore();
    expect(given.map((items) => items.map(({ id }) => id))).toEqual([
      ...[...has.values()].map((id) => [id]),
      [],
    ]);
  });

  test("loses and repeats no change while a courier connects", async () => {
    for (let round = 0; round < 50; round++) {
      const courier = await aFreeCourier();
      const work = async () => {
        const delivery = await assign(courier, round % 2 === 0 ? service : replica);
        await ready(delivery);
      };
      const [stream] = await Promise.all([open(courier), work()]);
      const states = () => [
        ...snapshotOf(stream).map((one) => `${one.status}${one.ready ? ", ready" : ""}`),
        ...toldOf(stream),
      ];
      await eventually(async () => states().at(-1) === "assigned, ready");
      expect(states()).toEqual([...new Set(states())]);
      stream.close();
    }
  });

  const why = whyNotCutOff();
  test.skipIf(why !== "")(
    `without Redis: sends \`degraded\` and goes on, then \`live\` once it is back${why}`,
    async () => {
      const courier = await aFreeCourier();
      const stream = await follow(courier);
      const before = named(stream, "degraded").length;
      gate.cut();
      await eventually(async () => named(stream, "degraded").length === before + 1);
      const delivery = await assign(courier, silent);
      await eventually(async () => toldOf(stream).length === 1);
      gate.open();
      await eventually(async () => named(stream, "live").length === before + 1);
      await ready(delivery, replica);
      await eventually(async () => toldOf(stream).length === 2);
      expect(toldOf(stream)).toEqual(["assigned", "assigned, ready"]);
      stream.close();
    },
  );

  test("sends the changes of its own replica at once, with and without Redis", async () => {
    const courier = await aFreeCourier();
    const token = await silent.base.signToken({
      subject: courier.courierId,
      role: "courier",
      audience: ["delivery"],
      ttlSeconds: 60,
    });
    const stream = await open({ token }, silent);
    await eventually(async () => stream.events.length === 2);
    expect(stream.events.map(({ event }) => event)).toEqual(["snapshot", "degraded"]);
    const delivery = await assign(courier, silent);
    await eventually(async () => toldOf(stream).length === 1);
    await end(delivery, silent);
    await eventually(async () => toldOf(stream).length === 2);
    expect(toldOf(stream)).toEqual(["assigned", "released"]);
    stream.close();
  });

  test("ends with `token_expired` when the token expires", async () => {
    const claims = { subject: newId("crr"), role: "courier", audience: ["delivery"], ttlSeconds: 1 };
    const stream = await open({ token: await service.base.signToken(claims) });
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "end", data: { reason: "token_expired" } });
  });
});
