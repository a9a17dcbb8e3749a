import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anOrderView,
  type DeliveryService,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import type { Delivery } from "./schema.ts";

describeWithDatabases("a courier's deliveries", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });

  describe("GET /v1/deliveries/:deliveryId", () => {
    const get = ({ token }: { token: string }, deliveryId: string) =>
      call<Delivery & Problem>(service.url, `GET /v1/deliveries/${deliveryId}`, { token });

    test("answers 200 with the courier's own delivery and no internal fields", async () => {
      const mine = await service.anAssignment();
      const { status, body } = await get(mine, mine.deliveryId);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(
        [
          ...["assignedAt", "deliveryId", "distanceMeters", "dropoff", "idleSeconds"],
          ...["orderId", "pickup", "ready", "status", "stopsBefore", "tripId"],
        ].sort(),
      );
    });

    test("answers the same 404 for another courier's delivery, a tombstone and an unknown id", async () => {
      const mine = await service.anAssignment();
      const other = await service.aCourier({ available: false });
      const tombstone = newId("dlv");
      await service.follow(tombstone, newId("ord"), { status: "released", orderVersion: 2 });
      const words = async (deliveryId: string) => {
        const { status, body } = await get(other, deliveryId);
        return { ...body, answered: status, requestId: "" };
      };
      const none = await words(newId("dlv"));
      expect(none).toMatchObject({ answered: 404, code: "DELIVERY_NOT_FOUND" } as object);
      for (const deliveryId of [mine.deliveryId, tombstone]) expect(await words(deliveryId)).toEqual(none);
      expect((await words("x")).answered).toBe(404);
    });
  });

  describe("GET /v1/deliveries/:deliveryId/tip", () => {
    const tip = (token: string | undefined, deliveryId: string) =>
      call<{ tipCents: number } & Problem>(service.url, `GET /v1/deliveries/${deliveryId}/tip`, {
        ...(token && { token }),
      });
    const shows = (overrides: object) => {
      service.answers.move = ({ orderId }) => Response.json(anOrderView(orderId, overrides));
    };

    test("answers 200 with the order's tip as it is now, also after the delivery, and nothing else of it", async () => {
      const mine = await service.anAssignment();
      shows({ tipCents: 350, currency: "KWD" });
      const { status, body } = await tip(mine.token, mine.deliveryId);
      expect([status, body as object]).toEqual([
        200,
        { tipCents: 350, currency: "KWD", currencyExponent: 3 },
      ]);
      expect(service.asked.at(-1)).toMatchObject({
        orderId: mine.orderId,
        request: { actorId: mine.courierId },
      });
      shows({});
      await service.follow(mine.deliveryId, mine.orderId, { status: "delivered", orderVersion: 20 });
      expect((await tip(mine.token, mine.deliveryId)).body.tipCents).toBe(0);
    });

    test("answers 404 for another courier's delivery, a released and an unknown one, without a call", async () => {
      const mine = await service.anAssignment();
      const other = await service.aCourier({ available: false });
      await service.follow(mine.deliveryId, mine.orderId, { status: "released", orderVersion: 20 });
      const calls = service.asked.length;
      for (const [token, deliveryId] of [
        [other.token, mine.deliveryId],
        [mine.token, mine.deliveryId],
        [mine.token, newId("dlv")],
      ] as const)
        expect((await tip(token, deliveryId)).body.code).toBe("DELIVERY_NOT_FOUND");
      expect(service.asked.length).toBe(calls);
    });

    test("answers 401 without a token, 403 to a service, 404 and 503 as the order service does", async () => {
      const mine = await service.anAssignment();
      expect((await tip(undefined, mine.deliveryId)).status).toBe(401);
      expect((await tip(await service.order.serviceToken("delivery"), mine.deliveryId)).status).toBe(403);
      const headers = { "content-type": "application/problem+json" };
      service.answers.move = () =>
        Response.json({ code: "ORDER_NOT_FOUND", detail: "No." }, { status: 404, headers });
      expect((await tip(mine.token, mine.deliveryId)).body.code).toBe("ORDER_NOT_FOUND");
      service.answers.move = () => new Response(null, { status: 500 });
      expect((await tip(mine.token, mine.deliveryId)).status).toBe(503);
    });
  });

  describe("GET /v1/deliveries", () => {
    type Page = { items: Delivery[]; nextCursor: string | null } & Problem;
    const list = ({ token }: { token: string }, query = "") =>
      call<Page>(service.url, `GET /v1/deliveries${query}`, { token });
    /** Deliveries of one courier, oldest first: delivered, then two of one trip, then one under way. */
    async function aHistory() {
      const courier = await service.anAssignment();
      const template = await service.trips().findOne({ _id: courier.tripId });
      const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
      const past = [
        { statuses: ["delivered"], assignedAt: secondsAgo(900) },
        { statuses: ["failed", "released"], assignedAt: secondsAgo(600) },
      ].map(({ statuses, assignedAt }) => ({
        ...template,
        _id: newId("trp", assignedAt.getTime()),
        assignedAt,
        ...{ live: false, open: false, liveOrderIds: [] },
        deliveries: statuses.map((status, slot) => ({
          ...template?.deliveries[0],
          ...{ deliveryId: newId("dlv"), orderId: newId("ord"), status, slot, live: false },
        })),
      }));
      await service.trips().insertMany(past as never);
      const ids = past.flatMap(({ deliveries }) => deliveries.map(({ deliveryId }) => deliveryId));
      return { ...courier, ids: [...ids, courier.deliveryId] };
    }

    test("answers 200 with the courier's own deliveries, last assigned first", async () => {
      const { ids, ...courier } = await aHistory();
      await service.anAssignment();
      const { status, body } = await list(courier);
      expect(status).toBe(200);
      expect(body.items.map(({ deliveryId }) => deliveryId)).toEqual(ids.toReversed());
      expect(body.nextCursor).toBeNull();
    });

    test("continues after the previous page", async () => {
      const { ids, ...courier } = await aHistory();
      for (const limit of [1, 2, 3, 4]) {
        const seen: string[] = [];
        for (let cursor: string | null = ""; cursor !== null; ) {
          const { body }: { body: Page } = await list(
            courier,
            `?limit=${limit}${cursor && `&cursor=${cursor}`}`,
          );
          expect(body.items.length).toBeLessThanOrEqual(limit);
          seen.push(...body.items.map(({ deliveryId }) => deliveryId));
          cursor = body.nextCursor;
        }
        expect(seen).toEqual(ids.toReversed());
      }
    });

    test("with a status, returns only the deliveries with that status", async () => {
      const { ids, ...courier } = await aHistory();
      const { body } = await list(courier, "?status=released");
      expect(body.items.map(({ deliveryId }) => deliveryId)).toEqual([ids[2] ?? ""]);
      expect((await list(courier, "?status=picked_up")).body.items).toEqual([]);
    });

    test("answers 400 for an invalid cursor", async () => {
      const courier = await service.aCourier({ available: false });
      const trip = newId("trp");
      const positions = [
        { trip },
        { trip, at: 0 },
        { trip: { $gt: "" }, at: 0, slot: 0 },
        { trip, at: 9e15, slot: 0 },
        { trip, at: 0, slot: -1 },
        { trip, at: 0, slot: 0, of: 1 },
      ];
      const foreign = positions.map((position) =>
        Buffer.from(JSON.stringify(position)).toString("base64url"),
      );
      for (const cursor of ["x", ...foreign]) {
        const { status, body } = await list(courier, `?cursor=${cursor}`);
        expect([status, body.code]).toEqual([400, "MALFORMED_CURSOR"]);
      }
    });

    for (const query of ["?status=lost", "?limit=0", "?limit=101", "?limit=x", "?sort=age"])
      test(`answers 422 for ${query}`, async () => {
        const courier = await service.aCourier({ available: false });
        expect((await list(courier, query)).status).toBe(422);
      });
  });
});
