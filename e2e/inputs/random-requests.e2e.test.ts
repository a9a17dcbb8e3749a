// Requests made at random from each service's own OpenAPI document, valid and broken, and what they leave in the logs.
// RANDOM_REQUESTS sets how many each service gets, SEED makes other ones.
import { beforeAll, describe, expect, test } from "bun:test";
import { type Inbox, mailConfig, startInbox } from "@food/shared/testing/inbox";
import { call, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { FIRST_OPERATOR } from "../actors.ts";
import { tapMongo } from "../mongo-tap.ts";
import { type Platform, SERVICES, startPlatform } from "../platform.ts";
import { OPERATOR_MARK } from "./corpora.ts";
import { linesOf, secretsOf } from "./logs.ts";
import { type Operation, operationsOf } from "./operations.ts";
import { playRandomRequests } from "./play.ts";
import { type Stage, setStage } from "./stage.ts";
import { acceptedProperties, storedNames } from "./stored-properties.ts";

const COUNT = Number(Bun.env.RANDOM_REQUESTS ?? 150);
const SEED = Number(Bun.env.SEED ?? 14);

describeWithDatabases("random requests", () => {
  let platform: Platform;
  let stage: Stage;
  let inbox: Inbox;
  const operations: Operation[] = [];
  const ownOf = (service: string) => operations.filter((operation) => operation.service === service);
  /** MongoDB commands that contain a part of a request that only an operator of it could hold. */
  const injected: string[] = [];
  let commands = 0;

  beforeAll(async () => {
    inbox = await startInbox();
    cleanUp(inbox.stop);
    platform = await startPlatform({
      proxied: true,
      environment: { LOG_LEVEL: "trace", ...mailConfig(inbox), ...FIRST_OPERATOR },
    });
    stage = await setStage(platform);
    for (const service of SERVICES) operations.push(...(await operationsOf(service, platform.urls[service])));
    for (const { proxies } of platform.all)
      tapMongo(proxies.mongo, {
        command(command) {
          commands++;
          const text = JSON.stringify(command);
          if (text.includes(`"${OPERATOR_MARK}"`)) injected.push(text);
          return undefined;
        },
      });
  });

  describe.each(SERVICES)("%s", (service) => {
    test("refuses every stored property that an operation does not declare", async () => {
      const names = await storedNames(platform.mongoUrls[service]);
      expect(names).toContain("_id");
      const accepted: string[] = [];
      for (const operation of ownOf(service))
        accepted.push(...(await acceptedProperties(platform.urls[service], operation, stage, names, SEED)));
      expect(accepted).toEqual([]);
    });

    test(`answers ${COUNT} of them (seed ${SEED}) as its document says, and none with 5xx`, async () => {
      const url = platform.urls[service];
      const played = await playRandomRequests(url, ownOf(service), stage, { count: COUNT, seed: SEED });
      if (Bun.env.RANDOM_REQUESTS)
        process.stdout.write(`${service}, seed ${SEED}: ${JSON.stringify(played.statuses)}\n`);
      expect(played.faults).toEqual([]);
      expect(played.statuses[200]).toBeGreaterThan(0);
    });
  });

  test("put no operator into a MongoDB command", () => {
    expect(commands).toBeGreaterThan(0);
    expect(injected).toEqual([]);
  });

  test("leave no password, token or key in a log", async () => {
    const passwords = ["first password of this run", "second password of this run"];
    const [password, newPassword] = passwords;
    const body = { email: "log@example.com", password, name: "Ada" };
    await call(platform.urls.customer, "POST /v1/customers", { body });
    const signedIn = await call<Record<string, string>>(platform.urls.customer, "POST /v1/sessions", {
      body: { email: body.email, password },
    });
    const { accessToken: token = "", refreshToken = "" } = signedIn.body;
    const change = { currentPassword: password, newPassword };
    const changed = await call(platform.urls.customer, "POST /v1/customers/me/password", {
      token,
      body: change,
    });
    expect(changed.status).toBe(204);
    const secrets = secretsOf(
      platform,
      { ...stage.tokens, "a new customer": token, refresh: refreshToken },
      passwords,
    );
    expect(secrets.length).toBeGreaterThan(10);
    for (const replica of platform.all) {
      const log = replica.log();
      expect(secrets.filter(([, secret]) => log.includes(secret)).map(([what]) => what)).toEqual([]);
    }
  });

  test("cannot break a line of the log, and each refusal is logged with its request id", async () => {
    const forged = 'x%0A{"level":"error","msg":"forged"}';
    for (const service of SERVICES) {
      const { headers } = await call(platform.urls[service], `GET /v1/${forged}?a=%0d%0aforged`);
      await call(platform.urls[service], "GET /v1/orders/x/status", { token: "a.b.c" });
      const lines = await eventually(async () => {
        const written = linesOf(platform.first[service].log());
        const ids = written.map(({ requestId }) => requestId);
        return ids.includes(headers.get("x-request-id") ?? "") && written;
      });
      expect(lines.some(({ msg }) => msg === "forged")).toBe(false);
      const refusals = lines.filter(({ status = 0 }) => [401, 403, 429].includes(status));
      expect(refusals.length).toBeGreaterThan(10);
      for (const { requestId } of refusals) expect(requestId).toMatch(/^[\w-]{8,}$/);
    }
  });
});
