// The binaries report a bad environment, and wait for databases that are unavailable.
import { beforeAll, describe, expect, test } from "bun:test";
import { primaryOf, withProxy, withUser } from "@food/shared/testing/mongo-url";
import { call, cleanUp, describeWithDatabases, eventually, TEST_MAX_MS } from "@food/shared/testing/service";
import { freshMongoUrl, newSigningKey, testRedisUrl } from "@food/shared/testing/tools";
import { BUILD_MAX_MS, binaryOf, builtBinaries } from "../tools/binaries.ts";
import { configs } from "../tools/environment-tables.ts";
import { freePort } from "../tools/free-port.ts";
import { SERVICES, type ServiceName } from "./platform.ts";
import { startProxy } from "./proxy.ts";

const NOWHERE = "http://127.0.0.1:1";
const good: Record<string, string> = {
  PORT: "0",
  HOST: "127.0.0.1",
  MONGODB_URL: "mongodb://127.0.0.1:1",
  REDIS_URL: "redis://127.0.0.1:1",
  SIGNING_KEY: await newSigningKey(),
  CUSTOMER_URL: NOWHERE,
  RESTAURANT_URL: NOWHERE,
  ORDER_URL: NOWHERE,
  DELIVERY_URL: NOWHERE,
};
const CPU_MICROSECONDS_MAX = 1_000_000;

function launch(service: ServiceName, env: Record<string, string>) {
  const child = Bun.spawn([binaryOf(service)], {
    env,
    stdout: "pipe",
    stderr: "pipe",
    timeout: TEST_MAX_MS,
  });
  cleanUp(() => child.kill("SIGKILL"));
  return child;
}

/** Starts a process that must fail, and returns its output. */
async function outputOf(service: ServiceName, env: Record<string, string>): Promise<string> {
  const child = launch(service, env);
  const [output, log, exitCode] = await Promise.all([
    new Response(child.stderr).text(),
    new Response(child.stdout).text(),
    child.exited,
  ]);
  expect({ exitCode, log }).toEqual({ exitCode: 1, log: "" });
  expect(Number(child.resourceUsage()?.cpuTime.total)).toBeLessThan(CPU_MICROSECONDS_MAX);
  return output;
}

// Tests beside the schemas check each variable. These tests check that the binaries use the schemas.
describe("a binary with a bad environment", () => {
  beforeAll(builtBinaries, BUILD_MAX_MS);

  test.each([...SERVICES])("%s stops with one line for each missing variable", async (service) => {
    const required = Object.entries(configs[service].properties).filter(
      ([, variable]) => variable.default === undefined,
    );
    expect(required.length).toBeGreaterThan(3);
    const lines = required.map(([name, { expects }]) => `${name} is not set: expected ${expects}\n`);
    expect(await outputOf(service, {})).toBe(lines.join(""));
  });

  test.each(
    [
      ["HOST", ""],
      ["HOST", "no.such.host.invalid"],
      ["MONGODB_URL", "mongodb://user:hunter2/x@127.0.0.1"],
      ["MONGODB_URL", "mongodb://user:hunter2%zz@127.0.0.1"],
      ["MONGODB_URL", "mongodb://user:hunter2@127.0.0.1/?sllt=true"],
      ["REDIS_URL", "redis://:hunter2@127.0.0.1:port"],
      ["SIGNING_KEY", '{"kty":"OKP","crv":"Ed25519","x":"hunter2"}'],
      ["SIGNING_KEY", '{"kty":"oct","k":"hunter2"}'],
    ].map(([name = "", value = ""], i) => [SERVICES[i % 4] ?? "order", name, value] as const),
  )("%s stops with one line that names %s when it is %p", async (service, name, value) => {
    const output = await outputOf(service, { ...good, [name]: value });
    expect(output).toMatch(new RegExp(`^[^\\n]*\\b${name}\\b[^\\n]*\\bexpected [^\\n]+\\n$`));
    expect(output).not.toContain("hunter2");
  });

  test("order stops unless webhooks go to public addresses alone", async () => {
    const output = await outputOf("order", { ...good, WEBHOOK_TARGETS: "any" });
    expect(output).toMatch(/^WEBHOOK_TARGETS is not valid: expected public[^\n]*\n$/);
  });
});

describeWithDatabases("a binary", () => {
  beforeAll(builtBinaries, BUILD_MAX_MS);

  async function start(service: ServiceName, databases: { MONGODB_URL: string; REDIS_URL: string }) {
    const url = `http://127.0.0.1:${freePort()}`;
    const child = launch(service, { ...good, ...databases, PORT: new URL(url).port });
    const log: string[] = [];
    void (async () => {
      for await (const chunk of child.stdout) log.push(Buffer.from(chunk).toString());
    })();
    await eventually(async () => (await fetch(`${url}/health/live`).catch(() => undefined))?.ok);
    const ready = () => call(url, "GET /health/ready");
    return { child, url, ready, log: () => log.join("") };
  }

  /** A proxy without a target yet. */
  async function away(target: string) {
    const proxy = await startProxy([target]);
    cleanUp(proxy.close);
    proxy.suffer({ kind: "down" });
    return proxy;
  }

  test.each([...SERVICES])(
    "of the %s service waits for unavailable databases, and becomes ready once they answer",
    async (service) => {
      const mongoUrl = freshMongoUrl();
      const redisUrl = new URL(testRedisUrl());
      const [mongo, redis] = await Promise.all([away(await primaryOf(mongoUrl)), away(redisUrl.host)]);
      redisUrl.host = `127.0.0.1:${redis.port}`;
      const { child, url, ready, log } = await start(service, {
        MONGODB_URL: withProxy(mongoUrl, mongo.port),
        REDIS_URL: redisUrl.href,
      });
      await eventually(async () => log().split('"MongoDB does not answer"').length > 1);
      const before = await ready();
      expect([before.status, before.body.checks]).toEqual([
        503,
        { mongodb: "down", indexes: "down", redis: "down" },
      ]);
      const plural = service === "delivery" ? "couriers" : `${service}s`;
      const route = service === "order" ? "GET /internal/orders" : (`GET /v1/${plural}/me` as const);
      const refused = await call(url, route as "GET /");
      expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([503, true]);

      mongo.heal();
      redis.heal();
      await eventually(async () => (await ready()).body.status === "ready");
      expect(child.exitCode).toBeNull();
      await eventually(async () => log().includes("Redis answers again"));
      expect(log()).toContain("STORED_SECRETS_KEYS encrypts nothing");
    },
  );

  test.each([...SERVICES])(
    "of the %s service logs that MongoDB refuses its password, without the password",
    async (service) => {
      const { ready, log } = await start(service, {
        MONGODB_URL: withUser(freshMongoUrl(), "somebody", "hunter2"),
        REDIS_URL: testRedisUrl(),
      });
      await eventually(async () => /"Authentication failed\..*"MongoDB refuses the connection"/.test(log()));
      expect((await ready()).status).toBe(503);
      expect(log()).not.toContain("hunter2");
    },
  );
});
