import "@food/shared/service/health-check";
import { buildOrExit, runService } from "@food/shared/service/run";
import { openServiceBaseOrExit } from "@food/shared/service/service-base";
import { connectSubscriber } from "@food/shared/storage/redis";
import { deliveryApp } from "./app.ts";
import { loadConfig } from "./config.ts";

const config = loadConfig();
const base = await openServiceBaseOrExit("delivery", config);
const subscriber = connectSubscriber(config.REDIS_URL, base.log);
const { app, ensureIndexes, stop } = buildOrExit(() => deliveryApp({ ...base, ...config, subscriber }));

void base.prepare(ensureIndexes);
runService({
  ...base,
  app,
  hostname: config.HOST,
  port: config.PORT,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: { count: config.TRUSTED_PROXIES, header: config.FORWARDED_HEADER },
  keepAliveSeconds: config.KEEP_ALIVE_SECONDS,
  drain: { quietMs: config.SHUTDOWN_DELAY_MS, mostMs: config.SHUTDOWN_DELAY_MAX_MS },
  close: () => stop().then(base.close),
});
