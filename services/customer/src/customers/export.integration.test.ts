import { beforeAll, expect, test } from "bun:test";
import { expectWholeExport } from "@food/shared/testing/own-data";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { anAddress, type CustomerService, startCustomerService } from "../customer-service.builder.ts";
import { ownData } from "../own-data.ts";

describeWithDatabases("GET /v1/customers/me/export", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const read = (token: string) =>
    call<Record<string, unknown>>(service.url, "GET /v1/customers/me/export", { token });

  test("has every stored document of the caller, without secrets and without other customers", async () => {
    const [ada, eve] = [await service.signUp(), await service.signUp()];
    const { token, customerId, email, refreshToken } = ada;
    await call(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
    await call(service.url, "POST /v1/customers/me/addresses", { token, body: anAddress() });
    const { db } = service.base.mongo;
    const expiresAt = new Date(Date.now() + 60_000);
    // As mail features store them.
    const link = { purpose: "p", accountId: customerId, data: { state: "s".repeat(43) }, expiresAt };
    await db.collection<{ _id: string }>("links").insertOne({ _id: "l".repeat(43), ...link });
    const change = { newEmail: "new@example.com", credentials: "c".repeat(43), confirmed: [], expiresAt };
    await db.collection<{ _id: string }>("email-changes").insertOne({ _id: customerId, ...change });

    const { status, headers, body } = await read(token);
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toContain("attachment");
    expect(headers.get("cache-control")).toBe("no-store");
    const compared = await expectWholeExport(db, body, ownData, [customerId, email]);
    // The account, a session, a link, a change of address, and the activity.
    expect(compared).toBeGreaterThan(6);
    for (const secret of [eve.customerId, eve.email, "argon2id", refreshToken, "tokenHash", "salt"])
      expect(JSON.stringify(body)).not.toContain(secret);
    expect(body.elsewhere).toContainEqual({ what: "my orders", where: "GET /v1/orders" });
  });

  test("has more documents than fit into one batch, each once", async () => {
    const { token, customerId } = await service.signUp();
    const activity = service.base.mongo.db.collection("activity");
    const rows = Array.from({ length: 250 }, (_, n) => ({
      ownerId: customerId,
      action: `a${n}`,
      at: new Date(),
    }));
    await activity.insertMany(rows);
    const { body } = await read(token);
    const actions = (body.activity as { action: string }[]).map(({ action }) => action);
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions).toHaveLength(252);
  });
});
