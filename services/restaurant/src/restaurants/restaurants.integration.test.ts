import { beforeAll, expect, test } from "bun:test";
import type { RestaurantPage } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { call, describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Static } from "@sinclair/typebox";
import {
  addressed,
  aRestaurant,
  located,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { OwnRestaurant } from "./schema.ts";

type Page = Static<typeof RestaurantPage>;

const hoursIn = (timeZone: string) => ({
  openingHours: { timeZone, intervals: [{ day: "monday" as const, opens: "11:00", closes: "22:00" }] },
});

let service: RestaurantService;
const start = async () => {
  service ??= await startRestaurantService();
};

describeWithDatabases("POST /v1/restaurants", () => {
  beforeAll(start);

  test("answers 201 with the restaurant, without its password, and not accepting orders", async () => {
    const body = aRestaurant({ ...hoursIn("Europe/Berlin"), email: `${newId("Mail")}@Example.com` });
    const answer = await service.register(body);
    const { password: _, email, ...profile } = body;
    expect(answer.status).toBe(201);
    expect(answer.body as object).toEqual({
      ...profile,
      restaurantId: expect.stringMatching(/^rst_[0-9a-z]{26}$/),
      email: email.toLowerCase(),
      acceptingOrders: false,
      openNow: false,
      createdAt: expect.stringMatching(/Z$/),
      secondFactorRequired: false,
    });
  });

  test("answers 409 when the email address has an account, in any letter case", async () => {
    const { email } = (await service.register()).body;
    const again = await service.register({ email: email.toUpperCase() });
    expect([again.status, again.body.code]).toEqual([409, "EMAIL_TAKEN"]);
  });

  test("when two sign up with one address at once, one wins", async () => {
    const email = `${newId("mail")}@example.com`;
    const both = await Promise.all([service.register({ email }), service.register({ email })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test("answers 429 with Retry-After when the hour's sign-ups from one address are used up", async () => {
    const { url } = await startRestaurantService({ signUpsPerHour: 1 });
    const headers = fromNewAddress();
    const signUp = (from: Record<string, string>) =>
      call(url, "POST /v1/restaurants", { body: aRestaurant(), headers: from });
    expect((await signUp(headers)).status).toBe(201);
    const refused = await signUp(headers);
    expect([refused.status, refused.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 3_601);
    expect((await signUp(fromNewAddress())).status).toBe(201);
  });

  test("accepts an address without a postal code when the country has none", async () => {
    const { status, body } = await service.register(addressed({ country: "HK", postalCode: undefined }));
    expect([status, body.address]).toEqual([
      201,
      expect.not.objectContaining({ postalCode: expect.anything() }),
    ]);
  });

  test("answers 422 with a pointer for an unknown time zone", async () => {
    const { status, body } = await service.register(hoursIn("Europe/Atlantis"));
    expect([status, body.code, body.details?.map(({ pointer }) => pointer)]).toEqual([
      422,
      "UNKNOWN_TIME_ZONE",
      ["/openingHours/timeZone"],
    ]);
  });

  const { name: _, ...nameless } = aRestaurant();
  test.each([
    ["without a name", nameless, ""],
    ["with a blank name", aRestaurant({ name: "  " }), "/name"],
    ["with an unknown field", { ...aRestaurant(), acceptingOrders: true }, "/acceptingOrders"],
    ["with a weak password", aRestaurant({ password: "short" }), "/password"],
    ["with an invalid email address", aRestaurant({ email: "da.enzo" }), "/email"],
    ["with a position out of range", aRestaurant(located({ lat: 91, lng: 0 })), "/address/location/lat"],
    ["with a currency in words", aRestaurant({ currency: "euro" }), "/currency"],
    ["with a currency that does not exist", aRestaurant({ currency: "ZZZ" }), "/currency"],
    ["with a country that does not exist", aRestaurant(addressed({ country: "QQ" })), "/address/country"],
    ["without a postal code", aRestaurant(addressed({ postalCode: undefined })), "/address/postalCode"],
    ["with a phone number of one digit", aRestaurant({ phone: "1    " }), "/phone"],
    ["with an invisible cuisine", aRestaurant({ cuisines: ["\u2800"] }), "/cuisines/0"],
    ["with a fractional fee", aRestaurant({ deliveryFeeCents: 2.5 }), "/deliveryFeeCents"],
    ["with a number in quotes", { ...aRestaurant(), prepMinutes: "20" }, "/prepMinutes"],
    ["with a radius that is too small", aRestaurant({ deliveryRadiusMeters: 99 }), "/deliveryRadius"],
    ["with eleven cuisines", aRestaurant({ cuisines: Array(11).fill("Thai") }), "/cuisines"],
    [
      "with an invalid time",
      aRestaurant({
        openingHours: { timeZone: "UTC", intervals: [{ day: "monday", opens: "24:00", closes: "01:00" }] },
      }),
      "/openingHours/intervals/0/opens",
    ],
  ])("answers 422 %s, with a pointer to it", async (_, body, pointer) => {
    const answer = await service.call("POST /v1/restaurants", { body });
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(answer.body.details?.some((fault) => fault.pointer.startsWith(pointer))).toBe(true);
  });

  test("answers 400 for a body that is not JSON", async () => {
    const { status, body } = await service.call("POST /v1/restaurants", { body: "{" });
    expect([status, body.code]).toEqual([400, "MALFORMED_JSON"]);
  });
});

describeWithDatabases("/v1/restaurants/me", () => {
  let member: Member;
  beforeAll(async () => {
    await start();
    member = await service.join();
  });
  const patch = (body: object, { token } = member) =>
    service.call<OwnRestaurant & Problem>("PATCH /v1/restaurants/me", { token, body });

  test.each([
    ["GET /v1/restaurants/me", undefined],
    ["PATCH /v1/restaurants/me", { name: "Nuovo" }],
    ["PUT /v1/restaurants/me/availability", { acceptingOrders: true }],
  ] as const)(
    "%s answers 401 without a token and 403 to another role, also with an invalid body",
    async (route, body) => {
      const forOthers = await service.tokenFor(member.restaurantId, "order");
      const aService = await service.order.serviceToken("restaurant");
      const broken = body && { surprise: true };
      expect((await service.call(route, { body: broken })).status).toBe(401);
      expect((await service.call(route, { body: broken, token: forOthers })).status).toBe(401);
      expect((await service.call(route, { body: broken, token: aService })).status).toBe(403);
    },
  );

  test("GET answers 200 with the owner's fields", async () => {
    const { status, body } = await service.call<OwnRestaurant>("GET /v1/restaurants/me", member);
    expect(status).toBe(200);
    expect(body).toMatchObject({ restaurantId: member.restaurantId, email: member.email });
    expect(Object.keys(body).filter((key) => /password|position|terms|keys|_id/i.test(key))).toEqual([]);
  });

  test("GET answers 404 to a token of a deleted restaurant", async () => {
    const token = await service.tokenFor(newId("rst"));
    for (const [route, body] of [
      ["GET /v1/restaurants/me", undefined],
      ["PATCH /v1/restaurants/me", { name: "Nuovo" }],
      ["PUT /v1/restaurants/me/availability", { acceptingOrders: true }],
    ] as const) {
      const answer = await service.call(route, { token, body });
      expect([answer.status, answer.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
    }
  });

  test("PATCH answers 200 and changes only the given fields", async () => {
    const before = (await service.call<OwnRestaurant>("GET /v1/restaurants/me", member)).body;
    const { status, body } = await patch({ prepMinutes: 35, deliveryFeeCents: 0 });
    expect([status, body]).toEqual([200, { ...before, prepMinutes: 35, deliveryFeeCents: 0 } as typeof body]);
  });

  test("PATCH and signing up set the order of categories", async () => {
    const categoryOrder = ["Pizza", "Drinks"];
    expect((await service.register({ categoryOrder })).body.categoryOrder).toEqual(categoryOrder);
    for (const order of [categoryOrder, []]) {
      const { status, body } = await patch({ categoryOrder: order });
      expect([status, body.categoryOrder]).toEqual([200, order]);
    }
  });

  test.each([
    ["the email address", { email: "other@example.com" }],
    ["the identity", { restaurantId: newId("rst") }],
    ["whether it takes orders", { acceptingOrders: false }],
    ["nothing", {}],
    ["a name to an operator", { name: { $gt: "" } }],
    ["its categories to a duplicate", { categoryOrder: ["Pizza", "Drinks", "Pizza"] }],
    ["its categories to a blank", { categoryOrder: [" "] }],
    ["its categories to too many", { categoryOrder: Array.from({ length: 101 }, (_, i) => `${i}`) }],
    ["the address to one without its postal code", addressed({ postalCode: undefined })],
  ])("PATCH answers 422 to a change of %s", async (_, change) => {
    const answer = await patch(change);
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect((await service.call<OwnRestaurant>("GET /v1/restaurants/me", member)).body.currency).toBe("EUR");
  });

  test("PATCH answers 422 with the reason for another currency", async () => {
    const answer = await patch({ currency: "USD", name: "Da Carlo" });
    expect([answer.status, answer.body.code]).toEqual([422, "CURRENCY_FIXED"]);
    expect(answer.body.details).toEqual([{ pointer: "/currency", detail: "Leave it out, or keep it" }]);
    const { body } = await service.call<OwnRestaurant>("GET /v1/restaurants/me", member);
    expect([body.currency, body.name]).toEqual(["EUR", "Da Enzo"]);
  });

  test("PATCH accepts the current currency", async () => {
    const answer = await patch({ currency: "EUR", prepMinutes: 11 });
    expect([answer.status, answer.body.currency, answer.body.prepMinutes]).toEqual([200, "EUR", 11]);
  });

  test("PATCH answers 422 for an unknown time zone", async () => {
    const answer = await patch(hoursIn("Mars/Olympus"));
    expect([answer.status, answer.body.code]).toEqual([422, "UNKNOWN_TIME_ZONE"]);
  });

  test("after a change, is found by its new name, cuisine and position, and not by the old", async () => {
    const word = newId("w");
    const mover = await service.join({ name: `Old${word}`, cuisines: [`Was${word}`] });
    await patch(
      { name: `New${word}`, cuisines: [`Is${word}`], ...located({ lat: -33.86, lng: 151.2 }) },
      mover,
    );
    const found = async (query: string) =>
      (await service.call<Page>(`GET /v1/restaurants?${query}`)).body.items.map((item) => item.restaurantId);
    for (const query of [`query=new${word}`, `query=is${word}`, `cuisine=is${word}`])
      expect(await found(query)).toEqual([mover.restaurantId]);
    for (const query of [`query=old${word}`, `query=was${word}`, `cuisine=was${word}`])
      expect(await found(query)).toEqual([]);
    const near = await service.call<Page>(`GET /v1/restaurants?query=new${word}&near=-33.86,151.2`);
    expect(near.body.items[0]?.distanceMeters).toBe(0);
  });

  test("keeps both of two concurrent changes", async () => {
    const busy = await service.join();
    await Promise.all([
      ...Array.from({ length: 5 }, (_, i) => patch({ name: `Name ${i}` }, busy)),
      ...Array.from({ length: 5 }, (_, i) => patch({ cuisines: [`Cuisine ${i}`] }, busy)),
    ]);
    const stored = await service.base.mongo.db
      .collection<{ _id: string; name: string; cuisines: string[]; searchTerms: string[] }>("restaurants")
      .findOne({ _id: busy.restaurantId });
    const [, name] = stored?.name.split(" ") ?? [];
    const [, cuisine] = stored?.cuisines[0]?.split(" ") ?? [];
    expect(stored?.searchTerms.slice(1)).toEqual([
      ...new Set(["name", name ?? "", "cuisine", cuisine ?? ""]),
    ]);
  });

  test("can be on the equator and be changed", async () => {
    const equator = await service.register(located({ lat: -0, lng: -0 }));
    const token = await service.tokenFor(equator.body.restaurantId);
    const raw = JSON.stringify(located({ lat: 9, lng: 9 })).replaceAll("9", "-0");
    expect((await service.call("PATCH /v1/restaurants/me", { token, body: raw })).status).toBe(200);
    expect((await service.call("PATCH /v1/restaurants/me", { token, body: { prepMinutes: 5 } })).status).toBe(
      200,
    );
  });
});

describeWithDatabases("PUT /v1/restaurants/me/availability", () => {
  beforeAll(start);

  test("answers 200, opens it and closes it", async () => {
    const { token, restaurantId } = await service.join();
    for (const acceptingOrders of [false, true]) {
      const put = { token, body: { acceptingOrders } };
      const { status, body } = await service.call<OwnRestaurant>("PUT /v1/restaurants/me/availability", put);
      expect([status, body.acceptingOrders, body.openNow]).toEqual([200, acceptingOrders, acceptingOrders]);
      const seen = await service.call<OwnRestaurant>(`GET /v1/restaurants/${restaurantId}`);
      expect(seen.body.openNow).toBe(acceptingOrders);
    }
  });

  test.each([[{}], [{ acceptingOrders: "yes" }], [{ acceptingOrders: true, openNow: true }]])(
    "answers 422 for %j",
    async (body) => {
      const { token } = await service.join();
      const answer = await service.call("PUT /v1/restaurants/me/availability", { token, body });
      expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    },
  );
});
