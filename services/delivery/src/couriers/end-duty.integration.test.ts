import { beforeAll, expect, test } from "bun:test";
import { type Answer, call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aNewDelivery,
  aTrip,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { tripStore } from "../trips/store.ts";
import type { Duty } from "./schema.ts";

describeWithDatabases("going off duty with a trip in hand", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  const put = (token: string, available: boolean): Promise<Answer<Duty>> =>
    call(service.url, "PUT /v1/couriers/me/availability", { token, body: { available } });

  /** A courier with a trip of one order, which another one may join. */
  async function onTrip() {
    const courier = await service.aCourier();
    const trip = aTrip(courier.courierId);
    await service.assign(trip);
    const joining = aNewDelivery({ position: 1 });
    const { tripId, courierId, restaurantId, pickup } = trip;
    const sequence = [...trip.sequence, joining.orderId];
    const join = () =>
      service.assign({
        ...{ tripId, courierId, restaurantId, pickup, sequence },
        joins: true,
        deliveries: [joining],
      });
    return { ...courier, tripId, join };
  }

  test("is answered with the trip that goes on", async () => {
    const { token, tripId } = await onTrip();
    const { status, body } = await put(token, false);
    expect([status, body.available]).toEqual([200, false]);
    expect(body.tripInHand).toEqual({ tripId, ordersLeft: 1 });
    const trip = await call(service.url, "GET /v1/couriers/me/trip", { token });
    expect([trip.status, trip.body.tripId]).toEqual([200, tripId]);
  });

  test("lets no order join the trip, until the courier is on duty again", async () => {
    const { token, join } = await onTrip();
    await put(token, false);
    expect((await join()).body.outcomes[0]?.outcome).toBe("refused");
    expect((await put(token, true)).body.tripInHand).toBeUndefined();
    expect((await join()).body.outcomes[0]?.outcome).toBe("assigned");
  });

  test("refuses a join that has read trip and duty before", async () => {
    const { token, courierId, tripId } = await onTrip();
    const trips = tripStore(service.base.mongo.db);
    const trip = await trips.findOwnTrip(tripId, courierId);
    const [first] = trip?.deliveries ?? [];
    if (!trip || !first) throw new Error("The trip has no delivery");
    const { slot: _, ...delivery } = { ...first, deliveryId: newId("dlv"), orderId: newId("ord") };
    const join = () => trips.join(trip, [delivery], [...trip.sequence, delivery.orderId]);
    expect((await put(token, false)).body.tripInHand?.ordersLeft).toBe(1);
    expect(await join()).toBeNull();
  });

  test("while an order joins: it is in the answer, or does not join", async () => {
    const orders: number[] = [];
    for (let round = 0; round < 30; round++) {
      const { token, join } = await onTrip();
      const [off, joined] = await Promise.all([put(token, false), join()]);
      const isOn = joined.body.outcomes[0]?.outcome === "assigned";
      expect(off.body.tripInHand?.ordersLeft).toBe(isOn ? 2 : 1);
      orders.push(isOn ? 2 : 1);
    }
    expect(orders).toHaveLength(30);
  });

  test("is answered without a trip when there is none", async () => {
    const { token } = await service.aCourier();
    expect((await put(token, false)).body).not.toHaveProperty("tripInHand");
  });
});
