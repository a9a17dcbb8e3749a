import pino from "pino";
import { currentScope } from "./request-scope.ts";

export type Log = pino.Logger;

/** JSON lines on stdout; every line inside a request carries its ids. */
export const createLog = (service: string, level: string): Log =>
  pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err },
    redact: ["password", "*.password", "refreshToken", "*.refreshToken", "authorization", "*.authorization"],
    mixin: () => {
      const scope = currentScope();
      return scope ? { requestId: scope.requestId, traceparent: scope.traceparent } : {};
    },
  });
