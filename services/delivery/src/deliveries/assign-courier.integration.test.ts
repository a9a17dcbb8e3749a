// What may come between a courier's claim and the delivery, one step at a time.
import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { courierStore } from "../couriers/store.ts";
import {
  anAssignRequest,
  type DeliveryService,
  metersNorth,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { assignCourier } from "./assign-courier.ts";
import { type DeliveryDocument, type DeliveryStore, deliveryStore } from "./store.ts";

describeWithDatabases("between a claim and its delivery", () => {
  let service: DeliveryService;
  let freed = 0;
  beforeAll(async () => {
    service = await startDeliveryService();
  });

  /** Assigns with locks that keep nobody away, and does this right before the delivery is written. */
  async function assignWhile(
    request: ReturnType<typeof anAssignRequest>,
    meanwhile: (delivery: DeliveryDocument) => Promise<unknown>,
    changes: Partial<DeliveryStore> = {},
  ) {
    const { db } = service.base.mongo;
    const deliveries = deliveryStore(db);
    const add = async (delivery: DeliveryDocument) => {
      await meanwhile(delivery);
      return deliveries.add(delivery);
    };
    freed = 0;
    const deps = {
      couriers: courierStore(db, 300_000),
      deliveries: { ...deliveries, add, ...changes },
      locks: { withLock: <T>(_key: string, _ttlMs: number, run: () => Promise<T>) => run() },
      maxPickupMeters: 30_000,
      onAssigned: () => undefined,
      onFree: () => void freed++,
    };
    return assignCourier(deps, newId("dlv"), request);
  }
  /** The only one around, free for an hour. */
  async function onlyCourier() {
    await service.couriers().updateMany({}, { $set: { available: false } });
    const idleSince = new Date(Date.now() - 3_600_000);
    const { courierId } = await service.aCourier({ idleSince });
    return { courierId, free: { _id: courierId, claim: null, idleSince } };
  }
  const stored = (courierId: string) => service.couriers().findOne({ _id: courierId });

  test("the courier is free when the order releases it", async () => {
    const { courierId } = await onlyCourier();
    const request = anAssignRequest();
    const outcome = await assignWhile(request, ({ _id }) =>
      service.follow(_id, request.orderId, { status: "released", orderVersion: 2 }),
    );
    expect(outcome).toEqual({ outcome: "closed" });
    expect(await stored(courierId)).toMatchObject({ claim: null });
    expect(await service.deliveries().countDocuments({ orderId: request.orderId, live: true })).toBe(0);
  });

  test("the courier is free, as long as before, when the release has not seen the claim", async () => {
    const { courierId, free } = await onlyCourier();
    const request = anAssignRequest();
    const tombstone = { status: "released", slot: 0, live: false, courierId: undefined } as const;
    const outcome = await assignWhile(request, (delivery) =>
      deliveryStore(service.base.mongo.db).add({ ...delivery, ...tombstone } as never),
    );
    expect(outcome).toEqual({ outcome: "closed" });
    expect(await stored(courierId)).toMatchObject(free);
    expect(freed).toBe(1);
  });

  test("another who has found another courier is believed", async () => {
    const { courierId, free } = await onlyCourier();
    const other = await service.aCourier({ available: false, name: "Robin" });
    const outcome = await assignWhile(anAssignRequest(), (delivery) =>
      deliveryStore(service.base.mongo.db).add({ ...delivery, courierId: other.courierId }),
    );
    expect(outcome).toMatchObject({ outcome: "assigned", courier: { courierId: other.courierId } });
    expect(await stored(courierId)).toMatchObject(free);
  });

  test("another who has found the same courier has done the work", async () => {
    const { courierId } = await onlyCourier();
    const outcome = await assignWhile(anAssignRequest(), (delivery) =>
      deliveryStore(service.base.mongo.db).add(delivery),
    );
    expect(outcome).toMatchObject({ outcome: "assigned", courier: { courierId } });
    expect((await stored(courierId))?.claim).not.toBeNull();
    expect(freed).toBe(0);
  });

  test("a round that has begun is waited for, and the courier goes free meanwhile", async () => {
    const { courierId, free } = await onlyCourier();
    const other = await service.aCourier({ available: false });
    const request = anAssignRequest();
    const begins = (delivery: DeliveryDocument) =>
      deliveryStore(service.base.mongo.db).add({
        ...delivery,
        _id: newId("dlv"),
        courierId: other.courierId,
      });
    expect(await assignWhile(request, begins)).toEqual({ outcome: "none_suitable" });
    expect(await stored(courierId)).toMatchObject(free);
    expect(await service.deliveries().countDocuments({ orderId: request.orderId })).toBe(1);
  });

  test("a courier whose other delivery ends in the moment it stood in the way is free for the next", async () => {
    const { courierId, free } = await onlyCourier();
    const outcome = await assignWhile(anAssignRequest(), async () => undefined, {
      add: async () => "courier_taken",
    });
    expect(outcome).toEqual({ outcome: "none_free" });
    expect(await stored(courierId)).toMatchObject(free);
    expect(freed).toBe(1);
  });

  test("the next courier gets it when the one claimed before a crash is on another delivery", async () => {
    const { courierId } = await onlyCourier();
    const request = anAssignRequest();
    await service.assign(newId("dlv"), anAssignRequest());
    const busy = (await stored(courierId))?.claim;
    const next = await service.aCourier({ at: metersNorth(900) });
    const deliveryId = newId("dlv");
    const wrong = { deliveryId, orderId: request.orderId, at: new Date() };
    await service.couriers().updateOne({ _id: courierId }, { $set: { claim: wrong } });
    const { body } = await service.assign(deliveryId, request);
    expect(body).toMatchObject({ outcome: "assigned", courier: { courierId: next.courierId } });
    expect((await stored(courierId))?.claim?.deliveryId).toBe(busy?.deliveryId as string);
  });
});
