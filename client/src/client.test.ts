import { describe, expect, test } from "bun:test";
import { serviceNames } from "../../tools/services.ts";
import { documentOf, typesFileOf, typesOf } from "../generate.ts";
import { KEYED, required, type SavedSession } from "./client.ts";
import {
  answers,
  connected,
  refusal,
  savedFor,
  seen,
  seenRoutes,
  session,
  useService,
} from "./service.builder.ts";

useService();

const tokensSeen = () => seen.map(({ headers }) => headers.get("authorization"));
const CART = { restaurantId: "rst_1", addressId: "adr_1", items: [{ dishId: "dsh_1", quantity: 1 }] };

describe("the access token", () => {
  const orRefresh = (otherwise: () => Response) =>
    answers(({ route }) => (route.endsWith("/refresh") ? session("b") : otherwise()));

  test("is refreshed once for eight calls at the same time", async () => {
    orRefresh(() => Response.json({ customerId: "cus_1" }));
    const ada = connected({ saved: savedFor(0) });
    const results = await Promise.all(Array.from({ length: 8 }, () => ada.customer.GET("/v1/customers/me")));
    expect(results.map((result) => required(result).customerId)).toEqual(Array(8).fill("cus_1"));
    expect(seenRoutes()).toEqual(["POST /v1/sessions/refresh", ...Array(8).fill("GET /v1/customers/me")]);
    expect(new Set(tokensSeen().slice(1))).toEqual(new Set(["Bearer access b"]));
  });

  test("that a service refuses is refreshed, and the request is sent again as it was", async () => {
    answers(({ route, headers }) => {
      if (route.endsWith("/refresh")) return session("b");
      const isOld = headers.get("authorization") === "Bearer access a";
      return isOld ? refusal(401, "INVALID_TOKEN") : Response.json({ quoteId: "q" });
    });
    const result = await connected().customer.POST("/v1/quotes", { body: CART });
    expect(required(result).quoteId).toBe("q");
    expect(seenRoutes()).toEqual(["POST /v1/quotes", "POST /v1/sessions/refresh", "POST /v1/quotes"]);
    expect([seen[0]?.body, seen[2]?.body]).toEqual([JSON.stringify(CART), JSON.stringify(CART)]);
  });

  test("stays when a password is wrong", async () => {
    orRefresh(() => refusal(401, "INVALID_CREDENTIALS"));
    const body = { currentPassword: "wrong", newPassword: "another long one" };
    const { response } = await connected().customer.POST("/v1/customers/me/password", { body });
    expect([response.status, ...seenRoutes()]).toEqual([401, "POST /v1/customers/me/password"]);
  });

  test("ends with the session when the refresh token is refused", async () => {
    answers(() => refusal(401, "INVALID_REFRESH_TOKEN"));
    const saves: SavedSession[] = [];
    const ada = connected({
      saved: { ...savedFor(0), deviceToken: "device" },
      onSave: (saved) => saves.push(saved),
    });
    const { response } = await ada.customer.GET("/v1/customers/me");
    expect([response.status, tokensSeen().at(-1), saves]).toEqual([401, null, [{ deviceToken: "device" }]]);
  });

  test("and the session stay when the refresh gets no answer", async () => {
    answers(({ route }) => (route.endsWith("/refresh") ? refusal(503, "STARTING") : Response.json({})));
    const saves: SavedSession[] = [];
    const ada = connected({ saved: savedFor(0), onSave: (saved) => saves.push(saved), triesMax: 2 });
    await expect(ada.customer.GET("/v1/customers/me")).rejects.toMatchObject({ code: "STARTING" });
    expect(saves).toEqual([]);
  });
});

describe("signing in", () => {
  test("sends the device token of an earlier session, which signing out keeps", async () => {
    answers(({ route }) =>
      route.endsWith("/revoke")
        ? new Response(null, { status: 204 })
        : session("a", { deviceToken: "device" }),
    );
    const ada = connected({ saved: {} });
    const credentials = { email: "ada@example.com", password: "correct horse battery" };
    await ada.signIn(credentials);
    await ada.signOut();
    await ada.signIn(credentials);
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      credentials,
      { refreshToken: "refresh a" },
      { deviceToken: "device", ...credentials },
    ]);
  });

  test("saves that a second factor must be set up, until a refresh brings the role", async () => {
    const next = "set_up_second_factor";
    answers(({ route }) => session("a", route.endsWith("/refresh") ? {} : { next, expiresIn: 0 }));
    const saves: SavedSession[] = [];
    const ada = connected({ saved: {}, onSave: (saved) => saves.push(saved) });
    await ada.signIn({ email: "ada@example.com", password: "correct horse battery" });
    await ada.customer.GET("/v1/customers/me");
    expect(saves.map((saved) => saved.next)).toEqual([next, undefined]);
  });

  test("throws the refusal, and is not repeated", async () => {
    answers(() => refusal(503, "OVERLOADED"));
    const attempt = connected().signIn({ email: "ada@example.com", password: "wrong" });
    await expect(attempt).rejects.toMatchObject({
      name: "Refused",
      status: 503,
      code: "OVERLOADED",
      message: "No.",
    });
    expect(seen).toHaveLength(1);
  });
});

describe("an order", () => {
  test("is repeated with the same key, and the next one has another", async () => {
    answers(() =>
      seen.length === 1 ? refusal(503, "OVERLOADED") : Response.json({ orderId: "ord_1" }, { status: 201 }),
    );
    const ada = connected();
    const order = () => ada.customer.POST("/v1/orders", { body: CART });
    expect([required(await order()).orderId, required(await order()).orderId]).toEqual(["ord_1", "ord_1"]);
    const [first, second, third] = seen.map(({ headers }) => headers.get("idempotency-key"));
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first ?? "");
    expect(third).not.toBe(first ?? "");
    expect(seen[1]?.body).toBe(JSON.stringify(CART));
  });

  test("keeps the key that it brings", async () => {
    answers(() => Response.json({}, { status: 201 }));
    const params = { header: { "idempotency-key": "mine" } };
    await connected().customer.POST("/v1/orders", { body: CART, params });
    expect(seen[0]?.headers.get("idempotency-key")).toBe("mine");
  });
});

describe("the documents", () => {
  test("have keys at the routes that get one", async () => {
    const documents = await Promise.all(serviceNames.map(documentOf));
    const keyed = documents.flatMap(({ paths }) =>
      Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item)
          .filter(([, { parameters = [] }]) => parameters.some(({ name }) => name === "idempotency-key"))
          .map(([method]) => `${method.toUpperCase()} ${path}`),
      ),
    );
    expect(keyed).toEqual(KEYED);
  });

  test.each(serviceNames)("of the %s service have the types that `bun run docs` wrote", async (service) => {
    expect(await Bun.file(typesFileOf(service)).text()).toBe(await typesOf(service));
  });
});
