import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type DeliveryService, type Problem, startDeliveryService } from "../delivery-service.builder.ts";
import type { Courier } from "./schema.ts";

const PASSWORD = "correct horse battery";
const anEmail = () => `${newId("mail")}@example.com`;
const aRegistration = (overrides: object = {}) => ({
  email: anEmail(),
  password: PASSWORD,
  name: "Kim",
  phone: "+49 30 1234567",
  vehicle: "bicycle",
  ...overrides,
});

interface Session {
  accessToken: string;
  tokenType: string;
  expiresIn: number;
  refreshToken: string;
}

describeWithDatabases("couriers", () => {
  let service: DeliveryService;
  let strangerToken: string;
  beforeAll(async () => {
    service = await startDeliveryService();
    strangerToken = await service.order.serviceToken("delivery");
  });
  const send = <T = Courier & Problem>(
    route: `${string} /${string}`,
    options: { token?: string; body?: unknown } = {},
  ) => call<T>(service.url, route, options);
  const signUp = async (overrides: object = {}) => {
    const registration = aRegistration(overrides);
    await send("POST /v1/couriers", { body: registration });
    return registration;
  };
  const signIn = ({ email, password }: { email: string; password: string }) =>
    send<Session & Problem>("POST /v1/sessions", { body: { email, password } });

  describe("POST /v1/couriers", () => {
    test("answers 201 with the courier, off duty and without the password", async () => {
      const { password, ...profile } = aRegistration();
      const { status, body } = await send("POST /v1/couriers", { body: { password, ...profile } });
      expect(status).toBe(201);
      const { courierId, createdAt, ...rest } = body;
      expect(courierId).toMatch(/^crr_[0-9a-z]{26}$/);
      expect(Date.parse(createdAt)).toBeGreaterThan(0);
      const { notice, ...told } = rest;
      expect(told).toEqual({
        ...profile,
        available: false,
        onDelivery: false,
        noWorkReason: "off_duty",
      } as never);
      expect(notice).toContain("off duty");
    });

    test("answers 409 when the email address has an account, in any spelling", async () => {
      const { email } = await signUp();
      const { status, body } = await send("POST /v1/couriers", {
        body: aRegistration({ email: email.toUpperCase() }),
      });
      expect([status, body.code]).toEqual([409, "EMAIL_TAKEN"]);
    });

    test("makes one account when ten sign up with one email address at once", async () => {
      const email = anEmail();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => send("POST /v1/couriers", { body: aRegistration({ email }) })),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
      expect(await service.couriers().countDocuments({ email })).toBe(1);
    });

    test("answers 429 with Retry-After after the hourly limit of sign-ups from one address", async () => {
      const { url } = await startDeliveryService({ SIGN_UPS_PER_HOUR: 1 });
      const headers = fromNewAddress();
      const signUp = (from: Record<string, string>) =>
        call(url, "POST /v1/couriers", { body: aRegistration(), headers: from });
      expect((await signUp(headers)).status).toBe(201);
      const refused = await signUp(headers);
      expect([refused.status, refused.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
      expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 3_601);
      expect((await signUp(fromNewAddress())).status).toBe(201);
    });

    for (const [field, value] of [
      ["email", "nobody"],
      ["password", "short"],
      ["name", "   "],
      ["phone", "call me"],
      ["vehicle", "rocket"],
      ["available", true],
    ] as const)
      test(`answers 422 for ${field}: ${value}`, async () => {
        const { status, body } = await send("POST /v1/couriers", { body: aRegistration({ [field]: value }) });
        expect(status).toBe(422);
        expect(body.details?.[0]?.pointer).toBe(`/${field}`);
      });
  });

  describe("sessions", () => {
    test("sign in, refresh and sign out", async () => {
      const session = await signIn(await signUp());
      expect(session.status).toBe(201);
      expect(session.body).toMatchObject({ tokenType: "Bearer", expiresIn: 900 });
      expect((await send("GET /v1/couriers/me", { token: session.body.accessToken })).status).toBe(200);
      const body = { refreshToken: session.body.refreshToken };
      const next = await send<Session>("POST /v1/sessions/refresh", { body });
      expect(next.status).toBe(200);
      const last = { refreshToken: next.body.refreshToken };
      expect((await send("POST /v1/sessions/revoke", { body: last })).status).toBe(204);
      expect((await send("POST /v1/sessions/refresh", { body: last })).status).toBe(401);
    });

    test("give tokens for the delivery and the order service", async () => {
      const { body } = await signIn(await signUp());
      const payload = JSON.parse(Buffer.from(body.accessToken.split(".")[1] ?? "", "base64url").toString());
      expect(payload).toMatchObject({ iss: "delivery", role: "courier", aud: ["delivery", "order"] });
    });

    test("end with a new password", async () => {
      const account = await signUp();
      const { body: session } = await signIn(account);
      const change = (currentPassword: string, token?: string) =>
        send("POST /v1/couriers/me/password", {
          ...(token && { token }),
          body: { currentPassword, newPassword: "another good one" },
        });
      expect((await change(PASSWORD)).status).toBe(401);
      expect((await change(PASSWORD, strangerToken)).status).toBe(403);
      expect((await change("wrong", session.accessToken)).status).toBe(401);
      expect((await change(PASSWORD, session.accessToken)).status).toBe(204);
      const { refreshToken } = session;
      expect((await send("POST /v1/sessions/refresh", { body: { refreshToken } })).status).toBe(401);
      expect((await signIn(account)).status).toBe(401);
      expect((await signIn({ ...account, password: "another good one" })).status).toBe(201);
    });

    test("answer 422 for an invalid body", async () => {
      const { body: session } = await signIn(await signUp());
      const token = session.accessToken;
      for (const route of [
        "POST /v1/sessions",
        "POST /v1/sessions/refresh",
        "POST /v1/sessions/revoke",
      ] as const)
        expect((await send(route, { body: { token } })).status).toBe(422);
      expect((await send("POST /v1/couriers/me/password", { token, body: {} })).status).toBe(422);
    });

    test("answer 429 with Retry-After after too many wrong passwords", async () => {
      const wrong = { body: { email: anEmail(), password: "wrong password" }, headers: fromNewAddress() };
      const signInWrongly = () => send("POST /v1/sessions", wrong);
      for (let tries = 0; tries < 10; tries++) expect((await signInWrongly()).status).toBe(401);
      const { status, headers } = await signInWrongly();
      expect(status).toBe(429);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    });
  });

  describe("GET /v1/couriers/me", () => {
    test("answers 200 with the profile, the position and whether the courier is on a delivery", async () => {
      const { token, courierId, deliveryId, orderId } = await service.anAssignment();
      const busy = await send("GET /v1/couriers/me", { token });
      expect(busy.status).toBe(200);
      expect(busy.body).toMatchObject({
        ...{ courierId, available: true, onDelivery: true },
        noWorkReason: "on_delivery",
      });
      expect(busy.body.location).toEqual({ lat: 52.52, lng: 13.405 });
      await service.follow(deliveryId, orderId, { status: "released", orderVersion: 2 });
      expect((await send("GET /v1/couriers/me", { token })).body.onDelivery).toBe(false);
    });
  });

  describe("PATCH /v1/couriers/me", () => {
    test("answers 200 and changes only the given fields", async () => {
      const { token, courierId } = await service.aCourier({ available: false });
      const { status, body } = await send("PATCH /v1/couriers/me", { token, body: { vehicle: "car" } });
      expect(status).toBe(200);
      expect(body).toMatchObject({ courierId, name: "Kim", vehicle: "car" });
    });

    test("answers 422 for an empty body and for fields that the courier may not change", async () => {
      const { token } = await service.aCourier({ available: false });
      for (const body of [{}, { claim: null }, { vehicle: "rocket" }, { name: { $set: "x" } }])
        expect((await send("PATCH /v1/couriers/me", { token, body })).status).toBe(422);
    });
  });

  describe("PUT /v1/couriers/me/availability", () => {
    const put = (token: string, available: unknown) =>
      send("PUT /v1/couriers/me/availability", { token, body: { available } });

    test("answers 200, and the courier is idle from the moment they come on duty", async () => {
      const long = new Date(Date.now() - 3_600_000);
      const { token, courierId } = await service.aCourier({ available: false, idleSince: long });
      const { status, body } = await put(token, true);
      expect([status, body.available]).toEqual([200, true]);
      const first = await service.couriers().findOne({ _id: courierId });
      expect(first?.idleSince.getTime()).toBeGreaterThan(Date.now() - 60_000);
      await put(token, true);
      const again = await service.couriers().findOne({ _id: courierId });
      expect(again?.idleSince).toEqual(first?.idleSince as Date);
      await put(token, false);
    });

    test("without a fresh position, answers with the reason for no order, as does GET /v1/couriers/me", async () => {
      const old = { available: false, locationAt: new Date(Date.now() - 301_000) };
      for (const [courier, reason] of [
        [await service.aCourier({ available: false, at: null }), "no_position"],
        [await service.aCourier(old), "position_too_old"],
      ] as const) {
        const { token } = courier;
        const { status, body } = await put(token, true);
        expect([status, body.available, body.noWorkReason]).toEqual([200, true, reason]);
        expect(body.notice).toContain("PUT /v1/couriers/me/location");
        expect((await send("GET /v1/couriers/me", { token })).body.noWorkReason).toBe(reason);
        await send("PUT /v1/couriers/me/location", { token, body: { location: { lat: 1, lng: 2 } } });
        const { body: fresh } = await send("GET /v1/couriers/me", { token });
        expect([fresh.noWorkReason, fresh.notice]).toEqual([undefined, undefined]);
        await put(token, false);
      }
    });

    test("lets a courier on a delivery go off duty and keep the delivery", async () => {
      const { token, deliveryId } = await service.anAssignment();
      const { status, body } = await put(token, false);
      expect(status).toBe(200);
      expect(body).toMatchObject({ available: false, onDelivery: true, noWorkReason: "on_delivery" });
      expect(body.notice).toContain("goes on");
      const delivery = await send<{ status: string }>(`GET /v1/deliveries/${deliveryId}`, { token });
      expect(delivery.body.status).toBe("assigned");
    });

    test("answers 422 for a value that is not a boolean", async () => {
      const { token } = await service.aCourier({ available: false });
      expect((await put(token, "yes")).status).toBe(422);
    });
  });

  const ROUTES = [
    ["GET /v1/couriers/me", undefined],
    ["PATCH /v1/couriers/me", { name: "Kim" }],
    ["PUT /v1/couriers/me/availability", { available: true }],
    ["PUT /v1/couriers/me/location", { location: { lat: 1, lng: 2 } }],
    ["GET /v1/deliveries", undefined],
    [`GET /v1/deliveries/${newId("dlv")}`, undefined],
    [`POST /v1/deliveries/${newId("dlv")}/decline`, undefined],
    [`POST /v1/deliveries/${newId("dlv")}/pickup`, undefined],
    [`POST /v1/deliveries/${newId("dlv")}/deliver`, { pin: "0417" }],
    [`POST /v1/deliveries/${newId("dlv")}/fail`, { reason: "refused" }],
  ] as const;
  for (const [route, body] of ROUTES)
    describe(route.replace(/dlv_\w+/, ":deliveryId"), () => {
      test("answers 401 without a token, and with a token of another issuer", async () => {
        const foreign = await service.order.tokenFor(newId("crr"), "courier", "delivery");
        const claims = { subject: newId("cus"), role: "customer", audience: ["delivery"], ttlSeconds: 300 };
        for (const token of [undefined, "a.b.c", foreign, await service.base.signToken(claims)]) {
          const answer = await send(route, { ...(token && { token }), body });
          expect(answer.status).toBe(401);
          expect(answer.headers.get("www-authenticate")).toBe("Bearer");
        }
      });

      test("answers 403 to another role", async () => {
        const { status, body: problem } = await send(route, { token: strangerToken, body });
        expect([status, problem.code]).toEqual([403, "WRONG_ROLE"]);
      });
    });
});
