import { beforeAll, expect, test } from "bun:test";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anAddress,
  type CustomerService,
  PASSWORD,
  type Problem,
  type ReceivedRequest,
  type SignedUp,
  startCustomerService,
} from "../customer-service.builder.ts";

/** An order service with the open orders of its customers in memory. */
function orderBook() {
  const open = new Map<string, string>();
  const erased: string[] = [];
  let pauseMs = () => 0;
  const answer = async ({ method, path, body }: ReceivedRequest): Promise<Response> => {
    await Bun.sleep(pauseMs());
    if (path.startsWith("/internal/customers/")) {
      const customerId = path.split("/")[3] ?? "";
      erased.push(customerId);
      return Response.json({ remaining: [...open.values()].filter((owner) => owner === customerId).length });
    }
    if (path.endsWith("/cancel")) return Response.json({ cancelled: open.delete(path.split("/")[3] ?? "") });
    if (method === "POST") {
      const orderId = newId("ord");
      open.set(orderId, String(body.customerId));
      await Bun.sleep(pauseMs());
      return Response.json({ orderId }, { status: 201 });
    }
    const actorId = new URLSearchParams(path.split("?")[1]).get("actorId") ?? "";
    const items = [...open].filter(([, owner]) => owner === actorId).map(([orderId]) => ({ orderId }));
    return Response.json({ items, nextCursor: null });
  };
  const pause = (next: () => number) => {
    pauseMs = next;
  };
  return { open, erased, answer, pause };
}

