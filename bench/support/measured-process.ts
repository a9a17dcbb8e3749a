// One process with the same read of Redis behind two servers: one whose requests and commands are measured, and one whose are
// not. Writes their URLs as one line of JSON.
import { httpApp } from "@food/shared/http/app";
import { serve } from "@food/shared/http/serve";
import { createLog } from "@food/shared/observe/log";
import { createMetrics, type Metrics } from "@food/shared/observe/metrics";
import { newLifecycle } from "@food/shared/process/lifecycle";
import { measureRedis } from "@food/shared/storage/commands/measure-databases";
import { connectRedis } from "@food/shared/storage/redis";

const { REDIS_URL = "" } = process.env;
const log = createLog("bench", "silent");

async function urlOf(metrics: Metrics, measure: (redis: ReturnType<typeof connectRedis>) => void) {
  const redis = connectRedis(REDIS_URL, log, 30_000);
  measure(redis);
  while (redis.status !== "ready") await Bun.sleep(5);
  await redis.set("thing", JSON.stringify({ text: "x".repeat(2_000) }));
  const read = async () => {
    const [bytes] = await redis.mget("thing", "generation");
    return new Response(bytes, { headers: { "content-type": "application/json" } });
  };
  return serve({
    app: httpApp(log)
      .get("/v1/things/:id", read)
      .get("/metrics", async () => new Response(await metrics.render())),
    ...{ hostname: "127.0.0.1", port: 0, log, metrics },
    lifecycle: newLifecycle(),
  }).url;
}

const measured = createMetrics("bench");
const urls = {
  plain: await urlOf({ ...createMetrics("plain"), observeRequest: () => undefined }, () => undefined),
  measured: await urlOf(measured, (redis) => measureRedis(measured, redis)),
};
process.stdout.write(`${JSON.stringify(urls)}\n`);
