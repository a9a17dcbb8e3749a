import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { FreeCourier } from "@food/shared/contracts/delivery";
import {
  COURIER_FREE_CHANNEL,
  LOCATION_TTL_SECONDS,
  type LocationReport,
  locationKey,
  orderChannel,
} from "@food/shared/contracts/live";
import { connectSubscriber } from "@food/shared/storage/redis";
import {
  call,
  describeWithDatabases,
  eventually,
  NO_REDIS,
  publishTo,
  testRedisUrl,
  untilReady,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aTrip,
  type DeliveryService,
  metersNorth,
  PLACE,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const HERE = { lat: 48.137, lng: 11.575 };
const THERE = { lat: 48.2, lng: 11.6 };

describeWithDatabases("PUT /v1/couriers/me/location", () => {
  let service: DeliveryService;
  const received: { channel: string; message: string }[] = [];
  let listener: ReturnType<typeof connectSubscriber>;
  beforeAll(async () => {
    service = await startDeliveryService();
    listener = connectSubscriber(testRedisUrl(), service.base.log);
    listener.on("message", (channel, message) => received.push({ channel, message }));
    await untilReady(listener);
    await listener.subscribe(COURIER_FREE_CHANNEL);
  });
  afterAll(() => listener.disconnect());

  const report = (token: string, body: object, url = service.url) =>
    call<Problem>(url, "PUT /v1/couriers/me/location", { token, body });
  const stored = (courierId: string) => service.couriers().findOne({ _id: courierId });
  const messagesOf = (orderId: string) =>
    received.flatMap(({ channel, message }) =>
      channel === orderChannel(orderId) ? [JSON.parse(message)] : [],
    );
  const liveCopy = async (orderId: string): Promise<LocationReport | undefined> => {
    const text = await service.base.redis.get(locationKey(orderId));
    return text ? JSON.parse(text) : undefined;
  };
  const saysFree = async (act: () => Promise<unknown>) => {
    // Messages of earlier tests may still arrive. The marker comes after all of them.
    const marker = newId("mark");
    await publishTo(service.base.redis, COURIER_FREE_CHANNEL, marker);
    await eventually(async () => received.some(({ message }) => message === marker));
    const from = received.findIndex(({ message }) => message === marker) + 1;
    await act();
    const end = newId("mark");
    await publishTo(service.base.redis, COURIER_FREE_CHANNEL, end);
    await eventually(async () => received.some(({ message }) => message === end));
    const until = received.findIndex(({ message }) => message === end);
    const published = received.slice(from, until).filter(({ channel }) => channel === COURIER_FREE_CHANNEL);
    return published.map(({ message }) => JSON.parse(message) as FreeCourier);
  };
  /** A courier whose last position is older than every interval. */
  const aSettledCourier = () =>
    service.aCourier({ available: false, locationAt: new Date(Date.now() - 600_000) });

  test("answers 204 and stores the position with its recording time", async () => {
    const { token, courierId } = await aSettledCourier();
    const recordedAt = ago(30_000);
    expect((await report(token, { location: HERE, recordedAt })).status).toBe(204);
    expect(await stored(courierId)).toMatchObject({
      location: { type: "Point", coordinates: [HERE.lng, HERE.lat] },
      locationAt: new Date(recordedAt),
    });
  });

  test("takes a position without a time as recorded now", async () => {
    const { token, courierId } = await service.aCourier({ available: false, at: null });
    await report(token, { location: HERE });
    const age = Date.now() - ((await stored(courierId))?.locationAt?.getTime() ?? 0);
    expect(age).toBeLessThan(5_000);
  });

  test("answers 204 and changes nothing for a position older than the stored one", async () => {
    const { token, courierId } = await aSettledCourier();
    await report(token, { location: HERE, recordedAt: ago(10_000) });
    expect((await report(token, { location: THERE, recordedAt: ago(20_000) })).status).toBe(204);
    expect((await stored(courierId))?.location?.coordinates).toEqual([HERE.lng, HERE.lat]);
  });

  test("answers 204 and stores one of many positions within a second", async () => {
    const { token, courierId } = await aSettledCourier();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => report(token, { location: { lat: i, lng: i } })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const first = await stored(courierId);
    await report(token, {
      location: THERE,
      recordedAt: new Date((first?.locationAt?.getTime() ?? 0) + 900).toISOString(),
    });
    expect(await stored(courierId)).toEqual(first as NonNullable<typeof first>);
  });

  test("answers 200 with the reason to a courier on duty whose position is too old for an order", async () => {
    const { token, courierId } = await service.aCourier({ at: null });
    const recordedAt = ago(310_000);
    const { status, body } = await report(token, { location: HERE, recordedAt });
    expect([status, body as object]).toMatchObject([200, { noWorkReason: "position_too_old" }]);
    expect((await stored(courierId))?.locationAt).toEqual(new Date(recordedAt));
    await service.couriers().updateOne({ _id: courierId }, { $set: { available: false } });
    expect((await report(token, { location: HERE, recordedAt: ago(305_000) })).status).toBe(204);
  });

  test("takes a time slightly in the future as now", async () => {
    const { token, courierId } = await aSettledCourier();
    expect((await report(token, { location: HERE, recordedAt: ago(-50_000) })).status).toBe(204);
    expect((await stored(courierId))?.locationAt?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  for (const [when, recordedAt] of [
    ["more than a minute ahead", () => ago(-62_000)],
    ["more than an hour old", () => ago(3_601_000)],
    ["a day that does not exist", () => "2026-02-30T12:00:00Z"],
  ] as const)
    test(`answers 422 for a time that is ${when}`, async () => {
      const { token } = await aSettledCourier();
      const { status, body } = await report(token, { location: HERE, recordedAt: recordedAt() });
      expect([status, body.code]).toEqual([422, "IMPLAUSIBLE_TIME"]);
      expect(body.details?.[0]?.pointer).toBe("/recordedAt");
    });

  for (const location of [
    { lat: 91, lng: 0 },
    { lat: 0, lng: 181 },
    { lat: "1", lng: 0 },
    { lng: 0 },
    [0, 0],
  ])
    test(`answers 422 for ${JSON.stringify(location)}`, async () => {
      const { token } = await aSettledCourier();
      expect((await report(token, { location })).status).toBe(422);
    });

  describe("on a delivery", () => {
    test("stores a copy for the order's followers, with a time to live", async () => {
      const { token, orderId } = await service.anAssignment();
      await listener.subscribe(orderChannel(orderId));
      const recordedAt = new Date(Date.now() + 2_000).toISOString();
      await service.couriers().updateMany({ "claim.orderIds": orderId }, { $unset: { locationAt: "" } });
      await report(token, { location: HERE, recordedAt });
      const copy = await eventually(async () => {
        const found = await liveCopy(orderId);
        return found?.location.lat === HERE.lat && found;
      });
      expect(Date.parse(copy.recordedAt)).toBeLessThanOrEqual(Date.now());
      const ttl = await service.base.redis.ttl(locationKey(orderId));
      expect(ttl).toBeGreaterThan(LOCATION_TTL_SECONDS - 60);
      expect(ttl).toBeLessThanOrEqual(LOCATION_TTL_SECONDS);
    });

    test("publishes the position to followers from the assignment on", async () => {
      const { courierId } = await service.aCourier({ at: metersNorth(40) });
      const trip = aTrip(courierId, { orders: 2 });
      await listener.subscribe(...trip.sequence.map(orderChannel));
      await service.assign(trip);
      await eventually(async () => trip.sequence.every((orderId) => messagesOf(orderId).length === 1));
      const [published] = messagesOf(trip.sequence[1] ?? "");
      const courier = await stored(courierId);
      expect(published).toEqual({
        kind: "location",
        courierId,
        location: metersNorth(40),
        recordedAt: courier?.locationAt?.toISOString(),
      });
    });

    test("publishes at most every three seconds, and always stores the newest position, in any order of arrival", async () => {
      const { token, orderId, courierId } = await service.anAssignment();
      await eventually(() => liveCopy(orderId));
      await listener.subscribe(orderChannel(orderId));
      await service.base.redis.del(locationKey(orderId), `${locationKey(orderId)}:published:${courierId}`);
      for (const step of [8, 7, 6, 5, 4, 1, 3, 2]) {
        await service.couriers().updateMany({ "claim.orderIds": orderId }, { $unset: { locationAt: "" } });
        await report(token, { location: { lat: step, lng: 0 }, recordedAt: ago(step * 1_000) });
      }
      await eventually(async () => (await liveCopy(orderId))?.location.lat === 1);
      // Redis runs commands in the order of arrival.
      await service.base.redis.ping();
      expect((await liveCopy(orderId))?.location).toEqual({ lat: 1, lng: 0 });
      expect(messagesOf(orderId).map(({ location }) => location.lat)).toEqual([8]);
    });

    test("publishes no position after the delivery is over", async () => {
      const { token, courierId, deliveryId, orderId } = await service.anAssignment();
      const atTheEnd = await eventually(() => liveCopy(orderId));
      await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 9 });
      await service.couriers().updateOne({ _id: courierId }, { $unset: { locationAt: "" } });
      await report(token, { location: THERE });
      expect((await stored(courierId))?.location?.coordinates).toEqual([THERE.lng, THERE.lat]);
      expect(await liveCopy(orderId)).toEqual(atTheEnd);
    });

    test("after the end, only the delivery keeps the last position", async () => {
      const { token, courierId, deliveryId, orderId } = await service.anAssignment();
      const recordedAt = new Date();
      await service.couriers().updateOne({ _id: courierId }, { $unset: { locationAt: "" } });
      await report(token, { location: HERE, recordedAt: recordedAt.toISOString() });
      const delivery = async () => (await service.stored(deliveryId))?.delivery;
      expect((await delivery())?.endedNear).toBeUndefined();
      await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 9 });
      await service.couriers().updateOne({ _id: courierId }, { $unset: { locationAt: "" } });
      await report(token, { location: THERE });
      expect((await delivery())?.endedNear).toEqual({
        location: { type: "Point", coordinates: [HERE.lng, HERE.lat] },
        recordedAt,
      });
    });
  });

  describe("publishes a free courier", () => {
    const onDuty = (token: string) =>
      call(service.url, "PUT /v1/couriers/me/availability", { token, body: { available: true } });

    test("when a courier on duty reports a first position, and not for the next one", async () => {
      const { token, courierId } = await service.aCourier({ at: null });
      const published = await saysFree(() => report(token, { location: HERE, recordedAt: ago(20_000) }));
      expect(published).toEqual([{ courierId, location: HERE, reachMeters: 30_000 }]);
      expect(await saysFree(() => report(token, { location: HERE }))).toEqual([]);
    });

    test("when a courier on duty reports a position after a long pause", async () => {
      const { token, courierId } = await service.aCourier({ locationAt: new Date(Date.now() - 400_000) });
      expect(await saysFree(() => report(token, { location: HERE, recordedAt: ago(320_000) }))).toEqual([]);
      const published = await saysFree(() => report(token, { location: THERE }));
      expect(published).toEqual([{ courierId, location: THERE, reachMeters: 30_000 }]);
    });

    test("not when a courier with an old position comes on duty", async () => {
      const { token } = await service.aCourier({
        ...{ available: false, at: HERE, locationAt: new Date(Date.now() - 301_000) },
      });
      expect(await saysFree(() => onDuty(token))).toEqual([]);
    });

    test("not when a courier off duty reports a position", async () => {
      const { token } = await service.aCourier({ at: null, available: false });
      expect(await saysFree(() => report(token, { location: HERE }))).toEqual([]);
    });

    test("when a courier comes on duty, and not in the middle of a delivery", async () => {
      const { token, courierId } = await service.aCourier({ available: false, at: HERE });
      const published = { courierId, location: HERE, reachMeters: 30_000 };
      expect(await saysFree(() => onDuty(token))).toEqual([published]);
      const busy = await service.anAssignment();
      expect(await saysFree(() => onDuty(busy.token))).toEqual([]);
    });

    test("when a delivery ends, and not when the end is repeated", async () => {
      const { deliveryId, orderId, courierId } = await service.anAssignment();
      const end = { status: "delivered", orderVersion: 9 } as const;
      const published = { courierId, location: PLACE, reachMeters: 30_000 };
      expect(await saysFree(() => service.follow(deliveryId, orderId, end))).toEqual([published]);
      expect(await saysFree(() => service.follow(deliveryId, orderId, end))).toEqual([]);
    });

    test("not when a courier goes off duty, or is off duty when a delivery ends", async () => {
      const { deliveryId, orderId, token } = await service.anAssignment();
      const goesOff = () =>
        call(service.url, "PUT /v1/couriers/me/availability", { token, body: { available: false } });
      expect(await saysFree(goesOff)).toEqual([]);
      const end = { status: "delivered", orderVersion: 9 } as const;
      expect(await saysFree(() => service.follow(deliveryId, orderId, end))).toEqual([]);
    });
  });

  test("without Redis: stores positions", async () => {
    const lonely = await startDeliveryService({ redisUrl: NO_REDIS });
    const { token, courierId, deliveryId, orderId } = await lonely.anAssignment();
    await lonely.couriers().updateOne({ _id: courierId }, { $unset: { locationAt: "" } });
    expect((await report(token, { location: PLACE }, lonely.url)).status).toBe(204);
    const ended = await lonely.follow(deliveryId, orderId, { status: "delivered", orderVersion: 9 });
    expect(ended.status).toBe(204);
  });
});
