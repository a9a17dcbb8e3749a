import pino from "pino";
import { currentScope } from "./request-scope.ts";

export type Log = pino.Logger;

const SECRETS = ["password", "refreshToken", "authorization"];
const REDACTED = "[Redacted]";

/** Redacts fields two levels deep. Not with pino's redaction, which costs more than the rest of the line. */
function withoutSecrets(fields: Record<string, unknown>, depth = 2): Record<string, unknown> {
  let clean = fields;
  for (const key in fields) {
    const value = fields[key];
    let shown = value;
    if (SECRETS.includes(key)) shown = REDACTED;
    else if (depth > 1 && typeof value === "object" && value !== null && !(value instanceof Error))
      shown = withoutSecrets(value as Record<string, unknown>, depth - 1);
    if (shown === value) continue;
    if (clean === fields) clean = { ...fields };
    clean[key] = shown;
  }
  return clean;
}

/** ioredis attaches the command to an error. After a failed AUTH it contains the password. */
const errorWithoutSecrets = pino.stdSerializers.wrapErrorSerializer((error) => {
  delete error.command;
  for (const name of SECRETS) if (name in error) error[name] = REDACTED;
  return error;
});

/** JSON lines on stdout. Each line logged during a request has the request's ids. */
export const createLog = (service: string, level: string): Log =>
  pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) },
    serializers: { err: errorWithoutSecrets },
    mixin: () => {
      const scope = currentScope();
      return scope ? { requestId: scope.requestId, traceparent: scope.traceparent } : {};
    },
  });
