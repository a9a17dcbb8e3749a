// Accounts of operators: the first comes from the settings, and an operator adds the others.
import { beforeAll, expect, test } from "bun:test";
import { call, describeWithDatabases, freshMongoUrl } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";

const PASSWORD = "correct horse battery";
const FIRST = { OPERATOR_EMAIL: "first@example.com", OPERATOR_PASSWORD: PASSWORD };
const profile = (overrides: object = {}) => ({
  ...{ email: `${newId("mail")}@example.com`, password: PASSWORD, name: "Ada" },
  ...overrides,
});
interface Answered {
  code: string;
  operatorId: string;
  accessToken: string;
  items: { action: string; subject?: string }[];
}
const ask = (url: string, route: `${string} /${string}`, token?: string, body?: object) =>
  call<Answered>(url, route, { ...(token && { token }), ...(body && { body }) });
const signIn = async (url: string, email: string, password = PASSWORD) => {
  const { status, body } = await ask(url, "POST /v1/sessions", undefined, { email, password });
  return { status, token: body.accessToken };
};

describeWithDatabases("operators", () => {
  let service: OrderService;
  let token: string;
  const send = (route: `${string} /${string}`, body?: object, by = token) =>
    ask(service.url, route, by, body);
  beforeAll(async () => {
    service = await startOrderService(FIRST);
    token = (await signIn(service.url, FIRST.OPERATOR_EMAIL)).token;
  });

  test("the first one comes from the settings, once for many replicas, and keeps the password that it has", async () => {
    const mongoUrl = freshMongoUrl();
    const replicas = await Promise.all([
      startOrderService({ ...FIRST, mongoUrl }),
      startOrderService({ ...FIRST, mongoUrl }),
    ]);
    const [one] = replicas;
    const { token: first } = await signIn(one.url, FIRST.OPERATOR_EMAIL);
    const newPassword = "staple horse battery";
    const changed = await ask(one.url, "POST /v1/operators/me/password", first, {
      ...{ currentPassword: PASSWORD, newPassword },
    });
    expect(changed.status).toBe(204);
    const later = await startOrderService({ ...FIRST, mongoUrl });
    expect((await signIn(later.url, FIRST.OPERATOR_EMAIL)).status).toBe(401);
    expect((await signIn(later.url, FIRST.OPERATOR_EMAIL, newPassword)).status).toBe(201);
    expect(await one.base.mongo.db.collection("operators").countDocuments()).toBe(1);
  });

  test("without settings, and with a password that is easy to guess, there is none", async () => {
    for (const OPERATOR_PASSWORD of ["", "password1"]) {
      const email = OPERATOR_PASSWORD && FIRST.OPERATOR_EMAIL;
      const other = await startOrderService({
        ...{ OPERATOR_EMAIL: email, OPERATOR_PASSWORD, mongoUrl: freshMongoUrl() },
      });
      expect(await other.base.mongo.db.collection("operators").countDocuments()).toBe(0);
    }
  });

  test("an operator adds another one, who signs in, and the addition is in the activity", async () => {
    const other = profile();
    const { status, body } = await send("POST /v1/operators", other);
    expect(status).toBe(201);
    const session = await signIn(service.url, other.email);
    expect(session.status).toBe(201);
    expect((await send("GET /v1/operators/me", undefined, session.token)).body.operatorId).toBe(
      body.operatorId,
    );
    const { items } = (await send("GET /v1/operators/me/activity")).body;
    expect(items[0]).toMatchObject({ action: "operator.added", subject: body.operatorId });
  });

  test("POST /v1/operators answers 409 for an address that has an account", async () => {
    const { status, body } = await send("POST /v1/operators", profile({ email: FIRST.OPERATOR_EMAIL }));
    expect([status, body.code]).toEqual([409, "EMAIL_TAKEN"]);
  });

  test("POST /v1/operators answers 422 for a password that is easy to guess", async () => {
    const { status, body } = await send("POST /v1/operators", profile({ password: "password1" }));
    expect([status, body.code]).toEqual([422, "PASSWORD_EASY_TO_GUESS"]);
  });

  test("nobody signs up: without a token of an operator POST /v1/operators is refused", async () => {
    expect((await ask(service.url, "POST /v1/operators", undefined, profile())).status).toBe(401);
    const customer = await service.customer.tokenFor(newId("cus"), "customer", "order");
    expect((await ask(service.url, "POST /v1/operators", customer, profile())).status).toBe(403);
  });

  test("a token of an operator is signed by the order service alone", async () => {
    for (const issuer of [service.customer, service.restaurant, service.delivery]) {
      const forged = await issuer.tokenFor(newId("opr"), "operator", "order");
      expect((await ask(service.url, "GET /v1/town", forged)).status).toBe(401);
    }
  });
});
