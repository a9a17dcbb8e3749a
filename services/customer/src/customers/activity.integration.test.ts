import { beforeAll, describe, expect, test } from "bun:test";
import type { ActivityItem } from "@food/shared/accounts/activity/schema";
import { type ActivityEntry, activityLog } from "@food/shared/accounts/activity/store";
import { type Answer, call, describeWithDatabases } from "@food/shared/testing/service";
import type { Page } from "@food/shared/values/page";
import {
  anAddress,
  type CustomerService,
  PASSWORD,
  type Problem,
  type SignedUp,
  startCustomerService,
  type Tokens,
} from "../customer-service.builder.ts";

describeWithDatabases("my activity", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  type Read = Answer<Page<ActivityItem> & Problem>;
  const send = <T = Record<string, unknown>>(token: string, route: `${string} /${string}`, body?: unknown) =>
    call<T>(service.url, route, { token, ...(body !== undefined && { body }) });
  const read = ({ token }: SignedUp, query = ""): Promise<Read> =>
    send(token, `GET /v1/customers/me/activity${query}`);
  /** With a new access token. */
  const signedInAgain = async ({ email, ...customer }: SignedUp): Promise<SignedUp> => {
    const { body } = await call<Tokens>(service.url, "POST /v1/sessions", {
      body: { email, password: PASSWORD },
    });
    return { ...customer, email, token: body.accessToken };
  };
  const actionsOf = async (customer: SignedUp) =>
    (await read(customer)).body.items.map(({ action }) => action);

  test("has each change once, newest first, and nothing of reads and refusals", async () => {
    const customer = await service.signUp();
    const { token } = customer;
    await send(token, "PATCH /v1/customers/me", { name: "Ada L." });
    expect((await send(token, "PATCH /v1/customers/me", { name: "" })).status).toBe(422);
    await send(token, "GET /v1/customers/me");
    const added = await send<{ addressId: string }>(token, "POST /v1/customers/me/addresses", anAddress());
    const own = `/v1/customers/me/addresses/${added.body.addressId}` as const;
    await send(token, `PATCH ${own}`, { label: "Work" });
    await send(token, `DELETE ${own}`);
    expect((await send(token, `DELETE ${own}`)).status).toBe(404);
    await send(token, "POST /v1/sessions/revoke", { refreshToken: customer.refreshToken });
    await send(token, "POST /v1/sessions/revoke", { refreshToken: customer.refreshToken });

    const { items, nextCursor } = (await read(await signedInAgain(customer))).body;
    const subject = added.body.addressId;
    expect(items).toMatchObject([
      { action: "session.opened" },
      { action: "session.closed", subject: expect.stringMatching(/^ses_/) },
      { action: "address.removed", subject },
      { action: "address.changed", subject, fields: ["label"] },
      { action: "address.added", subject },
      { action: "profile.changed", fields: ["name"] },
      { action: "session.opened" },
      { action: "account.created" },
    ]);
    expect([items.length, nextCursor]).toEqual([8, null]);
    for (const { requestId, addressClass } of items)
      expect([requestId?.length, addressClass]).toEqual([32, "this_machine"]);
    expect(JSON.stringify(items)).not.toContain("Ada");
  });

  test("has the change of the password", async () => {
    const customer = await service.signUp();
    const refused = { currentPassword: "wrong horse", newPassword: "a staple of batteries" };
    expect((await send(customer.token, "POST /v1/customers/me/password", refused)).status).toBe(401);
    const change = { ...refused, currentPassword: PASSWORD };
    expect((await send(customer.token, "POST /v1/customers/me/password", change)).status).toBe(204);
    const credentials = { email: customer.email, password: refused.newPassword };
    const { body } = await call<Tokens>(service.url, "POST /v1/sessions", { body: credentials });
    const actions = await actionsOf({ ...customer, token: body.accessToken });
    expect(actions.filter((action) => action.startsWith("password"))).toEqual(["password.changed"]);
  });

  test("does not have another customer's", async () => {
    const [ada, eve] = [await service.signUp(), await service.signUp()];
    await send(eve.token, "PATCH /v1/customers/me", { name: "Eve" });
    expect(await actionsOf(ada)).toEqual(["session.opened", "account.created"]);
  });

  test("is read in pages, each entry once", async () => {
    const customer = await service.signUp();
    for (const name of ["A", "B", "C"]) await send(customer.token, "PATCH /v1/customers/me", { name });
    const ids: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body }: Read = await read(customer, `?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...body.items.map(({ activityId }) => activityId));
      cursor = body.nextCursor;
    }
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
  });

  test("answers 400 for a cursor of another list, and 422 for a limit out of range", async () => {
    const customer = await service.signUp();
    const [odd, none] = [await read(customer, "?cursor=e30"), await read(customer, "?limit=0")];
    expect([odd.status, odd.body.code, none.status]).toEqual([400, "MALFORMED_CURSOR", 422]);
  });

  test("expires, so that it does not grow without end", async () => {
    const indexes = await service.base.mongo.db.collection<ActivityEntry>("activity").indexes();
    expect(indexes.find(({ name }) => name === "expiry")).toMatchObject({
      key: { at: 1 },
      expireAfterSeconds: 400 * 86_400,
    });
  });
});

describe("an activity that cannot be written", () => {
  test("fails nothing, and is logged", async () => {
    const db = {
      collection: () => ({ insertOne: () => Promise.reject(new Error("MongoDB is away")) }),
    } as unknown as Parameters<typeof activityLog>[0];
    const logged: unknown[][] = [];
    const log = { error: (...given: unknown[]) => void logged.push(given) } as never;
    await activityLog(db, log).record({ ownerId: "acc_1", action: "profile.changed" });
    expect(logged).toMatchObject([[{ action: "profile.changed", owner: "acc_1" }, "Activity not recorded"]]);
  });
});
