// Many orders at once, repeated messages, and placements that die after they have taken portions.
import { beforeAll, expect, test } from "bun:test";
import type { OrderOutcomes } from "@food/shared/contracts/stock";
import { describeWithDatabases, freshMongoUrl } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import { checkStock } from "./settle-stock.ts";
import { limited } from "./stock.builder.ts";
import { stockStore } from "./store.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
type Outcome = OrderOutcomes["items"][number]["outcome"];

describeWithDatabases("limited portions under concurrency", () => {
  let service: RestaurantService;
  let other: RestaurantService;
  beforeAll(async () => {
    const mongoUrl = freshMongoUrl();
    service = await startRestaurantService({ mongoUrl });
    other = await startRestaurantService({ mongoUrl, peer: service });
  });
  /** Checks as another replica would at that time, and returns which orders it asked about. */
  const checkIn = async (ms: number, outcomeOf: (orderId: string) => Outcome) => {
    const asked: string[] = [];
    const askOutcomes = async (orderIds: string[]) => {
      asked.push(...orderIds);
      return orderIds.map((orderId) => ({ orderId, outcome: outcomeOf(orderId) }));
    };
    const stock = stockStore(service.base.mongo.db);
    const at = new Date(Date.now() + ms);
    await checkStock({ stock, changed: async () => undefined, askOutcomes }, () => at);
    return asked;
  };

  test("200 orders at once on two replicas for the last five: exactly five take one", async () => {
    const { take, remaining, stored } = await limited(service, { remaining: 5 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => take(1, newId("ord"), i % 2 === 0 ? service : other)),
    );
    const codes = Map.groupBy(answers, ({ status, body }) => `${status} ${body.code ?? ""}`);
    expect(codes.get("200 ")).toHaveLength(5);
    expect(codes.get("422 DISH_UNAVAILABLE")).toHaveLength(195);
    expect(await remaining()).toBe(0);
    expect(Object.keys((await stored()).stockTaken ?? {})).toHaveLength(5);
  });

  test("any mix of repeated takes, releases and checks at once loses and invents no portion", async () => {
    const { take, release, remaining, stored } = await limited(service, { remaining: 40 });
    const orders = Array.from({ length: 60 }, (_, i) => ({ orderId: newId("ord"), units: 1 + (i % 3) }));
    const unused = new Set(orders.filter((_, i) => i % 4 === 0).map(({ orderId }) => orderId));
    const outcomeOf = (orderId: string): Outcome => (unused.has(orderId) ? "unused" : "open");
    await Promise.all(
      orders.flatMap(({ orderId, units }) => [
        ...[service, other, service].map((replica) => take(units, orderId, replica)),
        ...(unused.has(orderId) ? [release(orderId), release(orderId)] : []),
        checkIn(3 * MINUTE_MS, outcomeOf),
      ]),
    );
    // What a late request took after the release is found by asking.
    await checkIn(10 * MINUTE_MS, outcomeOf);
    const { stockTaken = {} } = await stored();
    const held = Object.entries(stockTaken).filter(([, { lines }]) => lines !== undefined);
    const portions = held.reduce((sum, [, { lines = [] }]) => sum + (lines[0]?.portions ?? 0), 0);
    expect(held.some(([orderId]) => unused.has(orderId))).toBe(false);
    expect((await remaining()) ?? -1).toBeGreaterThanOrEqual(0);
    expect(portions + ((await remaining()) ?? 0)).toBe(40);
  });

  test("a placement that died after taking gives back when it is asked about, not before two minutes", async () => {
    const { take, remaining } = await limited(service, { remaining: 5 });
    const orderId = newId("ord");
    await take(2, orderId);
    expect(await checkIn(MINUTE_MS, () => "unused")).not.toContain(orderId);
    expect(await remaining()).toBe(3);
    expect(await checkIn(3 * MINUTE_MS, () => "unused")).toContain(orderId);
    expect(await remaining()).toBe(5);
  });

  test("an open order keeps its portions and is asked about again; a delivered one has used them", async () => {
    const { take, remaining, release } = await limited(service, { remaining: 5 });
    const orderId = newId("ord");
    await take(2, orderId);
    for (const minutes of [3, 6, 9])
      expect(await checkIn(minutes * MINUTE_MS, () => "open")).toContain(orderId);
    expect(await checkIn(20 * MINUTE_MS, () => "used")).toContain(orderId);
    expect(await checkIn(30 * MINUTE_MS, () => "unused")).not.toContain(orderId);
    await release(orderId);
    expect(await remaining()).toBe(3);
  });

  test("when the order service does not answer, nothing changes and the next check asks again", async () => {
    const { take, remaining } = await limited(service, { remaining: 5 });
    const orderId = newId("ord");
    await take(2, orderId);
    const fails = () => {
      throw new Error("away");
    };
    await expect(checkIn(3 * MINUTE_MS, fails)).rejects.toThrow("away");
    expect(await remaining()).toBe(3);
    expect(await checkIn(6 * MINUTE_MS, () => "unused")).toContain(orderId);
    expect(await remaining()).toBe(5);
  });

  test("a settled order is forgotten after an hour, and can still not take again", async () => {
    const { take, release, remaining, stored } = await limited(service, { remaining: 5 });
    const [old, orderId] = [newId("ord", Date.now() - MINUTE_MS), newId("ord")];
    await take(2, orderId);
    await release(orderId);
    await checkIn(30 * MINUTE_MS, () => "open");
    expect(Object.keys((await stored()).stockTaken ?? {})).toEqual([orderId]);
    await checkIn(2 * HOUR_MS, () => "open");
    expect(await stored()).not.toContainAnyKeys(["stockTaken", "stockCheckAt"]);
    for (const late of [orderId, old]) {
      const answer = await take(1, late);
      expect([answer.status, answer.body.code]).toEqual([409, "ORDER_ENDED"]);
    }
    expect(await remaining()).toBe(5);
    expect((await take(1)).status).toBe(200);
  });

  test("a check that dies in between loses nothing: the next one goes on", async () => {
    const { take, remaining } = await limited(service, { remaining: 5 });
    const orderIds = [newId("ord"), newId("ord"), newId("ord")];
    for (const orderId of orderIds) await take(1, orderId);
    const stock = stockStore(service.base.mongo.db);
    const dies: typeof stock.settle = (order, how, now) => {
      if (order.orderId === orderIds[1]) throw new Error("killed");
      return stock.settle(order, how, now);
    };
    const askOutcomes = async (asked: string[]) =>
      asked.map((orderId) => ({ orderId, outcome: "unused" as const }));
    const changed = async () => undefined;
    const at = new Date(Date.now() + 3 * MINUTE_MS);
    const check = checkStock({ stock: { ...stock, settle: dies }, changed, askOutcomes }, () => at);
    await expect(check).rejects.toThrow("killed");
    expect(await remaining()).toBe(3);
    await checkIn(6 * MINUTE_MS, () => "unused");
    expect(await remaining()).toBe(5);
  });
});
