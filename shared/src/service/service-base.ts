// Connections and routes that every service has.
import { Elysia } from "elysia";
import { type SignInTurns, signInTurns } from "../accounts/limits.ts";
import type { AccessTable } from "../auth/access.ts";
import { guard } from "../auth/guard.ts";
import { KeySet } from "../auth/key-set.ts";
import { newTokenEnds, type TokenEnds } from "../auth/token-ends.ts";
import {
  readSigningKeys,
  type SigningKeys,
  type SignToken,
  tokenSigner,
  type VerifyToken,
} from "../auth/tokens.ts";
import { httpApp } from "../http/app.ts";
import { detailOf } from "../http/detail.ts";
import { type HealthDeps, healthRoutes } from "../http/health.ts";
import type { SwaggerOptions } from "../http/openapi/pages.ts";
import { type ServiceClient, serviceClient } from "../http/service-client.ts";
import { newStreams, type Streams } from "../live/streams.ts";
import { type StreamTickets, streamTickets } from "../live/tickets.ts";
import { type Mailer, openMailer } from "../mail/mailer.ts";
import { createLog, type Log } from "../observe/log.ts";
import { createMetrics, type Metrics } from "../observe/metrics.ts";
import type { TracingSettings } from "../observe/otlp/settings.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { type Lifecycle, newLifecycle } from "../process/lifecycle.ts";
import { measureMongo, measureRedis } from "../storage/commands/measure-databases.ts";
import { type Locks, redisLocks } from "../storage/lock.ts";
import { measuredLocks } from "../storage/measure-locks.ts";
import { connectMongo, type Mongo, type MongoTimeouts } from "../storage/mongo.ts";
import { connectRedis, pingRedis, type Redis } from "../storage/redis.ts";
import { type SealedText, sealedText } from "../storage/sealed-text.ts";
import { type SharedFigures, sharedFigures } from "../storage/shared-figures.ts";
import { unavailable } from "../values/errors.ts";
import { currentRegion, requireOwnId, useRegion } from "../values/region.ts";
import { type CountRequest, type RequestLimits, requestLimits } from "./request-limits.ts";

export interface BaseConfig extends RequestLimits, TracingSettings {
  MONGODB_URL: string;
  REDIS_URL: string;
  SIGNING_KEY: string;
  LOG_LEVEL: string;
  REGION?: string;
  SWAGGER?: boolean;
  SWAGGER_HINT?: string;
  MAX_STREAMS?: number;
  MAX_STREAMS_PER_CALLER?: number;
  MAIL_URL?: string;
  MAIL_FROM?: string;
  LINK_BASE_URL?: string;
  EMAIL_VERIFICATION?: string;
  SECOND_FACTOR_ISSUER?: string;
  SIGN_IN_CPU_PERCENT?: number;
  STORED_SECRETS_KEYS?: string;
}

export interface ServiceBase {
  name: string;
  log: Log;
  mongo: Mongo;
  redis: Redis;
  locks: Locks;
  /** Of the service's whole database, for the metrics. */
  figures: SharedFigures;
  metrics: Metrics;
  lifecycle: Lifecycle;
  /** The sessions that have ended, for `tokenVerifier` and `streams`. */
  tokenEnds: TokenEnds;
  /** How often to read them; a few seconds when left out. */
  tokenEndsEveryMs?: number;
  streams: Streams;
  tickets: StreamTickets;
  countRequest: CountRequest;
  mailer: Mailer;
  /** Whether a sign-up makes an account only once its address is confirmed. */
  verifiesEmail: boolean;
  swagger: SwaggerOptions;
  secondFactorIssuer: string;
  signInTurns: SignInTurns;
  /** Of secrets in the database. */
  sealed: SealedText;
  keys: SigningKeys;
  signToken: SignToken;
  /** A client of another service, with this service's tokens. */
  clientOf: (to: string, baseUrl: string) => ServiceClient;
  /** Whether `prepare` has finished. */
  prepared: () => boolean;
  /** Runs work such as creating indexes, and retries with back-off until it succeeds. */
  prepare: (work: () => Promise<unknown>) => Promise<void>;
  close: () => Promise<void>;
}

const PREPARE_PAUSE_MS = { first: 100, most: 5_000 };

/** Replaces the driver's message, which may contain a part of the URL and so of a password. */
function openMongo(...given: Parameters<typeof connectMongo>): Mongo {
  try {
    return connectMongo(...given);
  } catch (cause) {
    throw new Error("MONGODB_URL is not valid: expected a connection string that MongoDB's driver takes", {
      cause,
    });
  }
}

/** Nothing of it is loaded when it is off. */
async function startTraces(
  name: string,
  config: TracingSettings,
  deps: { log: Log; registry: Metrics["registry"] },
) {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  return endpoint
    ? (await import("../observe/otlp/exporter.ts")).startExport(name, endpoint, deps, config)
    : undefined;
}

/** Other times to wait for the databases than the usual ones. */
export interface BaseTimeouts {
  mongo?: MongoTimeouts;
  redisMs?: number;
}

/** Opens a service's connections. No server needs to be reachable yet. Throws for an invalid SIGNING_KEY or
 * MONGODB_URL, and for incomplete mail settings. */
