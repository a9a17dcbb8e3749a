// The limits on open orders, on two replicas, with and without Redis.
import { beforeAll, describe, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { newIdOfOwner } from "@food/shared/storage/shard-key";
import {
  type Answer,
  call,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Page } from "@food/shared/values/page";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder, aRequest } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { orderStore } from "../orders/store.ts";
import { addressKeyOf } from "./address-key.ts";
import { openOrderStore } from "./store.ts";

const BOUNDS = { OPEN_ORDERS_PER_CUSTOMER: 3, OPEN_ORDERS_PER_ADDRESS: 4 };

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`open orders ${name}`, () => {
    let replicas: [OrderService, OrderService];
    beforeAll(async () => {
      const options = { mongoUrl: freshMongoUrl(), ...(redisUrl && { redisUrl }), ...BOUNDS };
      replicas = await Promise.all([startOrderService(options), startOrderService(options)]);
    });

    const orders = () => replicas[0].base.mongo.db.collection<OrderDocument>("orders");
    /** By default to an address of its own. */
    const aHome = (line1 = newId("way")) => ({ ...aRequest().deliveryAddress, line1 });
    const request = (customerId: string, deliveryAddress = aHome()) =>
      aRequest({ customerId, deliveryAddress, idempotencyKey: crypto.randomUUID() });
    const placeAtOnce = (requests: ReturnType<typeof request>[]) =>
      Promise.all(requests.map((one, nth) => (replicas[nth % 2] as OrderService).place(one)));
    const codes = (answers: Answer<Order>[]) =>
      answers.map(({ status, body }) =>
        status === 201 ? "" : `${status} ${(body as { code?: string }).code}`,
      );
    const placed = (answers: Answer<Order>[]) => answers.filter(({ status }) => status === 201);
    const cancel = ({ orderId, customerId }: Order) =>
      replicas[1].move(orderId, "cancel", replicas[1].customer, { actorId: customerId });

    test("of one customer: three of thirty at once are placed, and a refused one stores nothing", async () => {
      const customerId = newId("cus");
      const answers = await placeAtOnce(Array.from({ length: 30 }, () => request(customerId)));
      expect(placed(answers)).toHaveLength(3);
      expect(new Set(codes(answers))).toEqual(new Set(["", "409 TOO_MANY_OPEN_ORDERS"]));
      expect(await orders().countDocuments({ customerId })).toBe(3);
    });

    test("to one address: four of thirty from thirty customers are placed, in any spelling", async () => {
      const way = newId("way");
      const spellings = [way, way.toUpperCase(), ` ${way} `, `${way}.`, way.replace("_", ", ")];
      const requests = Array.from({ length: 30 }, (_, nth) =>
        request(newId("cus"), aHome(spellings[nth % spellings.length])),
      );
      const answers = await placeAtOnce(requests);
      expect(placed(answers)).toHaveLength(4);
      expect(new Set(codes(answers))).toEqual(new Set(["", "409 TOO_MANY_OPEN_ORDERS_AT_ADDRESS"]));
      const stored = await orders().countDocuments({
        customerId: { $in: requests.map(({ customerId }) => customerId) },
      });
      expect(stored).toBe(4);
    });

    test("that end free exactly their own slots at once", async () => {
      const customerId = newId("cus");
      const first = placed(await placeAtOnce(Array.from({ length: 3 }, () => request(customerId))));
      for (const { body } of first.slice(1)) expect((await cancel(body)).status).toBe(200);
      const holders = { customerId, $or: [{ customerSlot: { $gte: 0 } }, { addressSlot: { $gte: 0 } }] };
      expect(await orders().countDocuments(holders)).toBe(1);
      const next = await placeAtOnce(Array.from({ length: 10 }, () => request(customerId)));
      expect(placed(next)).toHaveLength(2);
    });

    test("stay below the limits while many are placed and cancelled at once", async () => {
      const customerId = newId("cus");
      let most = 0;
      for (let round = 0; round < 10; round++) {
        const answers = placed(await placeAtOnce(Array.from({ length: 6 }, () => request(customerId))));
        const open = await orders().countDocuments({ customerId, status: "pending" });
        most = Math.max(most, open);
        await Promise.all(answers.slice(0, 2).map(({ body }) => cancel(body)));
      }
      expect(most).toBe(3);
    });

    test("at the limit: a retry of a placed order is answered with that order", async () => {
      const customerId = newId("cus");
      const last = request(customerId);
      const answers = await placeAtOnce([request(customerId), request(customerId), last, last, last, last]);
      expect(codes(answers)).toEqual(Array(6).fill(""));
      for (const replica of replicas) {
        const again = await replica.place(last);
        expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
      }
    });

    test("that an older version of the service ended: their slots become free", async () => {
      const customerId = newId("cus");
      const left = Array.from({ length: 3 }, (_, slot) =>
        anOrder({
          ...{ customerId, addressKey: newId("way"), customerSlot: slot, addressSlot: 0 },
          ...{ status: "delivered", awaitingCourier: false },
        }),
      );
      await orders().insertMany(left);
      expect((await replicas[0].place(request(customerId))).status).toBe(201);
      expect(await orders().countDocuments({ customerId, customerSlot: { $exists: true } })).toBe(1);
    });

    describe("to one address, listed by processes that died before they stored them", () => {
      const ends = (line1: string) => ({
        addressKey: addressKeyOf(aHome(line1)),
        restaurantId: newId("rst"),
      });
      const list = async (line1: string, at: Date) => {
        const lists = openOrderStore(replicas[0].base.mongo.db);
        const orderIds = Array.from({ length: 4 }, () => newIdOfOwner("ord", newId("cus")));
        for (const orderId of orderIds) expect(await lists.add(orderId, ends(line1), 4, at)).toBe(true);
        expect(await lists.add(newId("ord"), ends(line1), 4, at)).toBe(false);
        return orderIds;
      };

      test("give their places to others after a minute, and cannot be stored any more", async () => {
        const way = newId("way");
        const crashed = await list(way, new Date(Date.now() - 61_000));
        expect((await replicas[0].place(request(newId("cus"), aHome(way)))).status).toBe(201);
        const late = crashed.map((_id) => anOrder({ _id, shardKey: _id.slice(-4) }));
        for (const order of late) expect(await orderStore(replicas[0].base.mongo.db).add(order)).toBe("void");
      });

      test("give their places to others, also when an older version of the service made one void", async () => {
        const way = newId("way");
        const [_id = ""] = await list(way, new Date(Date.now() - 61_000));
        await orders().insertOne({ _id, customerId: _id, idempotencyKey: "void" } as OrderDocument);
        const next = await placeAtOnce(Array.from({ length: 4 }, () => request(newId("cus"), aHome(way))));
        expect(placed(next)).toHaveLength(4);
      });

      test("keep their places before: they may be on their way", async () => {
        const way = newId("way");
        await list(way, new Date());
        const { status, body } = await replicas[0].place(request(newId("cus"), aHome(way)));
        expect([status, (body as { code?: string }).code]).toEqual([409, "TOO_MANY_OPEN_ORDERS_AT_ADDRESS"]);
      });
    });

    test("to one address that end give their places to others", async () => {
      const way = newId("way");
      const first = await placeAtOnce(Array.from({ length: 4 }, () => request(newId("cus"), aHome(way))));
      expect((await replicas[0].place(request(newId("cus"), aHome(way)))).status).toBe(409);
      for (const { body } of first.slice(0, 2)) expect((await cancel(body)).status).toBe(200);
      const next = await placeAtOnce(Array.from({ length: 5 }, () => request(newId("cus"), aHome(way))));
      expect(placed(next)).toHaveLength(2);
    });

    test("that the restaurant does not answer in time free their slots", async () => {
      const customerId = newId("cus");
      const slow = await startOrderService({
        ...{ OPEN_ORDERS_PER_CUSTOMER: 1, ACCEPT_WITHIN_SECONDS: 3 },
        ...(redisUrl && { redisUrl }),
      });
      expect((await slow.place(request(customerId))).status).toBe(201);
      expect((await slow.place(request(customerId))).status).toBe(409);
      await eventually(async () => (await slow.place(request(customerId))).status === 201);
    });
  });

