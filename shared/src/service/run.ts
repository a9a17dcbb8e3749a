// The lifecycle of a service process: listen, wait for a signal, stop in order.

import { AccessTableError } from "../auth/access.ts";
import { type RunningServer, type ServeOptions, serve } from "../http/serve.ts";
import type { Log } from "../observe/log.ts";
import type { Drain } from "../process/lifecycle.ts";
import type { SealedText } from "../storage/sealed-text.ts";

/** After the drain and this time, the process exits even with work in flight. */
export const STOP_MAX_MS = 15_000;

/** Builds the app. When its access table and its routes differ, prints one line on stderr and exits with 1. */
export function buildOrExit<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof AccessTableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Serves until SIGTERM or SIGINT, then stops the server, calls `close` and exits. */
export function runService(
  options: ServeOptions & {
    log: Log;
    sealed: Pick<SealedText, "isOn">;
    drain: Drain;
    close: () => Promise<unknown>;
  },
): RunningServer {
  const { log, sealed, drain, close } = options;
  let server: RunningServer;
  try {
    server = serve(options);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : String(error);
    process.stderr.write(
      `HOST and PORT ${options.port} cannot be listened on (${reason}): expected an address of this machine and a free port\n`,
    );
    process.exit(1);
  }
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "Stopping");
    setTimeout(() => process.exit(1), Math.max(drain.quietMs, drain.mostMs) + STOP_MAX_MS).unref();
    await server.stop(drain);
    await close();
    log.info("Stopped");
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  log.info({ url: server.url, swagger: `${server.url}/swagger` }, "Listening");
  if (!sealed.isOn) log.warn("STORED_SECRETS_KEYS encrypts nothing; secrets are stored as plain text");
  return server;
}
