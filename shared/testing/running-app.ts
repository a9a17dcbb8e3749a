// A small app on the real server, for unit tests without databases.
import { httpApp } from "../src/http/app.ts";
import { type RunningServer, type ServeOptions, serve } from "../src/http/serve.ts";
import { newStreams, type StreamLimits, type Streams } from "../src/live/streams.ts";
import { createLog, type Log } from "../src/observe/log.ts";
import { createMetrics, type Metrics } from "../src/observe/metrics.ts";
import { type Lifecycle, newLifecycle } from "../src/process/lifecycle.ts";
import { cleanUp } from "./service.ts";

export const silentLog = createLog("test", "silent");

export interface RunningApp extends RunningServer {
  lifecycle: Lifecycle;
  metrics: Metrics;
}

type AnyApp = { fetch: (request: Request) => Response | Promise<Response> };

interface TestLimits
  extends Pick<
    ServeOptions,
    "inFlightMax" | "corsOrigins" | "trustedProxies" | "keepAliveSeconds" | "showsTimings"
  > {
  streamLimits: StreamLimits;
  bodyMsMax: number;
  log: Log;
}

/** Serves the base app and what `build` adds, on a free port, until the test file ends. */
export function runApp(
  build: (
    app: ReturnType<typeof httpApp>,
    context: { lifecycle: Lifecycle; metrics: Metrics; streams: Streams },
  ) => AnyApp,
  {
    streamLimits = { max: 1_000, maxPerCaller: 1_000 },
    bodyMsMax,
    log = silentLog,
    ...options
  }: Partial<TestLimits> = {},
): RunningApp {
  const lifecycle = newLifecycle();
  const metrics = createMetrics("test");
  const streams = newStreams({ lifecycle, metrics }, streamLimits);
  const app = build(httpApp(log, bodyMsMax), { lifecycle, metrics, streams });
  const server = serve({
    app,
    hostname: "127.0.0.1",
    port: 0,
    log,
    metrics,
    lifecycle,
    ...options,
  });
  cleanUp(() => server.stop());
  return { ...server, lifecycle, metrics };
}
