import pino from "pino";
import { currentScope } from "./request-scope.ts";

export type Log = pino.Logger;

/** ioredis keeps the command with the error, and the command of a failed login is the password. */
const errorWithoutCommand = pino.stdSerializers.wrapErrorSerializer((error) => {
  delete error.command;
  return error;
});

/** JSON lines on stdout; every line inside a request carries its ids. */
export const createLog = (service: string, level: string): Log =>
  pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorWithoutCommand },
    redact: ["password", "*.password", "refreshToken", "*.refreshToken", "authorization", "*.authorization"],
    mixin: () => {
      const scope = currentScope();
      return scope ? { requestId: scope.requestId, traceparent: scope.traceparent } : {};
    },
  });
