import { expect, test } from "bun:test";
import { mailConfig, startInbox, tokenTo } from "@food/shared/testing/inbox";
import { call, cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { startDeliveryService } from "../delivery-service.builder.ts";

describeWithDatabases("a sign-up with email verification", () => {
  test("makes a courier once it is confirmed", async () => {
    const inbox = await startInbox();
    cleanUp(inbox.stop);
    const { url, base, couriers } = await startDeliveryService({
      config: { ...mailConfig(inbox), EMAIL_VERIFICATION: "required" },
    });
    const credentials = { email: `${newId("mail")}@example.com`, password: "correct horse battery" };
    const body = { ...credentials, name: "Kim", phone: "+49 30 1234567", vehicle: "bicycle" };
    expect((await call(url, "POST /v1/couriers", { body })).status).toBe(202);
    await base.mailer.idle();
    expect(await couriers().countDocuments()).toBe(0);
    expect((await call(url, "POST /v1/sessions", { body: credentials })).status).toBe(403);
    const { password } = credentials;
    const confirmed = await call(url, "POST /v1/email-verifications/confirm", {
      body: { token: tokenTo(inbox, credentials.email), password },
    });
    expect(confirmed.body).toMatchObject({ name: "Kim", available: false });
    expect((await call(url, "POST /v1/sessions", { body: credentials })).status).toBe(201);
  });
});