describeWithDatabases("GET /internal/orders?open=true", () => {
  test("pages through the open orders of one restaurant only, oldest first", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000, DEADLINES_EVERY_MS: 1_000_000 });
    const restaurantId = newId("rst");
    const statuses = ["pending", "delivered", "ready", "pending", "cancelled", "accepted"] as const;
    const made = statuses.map((status, nth) =>
      anOrder({ _id: newId("ord", nth), restaurantId, status, awaitingCourier: false }),
    );
    await service.base.mongo.db.collection<OrderDocument>("orders").insertMany(made);
    const token = await service.restaurant.serviceToken("order");
    const list = async (query: string) => {
      const path = `/internal/orders?actorId=${restaurantId}&${query}` as const;
      const { status, body } = await call<Page<Order>>(service.url, `GET ${path}`, { token });
      expect(status).toBe(200);
      return body;
    };
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Page<Order> = await list(`open=true&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ orderId }) => orderId));
      cursor = page.nextCursor;
    }
    const open = [0, 2, 3, 5].map((nth) => made[nth]?._id);
    expect(seen as (string | undefined)[]).toEqual(open);
    const ids = ({ items }: Page<Order>) => items.map(({ orderId }) => orderId);
    expect(ids(await list("open=true&status=pending"))).toEqual([made[0]?._id ?? "", made[3]?._id ?? ""]);
    expect(ids(await list("open=true&status=delivered"))).toEqual([]);
    expect(ids(await list("open=false"))).toEqual(made.map(({ _id }) => _id).reverse());
  });
});
