import { beforeAll, expect, test } from "bun:test";
import { hashPassword } from "@food/shared/accounts/passwords";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { toPoint } from "@food/shared/values/geo";
import {
  aTrip,
  type DeliveryService,
  PLACE,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

const PASSWORD = "correct horse battery";

describeWithDatabases("DELETE /v1/couriers/me", () => {
  let service: DeliveryService;
  let passwordHash: string;
  beforeAll(async () => {
    passwordHash = await hashPassword(PASSWORD);
    service = await startDeliveryService({ eraseAfterMs: 0, eraseEveryMs: 20 });
    service.answers.move = () => Response.json({ remaining: 0 });
  });
  const aCourier = () => service.aCourier({ passwordHash });
  const remove = ({ token }: { token: string }, currentPassword = PASSWORD) =>
    call<Problem & { detail: string }>(service.url, "DELETE /v1/couriers/me", {
      token,
      body: { currentPassword },
    });
  const stored = (courierId: string) => service.couriers().findOne({ _id: courierId });

  test("answers 204, and the courier is gone; trips and orders keep the id, without position and name", async () => {
    const courier = await aCourier();
    const trip = aTrip(courier.courierId);
    await service.assign(trip);
    const endedNear = { location: toPoint(PLACE), recordedAt: new Date() };
    await service
      .trips()
      .updateOne(
        { _id: trip.tripId },
        { $set: { live: false, open: false, liveOrderIds: [], "deliveries.0.endedNear": endedNear } },
      );
    await service.couriers().updateOne({ _id: courier.courierId }, { $set: { claim: null } });
    expect((await remove(courier)).status).toBe(204);
    expect((await call(service.url, "GET /v1/couriers/me", courier)).status).toBe(401);
    await eventually(async () => (await stored(courier.courierId)) === null);
    const kept = await service.trips().findOne({ _id: trip.tripId });
    expect([kept?.courierId, kept?.deliveries[0]?.endedNear]).toEqual([courier.courierId, undefined]);
    expect(service.order.seen).toContain(`PUT /internal/couriers/${courier.courierId}/erasure`);
  });

  test("answers 409 that names the orders in hand, and the courier goes on", async () => {
    const courier = await aCourier();
    const trip = aTrip(courier.courierId);
    await service.assign(trip);
    const { status, body } = await remove(courier);
    expect([status, body.code]).toEqual([409, "TRIP_UNDER_WAY"]);
    expect(body.detail).toContain(trip.sequence[0] ?? "");
    expect((await call(service.url, "GET /v1/couriers/me", courier)).status).toBe(200);
  });

  test("answers 401 for a wrong password", async () => {
    const courier = await aCourier();
    expect((await remove(courier, "wrong horse")).body.code).toBe("INVALID_CREDENTIALS");
    expect((await remove(courier)).status).toBe(204);
  });

  test("and a trip at the same moment: exactly one of them comes", async () => {
    for (let round = 0; round < 16; round++) {
      const courier = await aCourier();
      const assigning = async () => {
        await Bun.sleep(round * 3);
        return service.assign(aTrip(courier.courierId));
      };
      const [removed, assigned] = await Promise.all([remove(courier), assigning()]);
      const isAssigned = assigned.body.outcomes[0]?.outcome === "assigned";
      expect(removed.status).toBe(isAssigned ? 409 : 204);
    }
  });

  test("a deleted courier who reports a position or comes on duty gets no trip", async () => {
    const courier = await aCourier();
    await remove(courier);
    const { token } = courier;
    await call(service.url, "PUT /v1/couriers/me/location", { token, body: { location: PLACE } });
    const duty = await call(service.url, "PUT /v1/couriers/me/availability", {
      token,
      body: { available: true },
    });
    expect(duty.status).toBe(401);
    expect((await service.assign(aTrip(courier.courierId))).body.outcomes[0]?.outcome).toBe("refused");
  });
});
