import { beforeAll, expect, test } from "bun:test";
import { openEventStream } from "../../testing/event-stream.ts";
import { runApp, silentLog } from "../../testing/running-app.ts";
import {
  describeWithDatabases,
  eventually,
  type Identity,
  identityOf,
  NO_REDIS,
  PATIENT,
  testRedisUrl,
} from "../../testing/service.ts";
import { guard, withCaller } from "../auth/guard.ts";
import { type Caller, tokenVerifier } from "../auth/tokens.ts";
import { createLog } from "../observe/log.ts";
import { connectRedis, type Redis } from "../storage/redis.ts";
import { eventStream } from "./sse.ts";
import { type StreamTickets, streamTickets, TICKET_SECONDS, TicketQuery } from "./tickets.ts";

const PATH = "/v1/things/events";
const caller = (over: Partial<Caller> = {}): Caller => ({
  ...{ id: "usr_1", role: "user", issuer: "issuer", expiresAt: Date.now() + 60_000 },
  ...over,
});
const outcomes = async (tries: Promise<Caller>[]) =>
  (await Promise.allSettled(tries))
    .map((one) => (one.status === "fulfilled" ? one.value.id : one.reason.code))
    .sort();
const REFUSED = { status: 401, code: "INVALID_TICKET" };

for (const [name, url] of [
  ["with Redis", testRedisUrl],
  ["without Redis", () => NO_REDIS],
] as const)
  describeWithDatabases(`stream tickets ${name}`, () => {
    let tickets: StreamTickets;
    let replica: StreamTickets;
    let redis: Redis;
    let identity: Identity;
    beforeAll(async () => {
      redis = connectRedis(url(), silentLog, PATIENT.redisMs);
      identity = await identityOf("live");
      tickets = streamTickets("live", identity.keys, redis);
      replica = streamTickets("live", identity.keys, redis);
      if (name === "with Redis") await eventually(async () => redis.status === "ready");
    });

    test("a ticket gives back its caller once, and is refused the second time", async () => {
      const who = caller({ actorId: "stf_1", staffRole: "kitchen" });
      const { ticket } = await tickets.issue(who, PATH);
      expect(await tickets.redeem(ticket, PATH)).toEqual(who);
      await expect(tickets.redeem(ticket, PATH)).rejects.toMatchObject(REFUSED);
    });

    test("of ten uses at once, one gets the stream", async () => {
      const { ticket } = await tickets.issue(caller(), PATH);
      const answers = await outcomes(Array.from({ length: 10 }, () => tickets.redeem(ticket, PATH)));
      expect(answers).toEqual([...Array(9).fill("INVALID_TICKET"), "usr_1"]);
    });

    test("of uses at once on two replicas, one gets the stream, and without Redis one on each", async () => {
      const { ticket } = await tickets.issue(caller(), PATH);
      const answers = await outcomes(
        [tickets, replica, tickets, replica].map((one) => one.redeem(ticket, PATH)),
      );
      const streams = name === "with Redis" ? 1 : 2;
      expect(answers.filter((answer) => answer === "usr_1")).toHaveLength(streams);
    });

    test("a ticket of another path, of another issuer, malformed or changed is refused alike", async () => {
      const { ticket } = await tickets.issue(caller(), PATH);
      const foreign = streamTickets("live", (await identityOf("live")).keys, redis);
      const accessToken = await identity.tokenFor("usr_1", "user", PATH);
      const wrong: [string, string][] = [
        [ticket, "/v1/other/events"],
        [(await foreign.issue(caller(), PATH)).ticket, PATH],
        [`${ticket.slice(0, -6)}AAAAAA`, PATH],
        [accessToken, PATH],
        ["", PATH],
        ["a.b.c", PATH],
      ];
      for (const [text, path] of wrong)
        await expect(tickets.redeem(text, path)).rejects.toMatchObject(REFUSED);
      expect(await tickets.redeem(ticket, PATH)).toMatchObject({ id: "usr_1" });
    });

    test("a ticket ends after half a minute, and no later than the token", async () => {
      const before = Date.now();
      const { expiresAt } = await tickets.issue(caller(), PATH);
      expect(Date.parse(expiresAt) - before).toBeWithin(
        TICKET_SECONDS * 1000 - 1_000,
        TICKET_SECONDS * 1000 + 60_000,
      );
      const ended = await tickets.issue(caller({ expiresAt: Date.now() - 1_000 }), PATH);
      await expect(tickets.redeem(ended.ticket, PATH)).rejects.toMatchObject(REFUSED);
    });

    test("is no access token", async () => {
      const { ticket } = await tickets.issue(caller(), PATH);
      const verify = tokenVerifier(PATH, { live: { roles: ["user"], keys: identity.keys.publicKeys } });
      await expect(verify(ticket)).rejects.toMatchObject({ status: 401, code: "INVALID_TOKEN" });
    });
  });

describeWithDatabases("a stream opened with a ticket", () => {
  test("is the caller's, ends with the token, and leaves the ticket in no log line and no metric", async () => {
    const lines: string[] = [];
    const log = createLog("test", "trace", { write: (line) => void lines.push(line) });
    const identity = await identityOf("live");
    const redis = connectRedis(testRedisUrl(), silentLog, PATIENT.redisMs);
    const tickets = streamTickets("live", identity.keys, redis);
    const verify = tokenVerifier("live", { live: { roles: ["user"], keys: identity.keys.publicKeys } });
    const table = { [`GET ${PATH}`]: { roles: ["user"], owns: "own things", ticket: true as const } };
    const { url, metrics } = runApp(
      (app, { streams }) =>
        app
          .use(guard(table, verify, { redeemTicket: tickets.redeem }))
          .use(withCaller())
          .get(
            PATH,
            ({ caller: { id, expiresAt } }) =>
              eventStream({ streams }, { id, expiresAt }, (sink) => {
                sink.send({ event: "snapshot", data: { of: id } });
                return () => undefined;
              }),
            { query: TicketQuery },
          ),
      { log },
    );
    const who = caller({ expiresAt: Date.now() + 2_000 });
    const { ticket } = await tickets.issue(who, PATH);
    const stream = await openEventStream(`${url}${PATH}?ticket=${ticket}`, {});
    await stream.closed;
    expect(stream.events.map(({ event, data }) => [event, data])).toEqual([
      ["snapshot", { of: "usr_1" }],
      ["end", { reason: "token_expired" }],
    ]);
    for (const query of [`ticket=${ticket}`, "ticket=", "ticket=a.b.c", `ticket=${ticket}&ticket=${ticket}`])
      expect((await fetch(`${url}${PATH}?${query}`)).status).toBe(401);
    const { ticket: unused } = await tickets.issue(caller(), PATH);
    const badToken = { authorization: "Bearer a.b.c" };
    expect((await fetch(`${url}${PATH}?ticket=${unused}`, { headers: badToken })).status).toBe(401);
    expect(lines.join("")).toContain(PATH);
    for (const secret of [ticket, unused]) {
      expect(lines.join("")).not.toContain(secret);
      expect(await metrics.render()).not.toContain(secret);
    }
    redis.disconnect();
  });
});
