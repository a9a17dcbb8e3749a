import { beforeAll, describe, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { founderOf } from "../people/founder.ts";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { anEmail, INVITATIONS, invitationsOf } from "./invitations.builder.ts";
import { INVITATIONS_PER_HOUR } from "./invite.ts";

describeWithDatabases("invitations", () => {
  let service: RestaurantService;
  let acting: ReturnType<typeof invitationsOf>;
  beforeAll(async () => {
    service = await startRestaurantService({ sendsMail: true });
    acting = invitationsOf(service);
  });
  const invite: typeof acting.invite = (...given) => acting.invite(...given);
  const list: typeof acting.list = (...given) => acting.list(...given);
  const accept: typeof acting.accept = (...given) => acting.accept(...given);
  const signIn: typeof acting.signIn = (...given) => acting.signIn(...given);
  const tokenTo: typeof acting.tokenTo = (...given) => acting.tokenTo(...given);
  const invited: typeof acting.invited = (...given) => acting.invited(...given);
  const hired: typeof acting.hired = (...given) => acting.hired(...given);

  describe(`POST ${INVITATIONS}`, () => {
    test("answers 202, sends a mail with a link, and stores no secret", async () => {
      const member = await service.join({ name: "Da Enzo" });
      const email = anEmail();
      const { status, body } = await invite(member, email.toUpperCase(), "manager");
      expect([status, body]).toEqual([
        202,
        {
          invitationId: expect.stringMatching(/^inv_/),
          email,
          role: "manager",
          invitedBy: founderOf(member.restaurantId),
          expiresAt: expect.any(String),
        } as never,
      ]);
      const days = (Date.parse(body.expiresAt) - Date.now()) / 86_400_000;
      expect(days).toBeWithin(6.9, 7.1);
      expect(await list(member)).toEqual([body]);
      const [mail] = service.mails.filter(({ to }) => to === email);
      expect(mail?.text).toContain("Da Enzo invites you");
      const secret = tokenTo(email).split(".")[1] ?? "";
      expect(Buffer.from(secret, "base64url").length).toBeGreaterThanOrEqual(16);
      const stored = await service.base.mongo.db
        .collection<{ _id: string }>("restaurants")
        .findOne({ _id: member.restaurantId });
      expect(JSON.stringify([stored, body])).not.toContain(secret);
    });

    test("answers 409 for a person who works there already", async () => {
      const member = await service.join();
      const { email } = await service.employ(member, "kitchen");
      const answer = await invite(member, email, "owner");
      expect([answer.status, answer.body.code]).toEqual([409, "ALREADY_STAFF"]);
      expect(service.mails.some(({ to }) => to === email)).toBe(false);
    });

    test("answers 403 to an owner who has been removed since the token was signed", async () => {
      const member = await service.join();
      const { token, staffId } = await service.employ(member, "owner");
      await service.call(`DELETE /v1/restaurants/me/staff/${staffId}`, { token: member.token });
      expect((await invite({ token }, anEmail(), "owner")).status).toBe(403);
    });

    test("answers 429 with Retry-After after too many in an hour", async () => {
      const member = await service.join();
      const email = anEmail();
      for (let i = 0; i < INVITATIONS_PER_HOUR; i++) expect((await invite(member, email)).status).toBe(202);
      const refused = await invite(member, email);
      expect([refused.status, refused.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
      expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 3_601);
      expect((await invite(await service.join(), email)).status).toBe(202);
    });

    test("answers 503 when the service sends no mail", async () => {
      const mute = await startRestaurantService();
      const { token } = await mute.join();
      const body = { email: anEmail(), role: "kitchen" };
      const answer = await mute.call(`POST ${INVITATIONS}`, { token, body });
      expect([answer.status, answer.body.code]).toEqual([503, "MAIL_NOT_CONFIGURED"]);
    });

    test.each([
      {},
      { email: "kim@example.com" },
      { email: "kim", role: "kitchen" },
      { email: { $ne: "" }, role: "kitchen" },
      { email: "kim@example.com\r\nBcc: x@example.com", role: "kitchen" },
      { email: "kim@example.com", role: "chef" },
      { email: "kim@example.com", role: "kitchen", restaurantId: "rst_1" },
    ])("answers 422 for %j", async (body) => {
      const { token } = await service.join();
      expect((await service.call(`POST ${INVITATIONS}`, { token, body })).status).toBe(422);
    });

    test("answers 404 when the restaurant is gone", async () => {
      const token = await service.tokenFor(newId("rst"));
      expect((await invite({ token }, anEmail())).status).toBe(404);
      expect((await service.call(`GET ${INVITATIONS}`, { token })).status).toBe(404);
    });
  });

  describe(`DELETE ${INVITATIONS}/:invitationId`, () => {
    const withdraw = ({ token }: Member, invitationId: string) =>
      service.call(`DELETE ${INVITATIONS}/${invitationId}`, { token });

    test("answers 204, after which the link is not valid, and 404 when repeated", async () => {
      const member = await service.join();
      const { email, token } = await invited(member);
      const [invitation] = await list(member);
      expect((await withdraw(member, invitation?.invitationId ?? "")).status).toBe(204);
      expect((await accept(token)).body.code).toBe("INVITATION_NOT_FOUND");
      expect((await signIn(email)).status).toBe(401);
      expect((await withdraw(member, invitation?.invitationId ?? "")).status).toBe(404);
    });

    test("answers 404 for another restaurant's invitation, as for none", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      await invited(other);
      const [invitation] = await list(other);
      for (const id of [invitation?.invitationId ?? "", newId("inv"), "none"])
        expect((await withdraw(member, id)).status).toBe(404);
      expect(await list(other)).toHaveLength(1);
    });
  });

  test("who gets another role loses the tokens with the earlier one", async () => {
    const member = await service.join();
    const { email, staffId } = await hired(member, "manager");
    const token = (await signIn(email)).body.accessToken;
    const path = `/v1/restaurants/me/staff/${staffId}` as const;
    await service.call(`PATCH ${path}`, { token: member.token, body: { role: "kitchen" } });
    expect((await service.call("GET /v1/restaurants/me", { token })).status).toBe(401);
    expect((await signIn(email)).body.memberships).toMatchObject([{ role: "kitchen" }]);
  });

  test("and roles are in the restaurant's activity, with the person who acted", async () => {
    const member = await service.join();
    const { token } = member;
    const { staffId } = await hired(member);
    const path = `/v1/restaurants/me/staff/${staffId}` as const;
    await service.call(`PATCH ${path}`, { token, body: { role: "manager" } });
    await service.call(`DELETE ${path}`, { token });
    await invited(member);
    const [open] = await list(member);
    await service.call(`DELETE ${INVITATIONS}/${open?.invitationId}`, { token });
    const { body } = await service.call<{ items: object[] }>("GET /v1/restaurants/me/activity", { token });
    const owner = founderOf(member.restaurantId);
    const invitationId = expect.stringMatching(/^inv_/);
    expect(body.items.reverse()).toMatchObject([
      { action: "staff.invited", actorId: owner, subject: invitationId },
      { action: "staff.joined", actorId: staffId, subject: staffId },
      { action: "staff.role_changed", actorId: owner, subject: staffId, fields: ["role"] },
      { action: "staff.removed", actorId: owner, subject: staffId },
      { action: "staff.invited", actorId: owner, subject: invitationId },
      { action: "invitation.withdrawn", actorId: owner, subject: open?.invitationId },
    ]);
  });
});
