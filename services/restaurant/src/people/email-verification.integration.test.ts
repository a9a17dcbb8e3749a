import { beforeAll, expect, test } from "bun:test";
import { hashPassword } from "@food/shared/accounts/passwords";
import { type Inbox, mailConfig, mailsTo, startInbox, tokenTo } from "@food/shared/testing/inbox";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aRestaurant,
  PASSWORD,
  type RestaurantService,
  SESSION_OPTIONS,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { OwnRestaurant } from "../restaurants/schema.ts";
import { peopleStore } from "./store.ts";

describeWithDatabases("a sign-up with email verification", () => {
  let service: RestaurantService;
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await startInbox();
    cleanUp(inbox.stop);
    service = await startRestaurantService({
      config: { ...mailConfig(inbox), EMAIL_VERIFICATION: "required" },
    });
  });
  const register = async (email: string) => {
    const answer = await service.register({ email });
    await service.base.mailer.idle();
    return answer;
  };
  const confirm = (email: string, password = PASSWORD) =>
    service.call<OwnRestaurant>("POST /v1/email-verifications/confirm", {
      body: { token: tokenTo(inbox, email), password },
    });
  const shown = async () => service.base.mongo.db.collection("restaurants").countDocuments();

  test("shows no restaurant before it is confirmed, and then answers 201 with it", async () => {
    const { email, name } = aRestaurant();
    const before = await shown();
    expect((await register(email)).status).toBe(202);
    expect(await shown()).toBe(before);
    const { status, body } = await confirm(email);
    expect([status, body.email, body.name]).toEqual([201, email, name]);
    expect((await service.call("POST /v1/sessions", { body: { email, password: PASSWORD } })).status).toBe(
      201,
    );
  });

  test("of a person who works for another restaurant takes that person's own password", async () => {
    const email = `${newId("mail")}@example.com`;
    await peopleStore(service.base.mongo.db, SESSION_OPTIONS).add({
      ...{ _id: newId("stf"), email, passwordHash: await hashPassword("another password") },
      createdAt: new Date(),
    });
    await register(email);
    const stranger = await confirm(email);
    expect([stranger.status, stranger.body]).toMatchObject([409, { code: "EMAIL_TAKEN" }]);
    await service.register({ email, password: "another password" });
    await service.base.mailer.idle();
    expect((await confirm(email, "another password")).status).toBe(201);
  });

  test("with the address of a restaurant is told so by mail", async () => {
    const { email } = await service.join();
    expect((await register(email)).status).toBe(202);
    expect(mailsTo(inbox, email)[0]?.subject).toBe("You already have an account");
  });
});
