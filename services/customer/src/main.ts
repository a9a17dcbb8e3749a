import "@food/shared/service/health-check";
import { buildOrExit, runService } from "@food/shared/service/run";
import { openServiceBaseOrExit } from "@food/shared/service/service-base";
import { customerApp } from "./app.ts";
import { loadConfig } from "./config.ts";

const config = loadConfig();
const base = await openServiceBaseOrExit("customer", config);
const { app, ensureIndexes, stop } = buildOrExit(() => customerApp({ ...base, ...config }));

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