export async function openServiceBase(
  name: string,
  config: BaseConfig,
  timeouts: BaseTimeouts = {},
): Promise<ServiceBase> {
  useRegion(config.REGION ?? "");
  const log = createLog(name, config.LOG_LEVEL);
  const keys = await readSigningKeys(config.SIGNING_KEY);
  const signToken = tokenSigner(name, keys);
  const { MAIL_URL = "", MAIL_FROM = "", LINK_BASE_URL = "" } = config;
  const mailer = openMailer({ MAIL_URL, MAIL_FROM, LINK_BASE_URL }, log);
  const verifiesEmail = config.EMAIL_VERIFICATION === "required";
  if (verifiesEmail && !mailer.isConfigured)
    throw new Error("MAIL_URL is not set: EMAIL_VERIFICATION=required needs it");
  const metrics = createMetrics(name);
  const traces = await startTraces(name, config, { log, registry: metrics.registry });
  const mongo = openMongo(config.MONGODB_URL, name, log, timeouts.mongo);
  measureMongo(metrics, mongo);
  const redis = connectRedis(config.REDIS_URL, log, timeouts.redisMs);
  measureRedis(metrics, redis);
  const lifecycle = newLifecycle();
  const { MAX_STREAMS: max = 0, MAX_STREAMS_PER_CALLER: maxPerCaller = 0 } = config;
  const tokenEnds = newTokenEnds();
  const { STORED_SECRETS_KEYS = "" } = config;
  const sealed = await sealedText(STORED_SECRETS_KEYS);
  let isPrepared = false;

  return {
    name,
    log,
    mongo,
    redis,
    locks: measuredLocks(metrics, redisLocks(redis)),
    figures: sharedFigures(redis, mongo.db.databaseName),
    metrics,
    lifecycle,
    tokenEnds,
    streams: newStreams({ lifecycle, metrics, tokenEnds }, { max, maxPerCaller }),
    tickets: streamTickets(name, keys, redis),
    countRequest: requestLimits(redis, name, config, (limit) => metrics.requestsRefused.inc({ limit })),
    mailer,
    verifiesEmail,
    swagger: { isShown: config.SWAGGER ?? true, hint: config.SWAGGER_HINT ?? "" },
    secondFactorIssuer: config.SECOND_FACTOR_ISSUER ?? name,
    sealed,
    signInTurns: signInTurns(config.SIGN_IN_CPU_PERCENT ?? Number.POSITIVE_INFINITY),
    keys,
    signToken,
    clientOf: (to, baseUrl) => serviceClient({ to, baseUrl, from: name, signToken, metrics }),
    prepared: () => isPrepared,
    async prepare(work) {
      const outage = repeatedFailures(log, Infinity);
      for (let pauseMs = PREPARE_PAUSE_MS.first; !lifecycle.stopping.aborted; pauseMs *= 2) {
        try {
          await work();
          isPrepared = true;
          return outage.over("prepare");
        } catch (err) {
          outage.failed("prepare", { err }, "Preparing the database failed; will retry");
          await Bun.sleep(Math.min(pauseMs, PREPARE_PAUSE_MS.most));
        }
      }
    },
    async close() {
      await mailer.stop();
      redis.disconnect();
      await mongo.close();
      await traces?.stop();
    },
  };
}

/** `openServiceBase` for a starting process: on failure prints one line on stderr and exits with 1. */
export async function openServiceBaseOrExit(name: string, config: BaseConfig): Promise<ServiceBase> {
  try {
    return await openServiceBase(name, config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** Refuses ids of other regions in paths. Without a region there is nothing to refuse. */
function ownIdsAlone() {
  const plugin = new Elysia({ name: "own-ids" });
  if (currentRegion() === "") return plugin;
  return plugin.onBeforeHandle({ as: "global" }, ({ params }) => {
    for (const value of Object.values(params ?? {})) if (typeof value === "string") requireOwnId(value);
  });
}

const NEEDS_DATABASE = /^\/(v1|internal)\//;

/** The base app of every service: errors, bodies, who may call what, health, metrics and public keys. */
export function baseApp(
  base: ServiceBase,
  { access, verifyToken }: { access: AccessTable; verifyToken: VerifyToken },
) {
  const { log, mongo, redis, metrics, lifecycle, keys } = base;
  const health: HealthDeps = {
    lifecycle,
    metrics,
    required: {
      mongodb: mongo.ping,
      indexes: async () => {
        if (!base.prepared()) throw new Error("not prepared");
      },
    },
    optional: { redis: () => pingRedis(redis) },
  };
  return httpApp(log)
    .onTransform({ as: "global" }, ({ route }) => {
      // Without its unique indexes the database would accept duplicates.
      if (!base.prepared() && NEEDS_DATABASE.test(route))
        throw unavailable("STARTING", "The service is still starting. Try again.");
    })
    .use(guard(access, verifyToken, { redeemTicket: base.tickets.redeem, countRequest: base.countRequest }))
    .use(ownIdsAlone())
    .use(healthRoutes(health))
    .use(
      new Elysia({ name: "jwks" }).get(
        "/.well-known/jwks.json",
        () => Response.json(keys.publicKeys, { headers: { "cache-control": "public, max-age=600" } }),
        {
          response: { 200: KeySet },
          detail: detailOf("operations")(
            "The public keys of this service's tokens",
            "A JSON Web Key Set. The `kid` in a token's header names its key. May be cached for ten minutes.",
          ),
        },
      ),
    );
}
