import pino from "pino";
import { currentRegion } from "../values/region.ts";
import { type LineWriter, stdoutLines } from "./joined-lines.ts";
import { currentScope, currentTrace } from "./request-scope.ts";

export type Log = pino.Logger & {
  /** Logs a finished request at level info. It makes the line itself: pino takes several times as long for it, and every
   * request has one. */
  request: (line: RequestLine) => void;
};

export interface RequestLine {
  method: string;
  path: string;
  route: string;
  status: number;
  ms: number;
}

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

/** The ids of the current request, or of the trace of other work. */
function currentIds() {
  const trace = currentTrace();
  if (!trace) return {};
  const { traceId: trace_id, spanId: span_id } = trace;
  const requestId = currentScope()?.requestId;
  return requestId === undefined ? { trace_id, span_id } : { requestId, trace_id, span_id };
}

/** The same as the beginning of a JSON object's fields. Request ids have no character to escape. */
function idsText(): string {
  const trace = currentTrace();
  if (!trace) return "";
  const requestId = currentScope()?.requestId;
  const request = requestId === undefined ? "" : `"requestId":"${requestId}",`;
  return `${request}"trace_id":"${trace.traceId}","span_id":"${trace.spanId}",`;
}

const PLAIN = /^[\w/.:~-]*$/;
/** As JSON. Most paths and routes need no escape, and looking costs less than `JSON.stringify`. */
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** Not `region`: that is a part of the town, in lines of the dispatcher. */
const platformRegion = () => (currentRegion() === "" ? {} : { platform_region: currentRegion() });

let formattedAt = 0;
let formatted = "";
/** Under load many lines have the same millisecond. */
function timeNow(): string {
  const now = Date.now();
  if (now !== formattedAt) formatted = new Date(now).toISOString();
  formattedAt = now;
  return formatted;
}

/** JSON lines on stdout. Each line logged during a request, or during work that it caused, has its ids. */
export function createLog(
  service: string,
  level: string,
  lines: Pick<LineWriter, "write"> = stdoutLines(),
): Log {
  const log = pino(
    {
      level,
      base: { service, ...platformRegion() },
      timestamp: () => `,"time":"${timeNow()}"`,
      formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) },
      serializers: { err: errorWithoutSecrets },
      mixin: currentIds,
    },
    lines,
  );
  const afterTime = `","service":${JSON.stringify(service)},${JSON.stringify(platformRegion()).slice(1, -1)}${currentRegion() && ","}`;
  return Object.assign(log, {
    request(line: RequestLine) {
      if (!log.isLevelEnabled("info")) return;
      const { method, path, route, status, ms } = line;
      lines.write(
        `{"level":"info","time":"${timeNow()}${afterTime}${idsText()}"method":${quoted(method)},"path":${quoted(path)},"route":${quoted(route)},"status":${status},"ms":${ms},"msg":"request"}\n`,
      );
    },
  });
}
