import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { OpeningHours, Restaurant } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { describeWithDatabases } from "@food/shared/testing/service";
import {
  BERLIN,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { daily, on } from "./opening-hours.builder.ts";
import type { OwnRestaurant } from "./schema.ts";

const DAY_MS = 86_400_000;
const now = Date.now();
/** The date this many days from today, in UTC. */
const dateIn = (days: number) => new Date(now + days * DAY_MS).toISOString().slice(0, 10);
const midnightIn = (days: number) => `${dateIn(days)}T00:00:00.000Z`;
/** Always open, except for these special hours. */
const but = (...specialHours: NonNullable<OpeningHours["specialHours"]>) => ({
  ...on(...daily("00:00-00:00")),
  specialHours,
});
/** Correct also when midnight passes during the test. */
const closedFor = (days: number) => but({ date: dateIn(-1), lastDate: dateIn(days), intervals: [] });

let service: RestaurantService;
let member: Member;

const patch = (openingHours: unknown) =>
  service.call<OwnRestaurant & Problem>("PATCH /v1/restaurants/me", { ...member, body: { openingHours } });
const seen = async () => (await service.call<Restaurant>(`GET /v1/restaurants/${member.restaurantId}`)).body;

describeWithDatabases("special hours", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  beforeEach(async () => {
    member = await service.join({ openingHours: on(...daily("00:00-00:00")) });
  });

  test("are stored and public, and close the restaurant for the next reader", async () => {
    expect(await seen()).toMatchObject({ openNow: true });
    const openingHours = closedFor(2);
    const { status, body } = await patch(openingHours);
    expect([status, body.openingHours, body.openNow]).toEqual([200, openingHours, false]);
    expect(await seen()).toMatchObject({ openingHours, openNow: false, opensAt: midnightIn(3) });
    expect(await seen()).not.toContainKey("closesAt");
  });

  test("determine closesAt of an open restaurant", async () => {
    await patch(but({ date: dateIn(2), intervals: [] }));
    expect(await seen()).toMatchObject({ openNow: true, closesAt: midnightIn(2) });
    expect(await seen()).not.toContainKey("opensAt");
  });

  test("while it accepts no orders, have neither opensAt nor closesAt", async () => {
    await patch(closedFor(2));
    await service.call("PUT /v1/restaurants/me/availability", {
      ...member,
      body: { acceptingOrders: false },
    });
    expect(await seen()).toMatchObject({ openNow: false });
    expect(await seen()).not.toContainAnyKeys(["opensAt", "closesAt"]);
  });

  test("refuse an order, with the next opening", async () => {
    const { dishId } = await service.addDish(member);
    const ask = async () =>
      service.call("POST /internal/quotes", {
        token: await service.order.serviceToken("restaurant"),
        body: { restaurantId: member.restaurantId, items: [{ dishId, quantity: 1 }], dropoff: BERLIN },
      });
    expect((await ask()).status).toBe(200);
    await patch(closedFor(2));
    const { status, body } = await ask();
    expect([status, body.code, body.detail]).toEqual([
      422,
      "RESTAURANT_CLOSED",
      `The restaurant is closed now. It opens at ${midnightIn(3)}.`,
    ]);
  });

  test.each([
    [
      "end before they begin",
      but({ date: "2026-12-26", lastDate: "2026-12-24", intervals: [] }),
      "0/lastDate",
    ],
    ["have a date that does not exist", but({ date: "2026-02-29", intervals: [] }), "0/date"],
    [
      "share a day",
      but(
        { date: "2026-12-24", lastDate: "2026-12-26", intervals: [] },
        { date: "2026-12-25", intervals: [] },
      ),
      "1/date",
    ],
  ])("are refused with 422 when they %s, at sign-up and later", async (_, openingHours, pointer) => {
    for (const answer of [await service.register({ openingHours }), await patch(openingHours)])
      expect([answer.status, answer.body.code, answer.body.details?.map((fault) => fault.pointer)]).toEqual([
        422,
        "SPECIAL_HOURS_INVALID",
        [`/openingHours/specialHours/${pointer}`],
      ]);
  });

  test.each([
    ["with a word as date", { date: "christmas", intervals: [] }],
    ["with a time as date", { date: "2026-12-24T12:00:00Z", intervals: [] }],
    ["without intervals", { date: "2026-12-24" }],
    ["on a weekday", { date: "2026-12-24", intervals: [{ day: "monday", opens: "10:00", closes: "11:00" }] }],
    ["with an invalid time", { date: "2026-12-24", intervals: [{ opens: "24:00", closes: "01:00" }] }],
    ["with an unknown field", { date: "2026-12-24", intervals: [], closed: true }],
  ])("answer 422 %s", async (_, special) => {
    const answer = await patch(but(special as never));
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(answer.body.details?.[0]?.pointer).toStartWith("/openingHours");
  });

  test("answer 422 when there are more than sixty", async () => {
    const { status } = await patch(but(...Array(61).fill({ date: "2026-12-24", intervals: [] })));
    expect(status).toBe(422);
  });
});
