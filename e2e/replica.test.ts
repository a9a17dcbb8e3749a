import { describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp, fakeService, newSigningKey } from "@food/shared/testing/service";
import { startProxy } from "./proxy.ts";
import { replicaOf } from "./replica.ts";

describe("a replica whose port another process has taken", () => {
  test("does not start, and gets no requests", async () => {
    const directory = mkdtempSync(join(tmpdir(), "replica-"));
    cleanUp(() => rmSync(directory, { recursive: true }));
    const binary = join(directory, "service");
    writeFileSync(binary, "#!/bin/sh\nsleep 0.2\necho The port is taken\nexit 1\n");
    chmodSync(binary, 0o755);
    const balancer = await startProxy([]);
    cleanUp(balancer.close);
    const environment = { SIGNING_KEY: await newSigningKey() };
    const replica = replicaOf({ name: "order-1", binary, balancer, proxies: {}, environment });

    await fakeService("order", () => new Response("ready"), Number(new URL(replica.url).port));
    expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200);
    await expect(replica.start()).rejects.toThrow(/order-1 has ended:\nThe port is taken/);
    expect([replica.isRunning(), balancer.targets]).toEqual([false, []]);
  });
});
