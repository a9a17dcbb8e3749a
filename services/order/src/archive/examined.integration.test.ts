// A page of a long history reads what it shows.
import { beforeAll, expect, test } from "bun:test";
import { newIdOfOwner, shardOf } from "@food/shared/storage/shard-key";
import { type Examined, examinedDatabase } from "@food/shared/testing/examined";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { OrderDocument } from "../orders/order.ts";
import { type OrderStore, orderStore } from "../orders/store.ts";
import { townStore } from "../town/store.ts";
import { aDoneOrder } from "./archive.builder.ts";

const HISTORY = 300;
const LIMIT = 21;
const REGION = "u33d";

describeWithDatabases("a page of orders, beside a long history in both collections,", () => {
  let store: OrderStore;
  let examinedBy: (run: () => Promise<unknown>) => Promise<Examined[]>;
  const customerId = newId("cus");
  const restaurantId = newId("rst");
  const mine = { customerId, restaurantId, ...shardOf(customerId) };
  const done = (days: number, i: number) =>
    aDoneOrder(days + i, {
      ...mine,
      status: i % 3 === 0 ? "cancelled" : "delivered",
      idempotencyKey: `key-${i}`,
    });
  const open: OrderDocument[] = Array.from({ length: 3 }, (_, i) => ({
    ...aDoneOrder(0, { ...mine, status: "preparing", idempotencyKey: `open-${i}` }),
    ...{
      _id: newIdOfOwner("ord", customerId),
      customerSlot: i,
      addressSlot: i,
      region: REGION,
      awaitingCourier: true,
    },
  }));
  const withoutSlots = ({ customerSlot: _, addressSlot: __, ...order }: OrderDocument): OrderDocument =>
    order;

  beforeAll(async () => {
    const opened = examinedDatabase("order");
    examinedBy = opened.examinedBy;
    store = orderStore(opened.db);
    await Promise.all([store.ensureIndexes(), townStore(store.collection).ensureIndexes()]);
    const recent = Array.from({ length: HISTORY }, (_, i) => withoutSlots(done(2, i)));
    const older = Array.from({ length: HISTORY }, (_, i) => withoutSlots(done(400, HISTORY + i)));
    await store.collection.insertMany([...recent, ...open]);
    await store.archive.insertMany(older);
    for (const { _id } of open)
      await store.open.add(_id, { restaurantId, addressKey: "Torstr. 1" }, 10, new Date());
  });

  const list = (...query: Parameters<OrderStore["list"]>) => store.list(...query);
  const before = (days: number) => newId("ord", Date.now() - days * 86_400_000);
  const READS: [what: string, read: () => Promise<OrderDocument[] | { _id: string }[]>, shown: number][] = [
    ["a customer's history", () => list({ customerId }, LIMIT), LIMIT],
    ["its delivered ones", () => list({ customerId, status: "delivered" }, LIMIT), LIMIT],
    ["its older pages", () => list({ customerId }, LIMIT, before(100)), LIMIT],
    ["its pages in the archive", () => list({ customerId }, LIMIT, before(450)), LIMIT],
    ["a customer's open orders", () => list({ customerId, open: true }, LIMIT), 3],
    ["a restaurant's history", () => list({ restaurantId }, LIMIT), LIMIT],
    ["its cancelled ones", () => list({ restaurantId, status: "cancelled" }, LIMIT, before(450)), LIMIT],
    ["the kitchen's list", () => list({ restaurantId, open: true }, LIMIT), 3],
    ["one status of the kitchen's list", () => list({ restaurantId, status: "preparing" }, LIMIT), 3],
    ["the kitchen's poll", () => store.oldestVersions(restaurantId, LIMIT), 3],
    [
      "the retry of a placement",
      async () => [(await store.findByKey(customerId, "key-20")) as OrderDocument],
      1,
    ],
  ];
  test.each(READS)("%s: each query reads what it answers", async (_, read, shown) => {
    let found = 0;
    const queries = await examinedBy(async () => {
      found = (await read()).length;
    });
    expect(found).toBe(shown);
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.reduce((sum, { examined }) => sum + examined, 0)).toBeLessThanOrEqual(shown + 2);
    for (const { collection, examined, returned } of queries)
      expect([collection, examined]).toEqual([collection, returned]);
  });

  const now = new Date();
  const inBackground: [what: string, read: () => Promise<unknown>][] = [
    ["the regions of a planning round", () => store.regionsAwaiting()],
    ["the orders of a round", () => store.awaitingIn(REGION, undefined, LIMIT)],
    ["the waiting orders of the metrics", () => store.countAwaiting(new Date(0), now)],
    ["the deadlines", () => store.dueUntil(now, LIMIT)],
    ["a customer's slots", () => store.takenSlots(customerId)],
    ["the operators' list", () => townStore(store.collection).openVersions(LIMIT)],
    ["the operators' figures", () => townStore(store.collection).countOpen()],
  ];
  test.each(inBackground)("%s: each query reads open orders alone", async (_, read) => {
    const queries = await examinedBy(read);
    expect(queries.length).toBeGreaterThan(0);
    for (const { collection, examined, returned } of queries)
      expect([collection, examined]).toEqual([collection, returned]);
  });
});
