import { describe, expect, test } from "bun:test";
import type { DishStore } from "../dishes/store.ts";
import { inZone, utc } from "../restaurants/opening-hours.builder.ts";
import type { RestaurantDocument, RestaurantStore } from "../restaurants/store.ts";
import { MINUTE_MS, minutesOpen } from "../restaurants/wall-clock.builder.ts";
import type { StockStore } from "../stock/store.ts";
import { quote } from "./quote.ts";

const HOURS = ["sunday 02:15-02:45", "sunday 23:30-01:00", "monday 11:00-14:00"];
const restaurantId = "rst_1";
const location = { lat: 0, lng: 0 };

describe.each([
  ["Europe/Berlin", "put forward", "2026-03-28T00:00", "saturday 18:00-02:30"],
  ["Europe/Berlin", "put back", "2026-10-24T00:00", "saturday 18:00-02:30"],
  ["Australia/Lord_Howe", "put back", "2026-04-04T00:00", "saturday 18:00-01:45"],
  ["Australia/Lord_Howe", "put forward", "2026-10-03T00:00", "saturday 18:00-02:15"],
])("quotes in %s while the clocks are %s", (timeZone, _, from, interval) => {
  const openingHours = inZone(timeZone, interval, ...HOURS);
  const restaurant = {
    _id: restaurantId,
    acceptingOrders: true,
    openingHours,
    address: { location },
    deliveryRadiusMeters: 100,
  } as RestaurantDocument;
  const deps = {
    restaurants: { find: async () => restaurant } as unknown as RestaurantStore,
    dishes: { these: async () => [] } as unknown as DishStore,
    stock: {} as StockStore,
    changed: async () => undefined,
  };

  test("are given while it is open, else refused with its opening time", async () => {
    const open = minutesOpen(openingHours, utc(from), 9 * 24 * 60);
    const wrong: string[] = [];
    for (let minute = 0; minute < 2 * 24 * 60; minute++) {
      const now = new Date(utc(from).getTime() + minute * MINUTE_MS);
      const opens = new Date(utc(from).getTime() + open.indexOf(1, minute) * MINUTE_MS).toISOString();
      const expected = open[minute] ? "given" : `The restaurant is closed now. It opens at ${opens}.`;
      const answer = await quote(deps, { restaurantId, items: [], dropoff: location }, now).then(
        () => "given",
        ({ message }: Error) => message,
      );
      if (answer !== expected) wrong.push(`${now.toISOString()} ${answer}`);
    }
    expect(wrong).toEqual([]);
  });
});
