// Plays a request while the calls fail that it makes to MongoDB, to Redis or to other services: each call in turn, in each way.
// Calls of background work do not fail.
import { expect } from "bun:test";
import { Redis, ReplyError } from "ioredis";
import {
  MongoDriverError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  type TopologyDescription,
} from "mongodb";
import { Server } from "mongodb/lib/sdam/server.js";
import { AWAY_CODES } from "../src/http/mongo-away.ts";
import { currentScope } from "../src/observe/request-scope.ts";
import type { Answer } from "./tools.ts";

type Called = "mongodb" | "redis" | "http";
/** Returns a response of another service, or throws. */
export type Way = () => Response | never;

interface Plan {
  called: Called;
  /** The calls so far. */
  seen: string[];
  /** The index of the first call that fails, and of the first that no longer does. */
  from: number;
  to: number;
  way: Way;
}

/** By the id of the request. */
const plans = new Map<string, Plan>();

function wayOf(called: Called, name: string): Way | undefined {
  const plan = plans.get(currentScope()?.requestId ?? "");
  if (plan?.called !== called) return undefined;
  const at = plan.seen.push(name) - 1;
  return at >= plan.from && at < plan.to ? plan.way : undefined;
}

const { command: ask } = Server.prototype;
Server.prototype.command = async function failing(operation, ...rest) {
  wayOf("mongodb", `${operation.commandName} ${operation.ns.collection}`)?.();
  return ask.call(this, operation, ...rest);
};

const { sendCommand: send } = Redis.prototype;
Redis.prototype.sendCommand = function failing(command, ...rest) {
  try {
    wayOf("redis", command.name)?.();
  } catch (error) {
    command.reject(error as Error);
    return command.promise;
  }
  return send.call(this, command, ...rest);
};

const { fetch } = globalThis;
globalThis.fetch = Object.assign(
  async (...given: Parameters<typeof fetch>) =>
    wayOf("http", new URL(String(given[0])).pathname)?.() ?? fetch(...given),
  fetch,
);

const throws =
  (make: () => Error): Way =>
  () => {
    throw make();
  };
const named = (error: Error, name: string) => Object.defineProperty(error, "name", { value: name });
const coded = (message: string, code: string) => Object.assign(new Error(message), { code });
const answeredBy = (code: number, more = {}) => new MongoServerError({ message: "It", code, ...more });

/** As the driver throws them. */
export const OF_MONGODB: Record<string, Way> = {
  "a lost connection": throws(() => new MongoNetworkError("It")),
  "no answer in time": throws(() => new MongoNetworkTimeoutError("It")),
  "no server": throws(() => new MongoServerSelectionError("It", {} as TopologyDescription)),
  "no connection in time": throws(() => named(new MongoDriverError("It"), "MongoWaitQueueTimeoutError")),
  "a cleared pool": throws(() => named(new MongoNetworkError("It"), "MongoPoolClearedError")),
  "a closed pool": throws(() => named(new MongoDriverError("It"), "MongoPoolClosedError")),
  "a server that left": throws(() => new MongoServerClosedError("It")),
  "a closed topology": throws(() => new MongoTopologyClosedError("It")),
  "an expired session": throws(() => new MongoExpiredSessionError("It")),
  "a primary that stepped down": throws(() => answeredBy(AWAY_CODES.NotWritablePrimary)),
  "a server that stops": throws(() => answeredBy(AWAY_CODES.InterruptedAtShutdown)),
  "a write conflict": throws(() => answeredBy(AWAY_CODES.WriteConflict)),
  "a time limit": throws(() => answeredBy(AWAY_CODES.MaxTimeMSExpired)),
  "no majority": throws(() => named(answeredBy(AWAY_CODES.WriteConcernTimeout), "MongoWriteConcernError")),
  "an overloaded server": throws(() => answeredBy(1, { errorLabels: ["SystemOverloadedError"] })),
};

const REPLIES = ["READONLY", "LOADING", "OOM", "NOSCRIPT", "CROSSSLOT", "CLUSTERDOWN", "MOVED 1 127.0.0.1:1"]
  .concat(["TRYAGAIN", "NOAUTH", "WRONGTYPE", "BUSY", "MISCONF", "NOREPLICAS"])
  .map((text): [string, Way] => [text, throws(() => new ReplyError(`${text} It`))]);
const UNSENT = ["Connection is closed.", "Command timed out", "Too many Cluster redirections."]
  .concat(["Stream isn't writeable and enableOfflineQueue options is false"])
  .map((text): [string, Way] => [text, throws(() => new Error(text))]);

/** As ioredis rejects its commands. */
export const OF_REDIS: Record<string, Way> = {
  ...Object.fromEntries([...REPLIES, ...UNSENT]),
  "too many retries": throws(() => named(new Error("It"), "MaxRetriesPerRequestError")),
};

