import { beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@food/shared/id";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { type DeliveryService, type Problem, startDeliveryService } from "../delivery-service.builder.ts";
import type { Delivery } from "./schema.ts";

describeWithDatabases("a courier's deliveries", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });

  describe("GET /v1/deliveries/:deliveryId", () => {
    const get = ({ token }: { token: string }, deliveryId: string) =>
      call<Delivery & Problem>(service.url, `GET /v1/deliveries/${deliveryId}`, { token });

    test("answers 200 with the courier's own delivery and nothing of the inside", async () => {
      const mine = await service.anAssignment();
      const { status, body } = await get(mine, mine.deliveryId);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(
        [
          ...["assignedAt", "deliveryId", "distanceMeters", "dropoff", "idleSeconds"],
          ...["orderId", "pickup", "ready", "status"],
        ].sort(),
      );
    });

    test("answers 404 for another courier's, for none, and for what is no id", async () => {
      const mine = await service.anAssignment();
      const other = await service.aCourier({ available: false });
      const answers = [
        await get(other, mine.deliveryId),
        await get(mine, newId("dlv")),
        await get(mine, "x"),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    });
  });

  describe("GET /v1/deliveries", () => {
    type Page = { items: Delivery[]; nextCursor: string | null } & Problem;
    const list = ({ token }: { token: string }, query = "") =>
      call<Page>(service.url, `GET /v1/deliveries${query}`, { token });
    /** Deliveries of one courier, oldest first: delivered, released, assigned. */
    async function aHistory() {
      const courier = await service.anAssignment();
      const template = await service.deliveries().findOne({ _id: courier.deliveryId });
      const past = ["delivered", "released"].map((status, i) => ({
        ...template,
        _id: newId("dlv", Date.now() - 100_000 + i),
        orderId: newId("ord"),
        status,
        live: false,
      }));
      await service.deliveries().insertMany(past as never);
      return { ...courier, ids: [...past.map(({ _id }) => _id), courier.deliveryId] };
    }

    test("answers 200 with the courier's own, newest first", async () => {
      const { ids, ...courier } = await aHistory();
      await service.anAssignment();
      const { status, body } = await list(courier);
      expect(status).toBe(200);
      expect(body.items.map(({ deliveryId }) => deliveryId)).toEqual(ids.toReversed());
      expect(body.nextCursor).toBeNull();
    });

    test("goes on where the page before ended", async () => {
      const { ids, ...courier } = await aHistory();
      const first = await list(courier, "?limit=2");
      const second = await list(courier, `?limit=2&cursor=${first.body.nextCursor}`);
      const all = [...first.body.items, ...second.body.items].map(({ deliveryId }) => deliveryId);
      expect(all).toEqual(ids.toReversed());
      expect(second.body.nextCursor).toBeNull();
    });

    test("answers only those of a status", async () => {
      const { ids, ...courier } = await aHistory();
      const { body } = await list(courier, "?status=released");
      expect(body.items.map(({ deliveryId }) => deliveryId)).toEqual([ids[1] ?? ""]);
      expect((await list(courier, "?status=failed")).body.items).toEqual([]);
    });

    test("answers 400 for a cursor it has not given", async () => {
      const courier = await service.aCourier({ available: false });
      for (const cursor of ["x", Buffer.from('{"after":{"$gt":""}}').toString("base64url")])
        expect((await list(courier, `?cursor=${cursor}`)).status).toBe(400);
    });

    for (const query of ["?status=lost", "?limit=0", "?limit=101", "?limit=x", "?sort=age"])
      test(`answers 422 for ${query}`, async () => {
        const courier = await service.aCourier({ available: false });
        expect((await list(courier, query)).status).toBe(422);
      });
  });
});
