import { beforeAll, beforeEach, expect, test } from "bun:test";
import { describeWithDatabases, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

let service: RestaurantService;
let member: Member;
let orderId: string;

const MOVES = {
  accept: { prepMinutes: 25 },
  reject: { reason: "too_busy" },
  prepare: undefined,
  ready: undefined,
  cancel: { reason: "The oven broke" },
} as const;
type Move = keyof typeof MOVES;
const ROUTES = [
  ["GET /v1/orders", undefined],
  ["GET /v1/orders/:orderId", undefined],
  ...Object.entries(MOVES).map(([move, body]) => [`POST /v1/orders/:orderId/${move}`, body] as const),
] as const;
const at = (route: string) => route.replace(":orderId", orderId) as `${string} /${string}`;
const ask = (route: string, body?: unknown, token = member.token) => service.call(at(route), { token, body });
const move = (action: Move, body: unknown = MOVES[action]) => ask(`POST /v1/orders/:orderId/${action}`, body);

/** Bytes that our serialiser never writes, to prove that they pass through unchanged. */
const ODD_BYTES = '{ "orderId":"ord_x",\n "später": 1.50 }';
const CODES: Record<number, string> = {
  400: "MALFORMED_CURSOR",
  404: "ORDER_NOT_FOUND",
  409: "ILLEGAL_MOVE",
  422: "VALIDATION_FAILED",
};
const problem = (status: number, extras = {}) =>
  Response.json(
    {
      type: "about:blank",
      title: "T",
      status,
      code: CODES[status] ?? "",
      detail: "As it says.",
      requestId: "theirs",
      ...extras,
    },
    { status, headers: { "content-type": "application/problem+json" } },
  );

describeWithDatabases("the restaurant's order routes", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
    member = await service.join();
  });
  beforeEach(() => {
    orderId = newId("ord");
    service.received.length = 0;
    service.answers.order = () =>
      new Response(ODD_BYTES, {
        headers: { "content-type": "application/json", etag: '"7"', "x-secret": "1" },
      });
  });

  test.each(ROUTES)("%s answers 200 with the order service's bytes unchanged", async (route, body) => {
    const path = at(route).split(" ")[1];
    const response = await fetch(`${service.url}${path}`, {
      method: route.split(" ")[0] ?? "",
      headers: {
        authorization: `Bearer ${member.token}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect([response.status, await response.text()]).toEqual([200, ODD_BYTES]);
    expect(response.headers.get("etag")).toBe('"7"');
    expect(response.headers.get("x-secret")).toBeNull();
  });

  test.each(Object.entries(MOVES))(
    "%s is passed on as the restaurant, with its body",
    async (action, body) => {
      await move(action as Move);
      expect(service.received).toMatchObject([
        {
          route: `POST /internal/orders/${orderId}/${action}`,
          body: { ...body, actorId: member.restaurantId },
        },
      ]);
      expect(service.received[0]?.authorization).not.toContain(member.token);
    },
  );

  test("reads are passed on as the restaurant, with their parameters", async () => {
    await ask("GET /v1/orders/:orderId");
    await ask("GET /v1/orders?status=pending&open=true&limit=5&cursor=abc");
    const actorId = member.restaurantId;
    expect(service.received.map(({ route, query }) => [route, query])).toEqual([
      [`GET /internal/orders/${orderId}`, { actorId }],
      ["GET /internal/orders", { actorId, status: "pending", open: "true", limit: "5", cursor: "abc" }],
    ]);
  });

  test("no caller can read or move as another restaurant", async () => {
    const stranger = newId("rst");
    expect((await ask(`GET /v1/orders?actorId=${stranger}`)).status).toBe(422);
    expect((await ask(`GET /v1/orders/:orderId?actorId=${stranger}`)).status).toBe(422);
    expect(service.received).toEqual([]);
    expect((await move("accept", { prepMinutes: 5, actorId: newId("rst") })).status).toBe(422);
  });

  test.each(ROUTES)("%s answers 401 without a token and 403 to another role", async (route, body) => {
    const aService = await service.order.serviceToken("restaurant");
    expect((await service.call(at(route), { body: body && { surprise: true } })).status).toBe(401);
    expect((await ask(route, body && { surprise: true }, aService)).status).toBe(403);
    expect(service.received).toEqual([]);
  });

  test.each(ROUTES)("%s passes on the order service's problems", async (route, body) => {
    const possible = route === "GET /v1/orders" ? [422] : body ? [404, 409, 422] : [404, 422];
    for (const status of possible) {
      const details = { currentStatus: "ready", allowedActions: ["cancel"] };
      service.answers.order = () => problem(status, details);
      const answer = await ask(route, body);
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ code: CODES[status], detail: "As it says.", ...details });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("GET /v1/orders passes on the order service's 400 for an invalid cursor", async () => {
    service.answers.order = () => problem(400);
    expect((await ask("GET /v1/orders?cursor=garbage")).status).toBe(400);
  });

  test.each(ROUTES)("%s answers 503 with Retry-After while the order service fails", async (route, body) => {
    for (const status of [500, 503, 401, 403]) {
      service.answers.order = () => problem(status, { detail: "secret inside" });
      const answer = await ask(route, body);
      expect([answer.status, answer.body.code]).toEqual([503, "DEPENDENCY_UNAVAILABLE"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toContain("secret");
    }
  });

  test.each([
    ["accept", {}],
    ["accept", { prepMinutes: 0 }],
    ["accept", { prepMinutes: 241 }],
    ["accept", { prepMinutes: 12.5 }],
    ["accept", { prepMinutes: "20" }],
    ["accept", { prepMinutes: 20, reason: "soon" }],
    ["reject", {}],
    ["reject", { reason: "tired" }],
    ["reject", { reason: ["too_busy"] }],
    ["cancel", {}],
    ["cancel", { reason: "" }],
    ["cancel", { reason: "  " }],
    ["cancel", { reason: "x".repeat(201) }],
  ] as const)("%s answers 422 for %j, without a call", async (action, body) => {
    const answer = await move(action, body);
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(service.received).toEqual([]);
  });

  test.each([
    ["accept", { prepMinutes: 1 }],
    ["accept", { prepMinutes: 240 }],
    ...["closing_early", "too_busy", "item_unavailable", "other"].map(
      (reason) => ["reject", { reason }] as const,
    ),
    ["cancel", { reason: "x".repeat(200) }],
  ] as const)("%s accepts %j", async (action, body) => {
    expect((await move(action, body)).status).toBe(200);
  });

  test("GET /v1/orders answers 422 for an invalid status or limit", async () => {
    for (const query of ["status=eaten", "status=", "limit=0", "limit=101", "cursor="])
      expect((await ask(`GET /v1/orders?${query}`)).status).toBe(422);
    expect(service.received).toEqual([]);
  });

  test("answers 404 for an impossible order id, without a call", async () => {
    for (orderId of ["ord_1", "..%2f..%2fhealth", newId("rst")])
      for (const [route, body] of ROUTES.slice(1)) expect((await ask(route, body)).status).toBe(404);
    expect(service.received).toEqual([]);
  });

  test("retries once when the order service was away for a moment", async () => {
    let asked = 0;
    service.answers.order = () => (++asked === 1 ? problem(503) : Response.json({ orderId }));
    expect((await move("ready")).status).toBe(200);
    expect(asked).toBe(2);
  });

  test("works without Redis", async () => {
    const alone = await startRestaurantService({ redisUrl: NO_REDIS });
    const { token } = await alone.join();
    expect((await alone.call(at("POST /v1/orders/:orderId/ready"), { token })).status).toBe(200);
  });
});
