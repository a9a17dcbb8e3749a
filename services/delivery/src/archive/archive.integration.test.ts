// What couriers and the order service see of an archived trip: the same as before.
import { beforeAll, expect, test } from "bun:test";
import type { TripOutcomes } from "@food/shared/contracts/trip";
import { newIdOfOwner } from "@food/shared/storage/shard-key";
import {
  call,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  testBase,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Delivery } from "../deliveries/schema.ts";
import {
  aNewDelivery,
  aTrip,
  type DeliveryService,
  type Problem,
  startDeliveryService,
  type TestCourier,
} from "../delivery-service.builder.ts";
import { tripStore } from "../trips/store.ts";
import type { TripDocument } from "../trips/trip.ts";
import { aDoneTrip } from "./archive.builder.ts";

describeWithDatabases("an archived trip", () => {
  let service: DeliveryService;
  let courier: TestCourier;
  const courierId = newId("crr");
  const trip = aDoneTrip(40, { courierId });
  const { _id: tripId, restaurantId = "" } = trip;
  const [{ deliveryId, orderId }] = trip.deliveries as [TripDocument["deliveries"][number]];
  const younger = aDoneTrip(10, { courierId });
  const store = () => tripStore(service.base.mongo.db);
  const hot = (id: string) => store().collection.findOne({ _id: id });
  const archived = (id: string) => store().archive.findOne({ _id: id });

  beforeAll(async () => {
    const mongoUrl = freshMongoUrl();
    const { mongo } = await testBase("delivery", { mongoUrl });
    await mongo.db.collection<TripDocument>("trips").insertMany([trip, younger]);
    service = await startDeliveryService({ mongoUrl, ARCHIVE_AFTER_DAYS: 30, archiveFromMs: 0 });
    await service.aCourier({ _id: courierId });
    const claims = { subject: courierId, role: "courier", audience: ["delivery"], ttlSeconds: 300 };
    courier = { courierId, token: await service.base.signToken(claims) };
    await eventually(async () => (await archived(tripId)) !== null && (await hot(tripId)) === null);
  });

  test("leaves younger trips where they are, and is not moved by default within the first hour", async () => {
    expect(await hot(younger._id)).not.toBeNull();
    const mongoUrl = freshMongoUrl();
    const { mongo } = await testBase("delivery", { mongoUrl });
    await mongo.db.collection<TripDocument>("trips").insertOne(aDoneTrip(40));
    const later = await startDeliveryService({ mongoUrl, ARCHIVE_AFTER_DAYS: 30 });
    await later.stopWorkers();
    expect(await tripStore(mongo.db).archive.countDocuments()).toBe(0);
  });

  test("is on the first page also when older trips outside the archive would fill it", async () => {
    const { courierId: busy, token } = await service.aCourier();
    const [newest, ...others] = [2, 3, 4, 5].map((days) => aDoneTrip(days, { courierId: busy })) as [
      TripDocument,
      ...TripDocument[],
    ];
    await store().archive.insertOne(newest);
    await store().collection.insertMany(others);
    for (const query of ["", "&status=delivered"]) {
      const { status, body } = await call<{ items: Delivery[] }>(
        service.url,
        `GET /v1/deliveries?limit=1${query}`,
        { token },
      );
      expect([status, body.items?.map((one) => one.tripId)]).toEqual([200, [newest._id]]);
    }
  });

  test("is in its courier's list, after the younger ones, and is read by its courier alone", async () => {
    const list = async (query: string) => {
      const { body } = await call<{ items: Delivery[]; nextCursor: string | null }>(
        service.url,
        `GET /v1/deliveries?limit=1${query}`,
        courier,
      );
      return body;
    };
    for (const query of ["", "&status=delivered"]) {
      const first = await list(query);
      const second = await list(`${query}&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items].map((one) => one.tripId)).toEqual([younger._id, tripId]);
      expect(second.nextCursor).toBeNull();
    }
    expect((await list("&status=failed")).items).toEqual([]);
    const read = ({ token }: { token: string }) =>
      call(service.url, `GET /v1/deliveries/${deliveryId}`, { token });
    expect((await read(courier)).status).toBe(200);
    expect((await read(await service.aCourier({ available: false }))).status).toBe(404);
    expect((await call(service.url, `GET /v1/deliveries/${deliveryId}/tip`, courier)).status).toBe(200);
  });

  test("takes no more actions; a late report of its order changes nothing", async () => {
    const act = (action: string, body?: object) => service.act(courier, deliveryId, action, body);
    for (const action of ["pickup", "decline"]) expect((await act(action)).status).toBe(409);
    const onTrip = await call<Problem>(service.url, `POST /v1/trips/${tripId}/decline`, courier);
    // As while it was in the hot collection: nothing is left to decline.
    expect(onTrip.status).toBe(200);
    for (const status of ["picked_up", "delivered", "released"] as const)
      expect((await service.follow(deliveryId, orderId, { status, orderVersion: 20 })).status).toBe(204);
    expect(await hot(tripId)).toBeNull();
    expect(await store().collection.countDocuments({ "deliveries.deliveryId": deliveryId })).toBe(0);
    expect(await archived(tripId)).toEqual(trip);
  });

  test("answers a repeated assignment, and its order gets no second courier under the same delivery", async () => {
    const again = async (overrides: object) =>
      (
        await service.assign(
          aTrip(courierId, {
            restaurantId,
            deliveries: [aNewDelivery({ deliveryId, orderId })],
            ...overrides,
          }),
        )
      ).body as TripOutcomes;
    for (const overrides of [{ tripId }, { tripId: newIdOfOwner("trp", restaurantId) }])
      expect((await again(overrides)).outcomes).toEqual([{ outcome: "closed", deliveryId }]);
    expect((await service.couriers().findOne({ _id: courierId }))?.claim).toBeNull();
  });

  test("frees a courier whose claim outlived it", async () => {
    const claim = { tripId, orderIds: [orderId], at: new Date(Date.now() - 60_000) };
    const { courierId: claimed } = await service.aCourier({ claim });
    await eventually(async () => (await service.couriers().findOne({ _id: claimed }))?.claim === null);
    expect(await hot(tripId)).toBeNull();
  });

  test("is in its courier's export", async () => {
    const { body } = await call<{ olderTrips: { id: string }[] }>(
      service.url,
      "GET /v1/couriers/me/export",
      courier,
    );
    expect(body.olderTrips.map(({ id }) => id)).toEqual([tripId]);
    expect(JSON.stringify(body)).not.toContain("endedNear");
  });

  test("loses the positions of its end with its order's customer", async () => {
    const erase = await call(service.url, "PUT /internal/deliveries/erasure", {
      token: await service.order.serviceToken("delivery"),
      body: { orderIds: [orderId] },
    });
    expect(erase.status).toBe(200);
    expect((await archived(tripId))?.deliveries[0]?.endedNear).toBeUndefined();
    expect((await hot(younger._id))?.deliveries[0]?.endedNear).toBeDefined();
  });
});