const broken = () =>
  new ReadableStream({
    start(body) {
      body.error(coded("The socket connection was closed unexpectedly", "ECONNRESET"));
    },
  });
const json =
  (text: string | Uint8Array<ArrayBuffer> | ReadableStream, status = 200, type = "application/json") =>
  () =>
    new Response(text, { status, headers: { "content-type": type } });

/** As `fetch` throws them, and what another service or a proxy may answer. */
export const OF_HTTP: Record<string, Way> = {
  "no connection": throws(() => coded("Unable to connect", "ConnectionRefused")),
  "a reset": throws(() => coded("The socket connection was closed unexpectedly", "ECONNRESET")),
  "no answer in time": throws(() => new DOMException("The operation timed out.", "TimeoutError")),
  "an abort": throws(() => new DOMException("The operation was aborted.", "AbortError")),
  "no certificate": throws(() => coded("unable to verify the first certificate", "UNABLE_TO_VERIFY")),
  "bad HTTP": throws(() => new TypeError("fetch() failed")),
  ...Object.fromEntries(
    [200, 201, 404, 500, 503].map((status) => [`a broken ${status}`, () => json(broken(), status)()]),
  ),
  "a redirect": () => new Response(null, { status: 302, headers: { location: "/" } }),
  "a refused token": json('{"code":"INVALID_TOKEN","detail":"It"}', 401),
  "a 404 of a proxy": () => new Response("Not found", { status: 404 }),
  "a 409 that is no problem": json("null", 409),
  "a 500": json('{"code":"INTERNAL_ERROR","detail":"It"}', 500),
  "a 502 of a proxy": () => new Response("Bad gateway", { status: 502 }),
  "an overload": json('{"code":"OVERLOADED","detail":"It"}', 503),
};

/** Also successes that cannot be read. What a service passes on unread is not checked for them. */
export const OF_HTTP_READ: Record<string, Way> = {
  ...OF_HTTP,
  "no JSON": json("{"),
  "no UTF-8": json(new Uint8Array([0xff])),
  "another shape": json("[]"),
  nothing: json(""),
  "a problem without a code": json("null", 409, "application/problem+json"),
  "a 304": () => new Response(null, { status: 304 }),
};

type Play = (headers: { "x-request-id": string }) => Promise<Answer>;

async function under(plan: Omit<Plan, "seen">, play: Play): Promise<{ answer: Answer; calls: string[] }> {
  const requestId = crypto.randomUUID();
  const seen: string[] = [];
  plans.set(requestId, { ...plan, seen });
  try {
    return { answer: await play({ "x-request-id": requestId }), calls: seen };
  } finally {
    plans.delete(requestId);
  }
}

/** The status of an answer, the code of a refusal, and that a 503 lacks a Retry-After. */
function outcomeOf({ status, headers, body }: Answer<{ code?: string } | null>): string {
  if (status < 400) return String(status);
  const retry = status !== 503 || Number(headers.get("retry-after")) >= 1 ? "" : " without Retry-After";
  return `${status} ${body?.code ?? ""}${retry}`;
}

/** These outcomes alone, each with some example. */
export const examples = (...outcomes: string[]): Record<string, string> =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, expect.any(String)]));

/** The outcomes of a request while one of its calls fails, or it and all after it: each with an example. `play` must succeed
 * when none does. */
export async function outcomesWhile(
  called: Called,
  ways: Record<string, Way>,
  play: Play,
): Promise<Record<string, string>> {
  const none: Way = () => new Response();
  const { calls } = await under({ called, from: Infinity, to: Infinity, way: none }, play);
  const outcomes: Record<string, string> = {};
  for (const [name, way] of Object.entries(ways))
    for (const [from, call] of calls.entries()) {
      for (const to of [from + 1, Infinity]) {
        const outcome = outcomeOf((await under({ called, from, to, way }, play)).answer);
        outcomes[outcome] ??= `${call}: ${name}`;
      }
      // A success closes the circuit to another service.
      if (called === "http") await play({ "x-request-id": crypto.randomUUID() });
    }
  return outcomes;
}

/** The outcome of a request of which one call fails once. */
export async function outcomeWhen(called: Called, call: string, way: Way, play: Play): Promise<string> {
  const { calls } = await under({ called, from: Infinity, to: Infinity, way }, play);
  const from = calls.indexOf(call);
  if (from < 0) throw new Error(`The request makes no call ${call}, only ${calls.join(", ")}`);
  return outcomeOf((await under({ called, from, to: from + 1, way }, play)).answer);
}

/** As a unique index refuses a write. */
export const duplicate = (index: string): Way =>
  throws(() => answeredBy(11_000, { message: `E11000 duplicate key error index: ${index} dup key` }));
