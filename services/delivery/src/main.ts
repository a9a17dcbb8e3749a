import "@food/shared/health-check";
import { runService } from "@food/shared/run";
import { openServiceBaseOrExit } from "@food/shared/service-base";
import { deliveryApp } from "./app.ts";
import { loadConfig } from "./config.ts";

const config = loadConfig();
const base = await openServiceBaseOrExit("delivery", config);
const { app, ensureIndexes, stop } = deliveryApp({ ...base, ...config });

void base.prepare(ensureIndexes);
runService({
  ...base,
  app,
  hostname: config.HOST,
  port: config.PORT,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
  drainMs: config.SHUTDOWN_DELAY_MS,
  close: () => stop().then(base.close),
});