describeWithDatabases("DELETE /v1/customers/me", () => {
  let service: CustomerService;
  const book = orderBook();
  beforeAll(async () => {
    service = await startCustomerService({ eraseAfterMs: 0 });
    service.answers.order = book.answer;
  });
  const send = <T = Problem>(token: string, route: `${string} /${string}`, body?: unknown, headers = {}) =>
    call<T>(service.url, route, { token, headers, ...(body !== undefined && { body }) });
  const remove = ({ token }: SignedUp, currentPassword: unknown = PASSWORD) =>
    send(token, "DELETE /v1/customers/me", { currentPassword });
  const stored = (customerId: string) =>
    service.base.mongo.db.collection<{ _id: string }>("customers").findOne({ _id: customerId });
  const place = ({ token }: SignedUp, addressId: string) =>
    send(
      token,
      "POST /v1/orders",
      { restaurantId: newId("rst"), items: [{ dishId: newId("dsh"), quantity: 1 }], addressId },
      { "idempotency-key": crypto.randomUUID() },
    );
  async function withAddress() {
    const customer = await service.signUp();
    const { body } = await send<{ addressId: string }>(
      customer.token,
      "POST /v1/customers/me/addresses",
      anAddress(),
    );
    return { customer, addressId: body.addressId };
  }

  test("answers 204, and the account is gone: its sessions, its data, its activity", async () => {
    const { customer } = await withAddress();
    const own = { _id: customer.customerId };
    for (const name of ["email-changes", "second-factors"])
      await service.base.mongo.db.collection<{ _id: string }>(name).insertOne({ ...own });
    expect((await remove(customer)).status).toBe(204);
    const { email, password, refreshToken, token, customerId } = customer;
    const signIn = await call(service.url, "POST /v1/sessions", { body: { email, password } });
    const refresh = await call(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
    expect([signIn.status, refresh.status]).toEqual([401, 401]);
    for (const route of ["GET /v1/customers/me", "DELETE /v1/customers/me"] as const)
      expect(
        (await send(token, route, route.startsWith("D") ? { currentPassword: PASSWORD } : undefined)).status,
      ).toBe(401);
    await eventually(async () => (await stored(customerId)) === null);
    expect(book.erased).toContain(customerId);
    for (const [name, field] of [
      ["activity", "ownerId"],
      ["links", "accountId"],
      ["email-changes", "_id"],
      ["second-factors", "_id"],
    ] as const)
      expect(await service.base.mongo.db.collection(name).countDocuments({ [field]: customerId })).toBe(0);
  });

  test("frees the email address at once", async () => {
    const customer = await service.signUp();
    await remove(customer);
    const { email, password } = customer;
    const again = await call(service.url, "POST /v1/customers", { body: { email, password, name: "Ada" } });
    expect(again.status).toBe(201);
    expect(again.body.customerId).not.toBe(customer.customerId);
  });

  test("answers 401 for a wrong password and 422 without one, and deletes nothing", async () => {
    const customer = await service.signUp();
    const [wrong, none] = [await remove(customer, "wrong horse"), await remove(customer, null)];
    expect([wrong.status, wrong.body.code, none.status]).toEqual([401, "INVALID_CREDENTIALS", 422]);
    expect((await send(customer.token, "GET /v1/customers/me")).status).toBe(200);
  });

  test("answers 429 after too many wrong passwords", async () => {
    const customer = await service.signUp();
    const codes: number[] = [];
    for (let i = 0; i < 11; i++) codes.push((await remove(customer, "wrong horse")).status);
    expect([codes[9], codes[10]]).toEqual([401, 429]);
  });

  test("answers 409 that names the orders under way, and the account goes on", async () => {
    const { customer, addressId } = await withAddress();
    expect((await place(customer, addressId)).status).toBe(201);
    const { status, body } = await remove(customer);
    expect([status, body.code]).toEqual([409, "ORDERS_UNDER_WAY"]);
    const [[orderId = ""] = []] = [...book.open].filter(([, owner]) => owner === customer.customerId);
    expect(body.detail).toContain(orderId);
    expect((await place(customer, addressId)).status).toBe(201);
  });

  test("answers 503 while the order service is away, and the account goes on", async () => {
    const { customer, addressId } = await withAddress();
    service.answers.order = () => new Response(null, { status: 503 });
    expect((await remove(customer)).status).toBe(503);
    service.answers.order = book.answer;
    expect((await place(customer, addressId)).status).toBe(201);
  });

  test("takes no order while it is under way, and after a crash orders again a minute later", async () => {
    const { customer, addressId } = await withAddress();
    const customers = service.base.mongo.db.collection<{ _id: string }>("customers");
    const closing = (closingAt: Date) =>
      customers.updateOne({ _id: customer.customerId }, { $set: { closingAt } });
    await closing(new Date());
    const refused = await place(customer, addressId);
    expect([refused.status, refused.body.code]).toEqual([409, "ACCOUNT_CLOSING"]);
    expect((await remove(customer)).body.code).toBe("ACCOUNT_CLOSING");
    await closing(new Date(Date.now() - 60_000));
    expect((await place(customer, addressId)).status).toBe(201);
  });

  test("while an order that was let through is still on its way: the order is cancelled, and answered 409", async () => {
    const { customer, addressId } = await withAddress();
    const [arrived, deleted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    service.answers.order = async (request) => {
      if (request.path === "/internal/orders" && request.method === "POST") {
        arrived.resolve();
        await deleted.promise;
      }
      return book.answer(request);
    };
    const placing = place(customer, addressId);
    await arrived.promise;
    expect((await remove(customer)).status).toBe(204);
    deleted.resolve();
    const { status, body } = await placing;
    service.answers.order = book.answer;
    expect([status, body.code]).toEqual([409, "ACCOUNT_CLOSING"]);
    expect([...book.open.values()]).not.toContain(customer.customerId);
  });

  test("and an order at the same moment: never an open order of a deleted account", async () => {
    let turn = 0;
    book.pause(() => (turn++ * 7) % 13);
    for (let round = 0; round < 16; round++) {
      const { customer, addressId } = await withAddress();
      const placing = async () => {
        await Bun.sleep(round * 5);
        return place(customer, addressId);
      };
      const [placed, removed] = await Promise.all([placing(), remove(customer)]);
      const open = [...book.open.values()].filter((owner) => owner === customer.customerId).length;
      expect([201, 401, 409, 422]).toContain(placed.status);
      expect(open).toBe(placed.status === 201 ? 1 : 0);
      expect(open > 0 ? [409] : [204, 409]).toContain(removed.status);
    }
    book.pause(() => 0);
  });

  test("twice at once: one succeeds", async () => {
    const customer = await service.signUp();
    const both = await Promise.all([remove(customer), remove(customer)]);
    const statuses = both.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect([401, 409]).toContain(statuses.find((status) => status !== 204) ?? 0);
  });

  test("is finished by another process after a crash, and until the last order has ended", async () => {
    const customer = await service.signUp();
    book.open.set(newId("ord"), customer.customerId);
    const { customerId } = customer;
    // What a process leaves behind that dies right after its conditional write.
    await service.base.mongo.db.collection<{ _id: string }>("customers").replaceOne(
      { _id: customerId },
      {
        email: `deleted/${customerId}`,
        deletedAt: new Date(),
        outbox: [{ id: `${customerId}:erase`, kind: "erase", at: new Date() }],
        outboxDueAt: new Date(),
      },
    );
    await eventually(async () => book.erased.filter((one) => one === customerId).length > 1);
    expect(await stored(customerId)).not.toBeNull();
    for (const [orderId, owner] of book.open) if (owner === customerId) book.open.delete(orderId);
    await eventually(async () => (await stored(customerId)) === null);
  });
});
