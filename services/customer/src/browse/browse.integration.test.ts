import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type CustomerService, startCustomerService } from "../customer-service.builder.ts";

const BYTES = '{ "as":"it came",\n"n":1.0 }';
const restaurantId = newId("rst");
const ROUTES = [
  "GET /v1/restaurants",
  "GET /v1/search?query=pizza&near=52.52,13.405&diet=vegan&freeOf=milk,nuts&open=true&delivers=true&limit=3",
  `GET /v1/restaurants/${restaurantId}`,
  `GET /v1/restaurants/${restaurantId}/menu`,
  `GET /v1/restaurants/${restaurantId}/delivery?near=52.52,13.405`,
] as const;
const problem = (status: number, code: string) =>
  Response.json(
    { type: "about:blank", title: "T", status, code, detail: "Their words.", requestId: "r" },
    { status, headers: { "content-type": "application/problem+json" } },
  );

describeWithDatabases("browsing", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });

  test.each(ROUTES)("%s needs no token and passes the restaurant service's bytes through", async (route) => {
    const headers = {
      "content-type": "application/json",
      etag: '"v1"',
      "cache-control": "public, max-age=5",
    };
    service.answers.restaurant = () => new Response(BYTES, { headers });
    const response = await fetch(`${service.url}${route.slice("GET ".length)}`);
    expect([response.status, await response.text()]).toEqual([200, BYTES]);
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toBe(value);
    expect(service.received.restaurant?.path.split("?")[0]).toBe(route.slice("GET ".length).split("?")[0]);
  });

  test("passes on every parameter of the search", async () => {
    service.answers.restaurant = () => Response.json({ items: [], nextCursor: null });
    const query = "near=52.52,13.405&query=a%26b%3Dc&cuisine=thai&open=true&delivers=true&limit=5&cursor=abc";
    expect((await call(service.url, `GET /v1/restaurants?${query}`)).status).toBe(200);
    const received = new URLSearchParams(service.received.restaurant?.path.split("?")[1]);
    expect(Object.fromEntries(received)).toEqual({
      near: "52.52,13.405",
      query: "a&b=c",
      cuisine: "thai",
      open: "true",
      delivers: "true",
      limit: "5",
      cursor: "abc",
    });
  });

  test("answers 304 with the ETag when the client has the current menu", async () => {
    service.answers.restaurant = ({ headers }) =>
      headers.get("if-none-match") === '"v1"'
        ? new Response(null, { status: 304, headers: { etag: '"v1"' } })
        : new Response(BYTES, { headers: { etag: '"v1"', "content-type": "application/json" } });
    const menu = (headers: Record<string, string>) =>
      call(service.url, `GET /v1/restaurants/${restaurantId}/menu`, { headers });
    const unchanged = await menu({ "if-none-match": '"v1"' });
    expect([unchanged.status, unchanged.headers.get("etag"), unchanged.body as unknown]).toEqual([
      304,
      '"v1"',
      "",
    ]);
    expect((await menu({ "if-none-match": '"v0"' })).status).toBe(200);
    const many = Array.from({ length: 400 }, (_, i) => `"v${i + 2}"`).join(", ");
    expect((await menu({ "if-none-match": many })).status).toBe(200);
    expect(service.received.restaurant?.headers.get("if-none-match")).toBe(many);
    expect((await menu({})).status).toBe(200);
  });

  test.each(ROUTES)(
    "%s passes on a problem, and answers 503 while the restaurant service is down",
    async (route) => {
      const [status, code] = route.includes(restaurantId)
        ? ([404, "RESTAURANT_NOT_FOUND"] as const)
        : ([422, "VALIDATION_FAILED"] as const);
      service.answers.restaurant = () => problem(status, code);
      const refused = await call(service.url, route);
      expect([refused.status, refused.body]).toMatchObject([status, { code, detail: "Their words." }]);
      for (const status of [401, 403, 500, 503]) {
        service.answers.restaurant = () => problem(status, "SECRET_REASON");
        const away = await call(service.url, route);
        expect([away.status, away.body.code, away.headers.get("retry-after")]).toEqual([
          503,
          "DEPENDENCY_UNAVAILABLE",
          "1",
        ]);
      }
    },
  );

  describe("an invalid request never reaches the restaurant service", () => {
    test.each([
      "near=here",
      "near=1",
      "near=1,2,3",
      "open=perhaps",
      "delivers=perhaps",
      "limit=0",
      "limit=101",
      "query=",
      "cuisine=",
      "no=1",
      "query[$ne]=x",
    ])("GET /v1/restaurants?%s answers 422", async (query) => {
      const before = service.restaurant.seen.length;
      expect((await call(service.url, `GET /v1/restaurants?${query}`)).status).toBe(422);
      expect(service.restaurant.seen.length).toBe(before);
    });

    test.each(["nonsense", "rst_1", newId("dsh"), "%2e%2e", "$ne"])(
      "a restaurant named %s answers 404",
      async (id) => {
        const before = service.restaurant.seen.length;
        expect((await call(service.url, `GET /v1/restaurants/${id}`)).status).toBe(404);
        expect((await call(service.url, `GET /v1/restaurants/${id}/menu`)).status).toBe(404);
        expect(service.restaurant.seen.length).toBe(before);
      },
    );
  });

  test("shares one call among concurrent readers, and makes another for later ones", async () => {
    const gate = Promise.withResolvers<void>();
    const asked = () => service.restaurant.seen.length;
    const before = asked();
    let version = 0;
    service.answers.restaurant = async () => {
      const bytes = String(++version);
      if (version === 1) await gate.promise;
      return new Response(bytes, { headers: { "content-type": "application/json" } });
    };
    const menu = () => fetch(`${service.url}/v1/restaurants/${restaurantId}/menu`).then((it) => it.text());
    const first = menu();
    await eventually(async () => asked() === before + 1);
    // All of these must get a change that is made now.
    const others = Array.from({ length: 20 }, menu);
    await eventually(async () => service.base.metrics.requestsInFlight === 21);
    gate.resolve();
    expect(await first).toBe("1");
    expect(await Promise.all(others)).toEqual(others.map(() => "2"));
    expect(asked()).toBe(before + 2);
    expect(await menu()).toBe("3");
  });

  test("when the first reader's deadline is short, still answers the others", async () => {
    const gate = Promise.withResolvers<void>();
    const before = service.restaurant.seen.length;
    service.answers.restaurant = async () => {
      await gate.promise;
      return new Response(BYTES, { headers: { "content-type": "application/json" } });
    };
    const url = `${service.url}/v1/restaurants/${restaurantId}/menu`;
    const hurried = fetch(url, { headers: { "x-request-timeout-ms": "1" } });
    await eventually(async () => service.restaurant.seen.length === before + 1);
    const patient = fetch(url);
    await Bun.sleep(20);
    gate.resolve();
    expect([(await hurried).status, (await patient).status]).toEqual([200, 200]);
  });

  test("passes on the restaurant service's 422 for delivers without near", async () => {
    service.answers.restaurant = () => problem(422, "VALIDATION_FAILED");
    const answer = await call(service.url, "GET /v1/restaurants?delivers=true");
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
  });

  test("passes on the restaurant service's 400 for an invalid cursor", async () => {
    service.answers.restaurant = () => problem(400, "MALFORMED_CURSOR");
    const answer = await call(service.url, "GET /v1/restaurants?cursor=abc");
    expect([answer.status, answer.body.code]).toEqual([400, "MALFORMED_CURSOR"]);
  });
});
