// Redis as compose.yaml runs it: the access list refuses forbidden commands, and the platform sends none.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "@food/shared/contracts/order";
import { call, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { Redis } from "ioredis";
import { courierOnDuty, expectStatus, menuAt, newCustomer, openRestaurant } from "../e2e/actors.ts";
import { startPlatform } from "../e2e/platform.ts";
import { freePort } from "../tools/free-port.ts";

const program = Bun.which("redis-server") ?? Bun.which("valkey-server");

async function startRedis(): Promise<{ secrets: string; as: (user: string, password: string) => string }> {
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const made = Bun.spawnSync([process.execPath, join(import.meta.dir, "make-secrets.ts"), folder]);
  expect(made.stderr.toString()).toBe("");
  // A user who may read the log of refused commands.
  const rules = `${readFileSync(join(folder, "redis/users.acl"), "utf8")}user auditor on nopass +@all\n`;
  const port = freePort();
  const conf = readFileSync(join(import.meta.dir, "redis.conf"), "utf8")
    .replace(/^bind .*/m, "bind 127.0.0.1")
    .replace(/^port .*/m, `port ${port}`)
    .replace(/^dir .*/m, `dir ${folder}`)
    .replace(/^aclfile .*/m, `aclfile ${folder}/users.acl`);
  await Bun.write(join(folder, "users.acl"), rules);
  await Bun.write(join(folder, "redis.conf"), conf);
  const server = Bun.spawn([program ?? "", join(folder, "redis.conf")], {
    stdout: "ignore",
    stderr: "ignore",
  });
  cleanUp(async () => {
    server.kill();
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  });
  return { secrets: folder, as: (user, password) => `redis://${user}:${password}@127.0.0.1:${port}` };
}

function connect(url: string, tries = 1): Redis {
  const redis = new Redis(url, {
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => (attempt < tries ? 20 : null),
  });
  redis.on("error", () => undefined);
  cleanUp(() => redis.disconnect());
  return redis;
}

describeWithDatabases("Redis with the access list", () => {
  test.skipIf(!program)(
    `serves an order from end to end${program ? "" : " (no redis-server here)"}`,
    async () => {
      const { secrets, as } = await startRedis();
      const auditor = connect(as("auditor", "any"), 3_000);
      await eventually(async () => (await auditor.ping()) === "PONG");
      expect(await auditor.config("GET", "maxmemory")).toEqual(["maxmemory", String(256 * 1024 * 1024)]);

      const given = new URL(readFileSync(join(secrets, "order/redis-url"), "utf8"));
      const redisUrl = as(given.username, given.password);
      const service = connect(redisUrl);
      for (const forbidden of ["FLUSHALL", "CONFIG GET maxmemory", "KEYS *", "ACL LIST", "CLIENT LIST"]) {
        const [command = "", ...words] = forbidden.split(" ");
        await expect(service.call(command, ...words)).rejects.toThrow("NOPERM");
      }
      await expect(connect(as("default", "any")).ping()).rejects.toThrow();
      expect(await connect(as("health", "any")).call("PING")).toBe("PONG");

      await auditor.call("ACL", "LOG", "RESET");
      const platform = await startPlatform({ redisUrl });
      const restaurant = await openRestaurant(platform);
      const customer = await newCustomer(platform);
      await menuAt(customer, restaurant.id);
      await menuAt(customer, restaurant.id);
      await courierOnDuty(platform);
      const { orderId } = expectStatus(await customer.order(restaurant), 201);
      await eventually(async () => (await customer.send<Order>(`GET /v1/orders/${orderId}`)).body.courier);
      for (const url of Object.values(platform.urls)) {
        // A process that was held up takes Redis for away until its connection is there again.
        await eventually(async () => {
          const { body } = await call<{ status: string; checks: { redis: string } }>(
            url,
            "GET /health/ready",
          );
          return body.status === "ready" && body.checks.redis === "up";
        });
      }
      expect(await auditor.call("ACL", "LOG")).toEqual([]);
      expect(await auditor.dbsize()).toBeGreaterThan(0);
    },
  );

  test.skipIf(!program)(
    "with a wrong password: the services log WRONGPASS without the password",
    async () => {
      const { as } = await startRedis();
      const platform = await startPlatform({ redisUrl: as("order", "hunter2") });
      for (const { log } of platform.all) {
        await eventually(async () => log().includes("WRONGPASS"));
        expect(log()).not.toContain("hunter2");
      }
    },
  );
});
