import { describe, expect, test } from "bun:test";
import type { Frame } from "@food/shared/live/sse";
import { newId } from "@food/shared/values/id";
import { newBoard, type TownSource } from "./board.ts";
import type { Town, TownOrder } from "./schema.ts";
import { aCourierOnDuty, aDrop, aTownOrder, onTrip } from "./town.builder.ts";

const START = Date.parse("2026-11-28T18:45:00Z");

interface Changes extends Partial<Town> {
  endedOrderIds?: string[];
  goneCourierIds?: string[];
  endedTripIds?: string[];
}

/** A board over lists that the test replaces, and a clock that it moves. */
function aBoard(source: Partial<TownSource> = {}) {
  const town = { orders: [aTownOrder()], couriers: [aCourierOnDuty()], now: START, bytes: 0 };
  const changes: Changes[] = [];
  const board = newBoard(
    {
      readOrders: async () => ({ orders: town.orders, hasMore: false }),
      readCouriers: async () => ({ couriers: town.couriers, hasMore: false }),
      readClickToDoor: async () => undefined,
      ...source,
    },
    () => new Date(town.now),
  );
  board.followers.add((frame: Frame) => {
    town.bytes += frame.length;
    changes.push(JSON.parse(new TextDecoder().decode(frame).split("data: ")[1] ?? ""));
  });
  const step = async (ms = 1_000) => {
    town.now += ms;
    await board.refresh().catch(() => undefined);
    return changes.at(-1) ?? {};
  };
  return { board, town, step };
}

describe("the board", () => {
  test("sends what is new or changed, and the ids of what is gone", async () => {
    const { town, step } = aBoard();
    const [order, courier] = [town.orders[0] as TownOrder, aCourierOnDuty(onTrip(aDrop(false)))];
    town.couriers = [courier];
    expect(await step()).toMatchObject({ orders: [order], couriers: [{ state: "to_restaurant" }] });
    const moved = { ...order, version: 2, status: "ready" as const };
    town.orders = [moved];
    expect(await step()).toMatchObject({ orders: [moved], figures: { ordersByStatus: { ready: 1 } } });
    town.orders = [];
    town.couriers = [];
    expect(await step()).toMatchObject({
      ...{ endedOrderIds: [order.orderId], goneCourierIds: [courier.courierId] },
      endedTripIds: [courier.trip?.tripId],
    });
  });

  test("when nothing has changed, sends only the times and the next number", async () => {
    const { step } = aBoard();
    const { sequence = 0 } = await step();
    const changes = await step();
    expect(Object.keys(changes).sort()).toEqual(["at", "couriersAt", "isComplete", "ordersAt", "sequence"]);
    expect(changes.sequence).toBe(sequence + 1);
  });

  test("snapshot and changes together are the next snapshot", async () => {
    const { board, town, step } = aBoard();
    await step();
    const before = board.shown();
    town.orders = [...town.orders, aTownOrder()];
    const { orders = [] } = await step();
    expect([...before.orders, ...orders]).toEqual(board.shown().orders);
  });

  test.each([
    [[aDrop(false), aDrop(false)], "to_restaurant"],
    [[aDrop(true), aDrop(false)], "to_restaurant"],
    [[aDrop(true), aDrop(true)], "to_door"],
  ])("a courier with %j is %s", async (drops, state) => {
    const { town, step } = aBoard();
    town.couriers = [aCourierOnDuty(onTrip(...drops))];
    expect((await step()).couriers).toMatchObject([{ state }]);
  });

  test("while couriers cannot be read, shows the last ones with their age, and they become stale", async () => {
    let isAway = false;
    const courier = aCourierOnDuty();
    const { board, step } = aBoard({
      readCouriers: async () => {
        if (isAway) throw new Error("away");
        return { couriers: [courier], hasMore: false };
      },
    });
    const { couriersAt } = await step();
    isAway = true;
    const { ordersAt = "", ...later } = await step(61_000);
    expect(later.couriersAt).toBe(couriersAt as string);
    expect(Date.parse(ordersAt)).toBe(START + 62_000);
    expect(later.couriers).toMatchObject([{ state: "stale" }]);
    expect((await board.town()).couriers).toHaveLength(1);
  });

  test("throws only when the orders have never been read", async () => {
    let isAway = true;
    const { board, step } = aBoard({
      readOrders: async () => {
        if (isAway) throw new Error("away");
        return { orders: [aTownOrder()], hasMore: true };
      },
    });
    expect(board.town()).rejects.toThrow("away");
    isAway = false;
    expect(await step(10_000)).toMatchObject({ isComplete: false });
    isAway = true;
    await step(10_000);
    expect((await board.town()).orders).toHaveLength(1);
  });

  test("300 couriers that move every 3 s, and 500 orders of which two change in a second, take at most 50 KB/s", async () => {
    const { town, step } = aBoard();
    town.orders = Array.from({ length: 500 }, () =>
      aTownOrder({ courierId: newId("crr"), tripId: newId("trp"), readyAt: new Date(START).toISOString() }),
    );
    town.couriers = Array.from({ length: 300 }, () => aCourierOnDuty(onTrip(aDrop(true), aDrop(false))));
    await step();
    const before = town.bytes;
    const SECONDS = 30;
    for (let second = 0; second < SECONDS; second++) {
      town.couriers = town.couriers.map((courier, i) => {
        if (i % 3 !== second % 3) return courier;
        const location = { lat: 52.5 + second / 1_000 + i / 7_000, lng: 13.4 + i / 3_000 + second / 9_000 };
        return { ...courier, location, locationAt: new Date(town.now).toISOString() };
      });
      town.orders = town.orders.map((order, i) =>
        Math.floor(i / 2) === second ? { ...order, version: 2, status: "ready" } : order,
      );
      await step();
    }
    const perSecond = (town.bytes - before) / SECONDS;
    expect(perSecond).toBeWithin(5_000, 50_000);
  });
});
