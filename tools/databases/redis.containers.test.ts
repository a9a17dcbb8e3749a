// testcontainers on a real engine, as the integration tests use it where one answers.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Engine, findEngine } from "../../docker/local/engine.ts";
import { isThere, makeSubstitute } from "../../docker/local/images.ts";
import { startContainer } from "./containers.ts";
import { findPingFailure } from "./ping.ts";

const IMAGE = "redis:7.4";
const TEST_MS = 60_000;
const found = await findEngine();
const reason = typeof found === "string" ? ` (${found})` : "";
let isSubstitute = false;

beforeAll(async () => {
  if (reason || (await isThere(found as Engine, IMAGE))) return;
  isSubstitute = true;
  await makeSubstitute(found as Engine, IMAGE, IMAGE);
}, TEST_MS);
afterAll(async () => {
  if (isSubstitute) await (found as Engine).docker("image", "rm", "--force", IMAGE);
});

test.skipIf(reason !== "")(
  `starts a Redis that answers, and removes it${reason}`,
  async () => {
    const redis = await startContainer("redis");
    expect(redis?.detail).toBe(`container ${IMAGE}`);
    expect(await findPingFailure("redis", redis?.url ?? "", TEST_MS)).toBeUndefined();
    await redis?.stop();
    expect(await findPingFailure("redis", redis?.url ?? "", TEST_MS)).toContain("ECONNREFUSED");
    const left = await (found as Engine).docker("ps", "--all", "--quiet", "--filter", `ancestor=${IMAGE}`);
    expect(left).toBe("");
  },
  TEST_MS,
);
