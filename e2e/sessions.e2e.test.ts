// Sessions over two replicas of the service that opens them, and another service that accepts their tokens.
import { beforeAll, expect, test } from "bun:test";
import type { Session } from "@food/shared/accounts/schema";
import { REFRESH_GRACE_MS } from "@food/shared/accounts/sessions";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import { type Actor, expectStatus, newCustomer, openRestaurant } from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TABS = 8;
const ROUNDS = 50;
const REUSES = 10;

describeWithDatabases("the sessions of one customer", () => {
  let platform: Platform;
  let customer: Actor;
  let database: MongoClient;
  beforeAll(async () => {
    platform = await startPlatform({ replicas: { customer: 2 } });
    customer = await newCustomer(platform);
    database = new MongoClient(platform.mongoUrls.customer);
    cleanUp(() => database.close());
  });
  const signIn = (email = customer.email) =>
    call<Session>(platform.urls.customer, "POST /v1/sessions", {
      body: { email, password: "correct horse battery" },
    });
  /** At one of the replicas in turn. */
  const refreshAt = (nth: number, refreshToken: string) => {
    const { customer: replicas } = platform.replicas;
    const { url = "" } = replicas[nth % replicas.length] ?? {};
    return call<Session>(url, "POST /v1/sessions/refresh", { body: { refreshToken } });
  };
  /** As if the last refresh of this session had been longer ago than the grace. */
  const endGrace = (refreshToken: string) =>
    database
      .db()
      .collection<{ _id: string }>("sessions")
      .updateOne(
        { _id: refreshToken.split(".")[0] ?? "" },
        { $set: { "previous.usedAt": new Date(Date.now() - REFRESH_GRACE_MS - 1_000) } },
      );

  test("when a customer signs out, the access token and the open stream end everywhere within a minute", async () => {
    const restaurant = await openRestaurant(platform);
    const leaving = await newCustomer(platform);
    const { orderId } = expectStatus(await leaving.order(restaurant), 201);
    const { body: kept } = await signIn(leaving.email);
    const stream = await openEventStream(`${platform.urls.order}/v1/orders/${orderId}/events`, {
      authorization: `Bearer ${kept.accessToken}`,
    });
    const statusAt = async (url: string, path: string) =>
      (await call(url, `GET /${path}`, { token: kept.accessToken })).status;
    const everywhere = () =>
      Promise.all([
        ...platform.replicas.customer.map(({ url }) => statusAt(url, "v1/customers/me")),
        ...platform.replicas.order.map(({ url }) => statusAt(url, `v1/orders/${orderId}/status`)),
      ]);
    expect(await everywhere()).toEqual([200, 200, 200]);
    const leftAt = performance.now();
    await call(platform.urls.customer, "POST /v1/sessions/revoke", {
      body: { refreshToken: kept.refreshToken },
    });
    await stream.closed;
    await eventually(async () => (await everywhere()).every((status) => status === 401));
    expect(performance.now() - leftAt).toBeLessThan(60_000);
    expect(stream.events.at(-1)).toEqual({ event: "end", data: { reason: "signed_out" } });
    expectStatus(await leaving.send("GET /v1/customers/me"), 200);
  });

  test("eight tabs refresh at once, fifty times, and stay signed in", async () => {
    let tabs = Array<string>(TABS).fill((await signIn()).body.refreshToken);
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(tabs.map((token, nth) => refreshAt(nth, token)));
      expect(answers.map(({ status }) => status)).toEqual(Array(TABS).fill(200));
      tabs = answers.map(({ body }) => body.refreshToken);
    }
  });

  test("a token that is stolen and used after the grace ends the session, always", async () => {
    for (let nth = 0; nth < REUSES; nth++) {
      const stolen = (await signIn()).body.refreshToken;
      const kept = (await refreshAt(nth, stolen)).body.refreshToken;
      await endGrace(stolen);
      const [thief, owner] = await Promise.all([refreshAt(nth, stolen), refreshAt(nth + 1, kept)]);
      expect(thief.status).toBe(401);
      for (const token of [kept, owner.body.refreshToken ?? kept])
        expect((await refreshAt(nth, token)).status).toBe(401);
    }
  });
});
