// Runs a suite on the emulator and, where redis-server is installed, on the real one: the same expectations.

import { afterAll, beforeAll, beforeEach, describe } from "bun:test";
import { Redis } from "ioredis";
import { startRedisEmulator } from "./server.ts";

type Started = { port: number; stop(): Promise<void> };

const installed = Bun.which("redis-server");

async function startRealRedis(): Promise<Started> {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const port = probe.port;
  probe.stop(true);
  const server = Bun.spawn([
    installed ?? "",
    ..."--bind 127.0.0.1 --appendonly no --save".split(" "),
    "",
    "--port",
    `${port}`,
  ]);
  return {
    port,
    async stop() {
      server.kill();
      await server.exited;
    },
  };
}

export async function until(condition: () => Promise<boolean> | boolean) {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("the condition did not come true within 5 s");
    await Bun.sleep(2);
  }
}

export type Subject = {
  port(): number;
  redis(): Redis;
  client(options?: { protocol?: 2 | 3; db?: number }): Redis;
};

const servers: [string, boolean, () => Promise<Started>][] = [
  ["the emulator", true, () => startRedisEmulator(0)],
  ["redis-server", installed !== null, startRealRedis],
];

export function onEveryRedis(suite: (subject: Subject) => void) {
  for (const [name, available, start] of servers) {
    describe.skipIf(!available)(name, () => {
      let server: Started;
      let redis: Redis;
      const clients: Redis[] = [];

      function client(options: { protocol?: 2 | 3; db?: number } = {}): Redis {
        const made = new Redis({ host: "127.0.0.1", port: server.port, ...options });
        made.on("error", () => undefined);
        clients.push(made);
        return made;
      }

      beforeAll(async () => {
        server = await start();
        redis = client();
        await redis.ping();
      });
      beforeEach(async () => {
        await redis.flushall();
      });
      afterAll(async () => {
        for (const one of clients) one.disconnect();
        await server?.stop();
      });

      suite({ port: () => server.port, redis: () => redis, client });
    });
  }
}
