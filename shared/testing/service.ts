// Setup of the services' integration tests: own databases, a running app, tokens, fake downstream services.
import { afterAll, beforeAll, describe, setDefaultTimeout } from "bun:test";
import type { EndedSessions } from "../src/accounts/token-ends/schema.ts";
import {
  readSigningKeys,
  SERVICE_ROLE,
  type SigningKeys,
  type SignToken,
  tokenSigner,
} from "../src/auth/tokens.ts";
import { serve } from "../src/http/serve.ts";
import {
  type BaseConfig,
  type BaseTimeouts,
  openServiceBase,
  type ServiceBase,
} from "../src/service/service-base.ts";
import { documented } from "./documented.ts";
import { expectOneSlot } from "./one-slot.ts";
import { untilReady } from "./redis.ts";
import { freshMongoUrl, NO_DATABASES, NO_REDIS, newSigningKey, testRedisUrl } from "./tools.ts";

export * from "./redis.ts";
export * from "./tools.ts";

const cleanups: (() => unknown)[] = [];
/** Cleanup after the test file, in reverse order. */
export const cleanUp = (undo: () => unknown): void => void cleanups.push(undo);
const undoAll = async () => {
  for (const undo of cleanups.splice(0).reverse()) await undo();
};
afterAll(undoAll);

/** Far more than any test needs, even on a busy machine. */
export const TEST_MAX_MS = 180_000;

const { hash } = Bun.password;
/** A millisecond and not thirty, which were a third of all work of these tests. A hash is checked at its own cost. */
const cheapHash = (password: Parameters<typeof hash>[0]) =>
  hash(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
function hashWith(one: typeof hash, then: typeof hash): void {
  beforeAll(() => {
    Bun.password.hash = one;
  });
  afterAll(() => {
    Bun.password.hash = then;
  });
}
/** For the tests of this block: passwords are hashed as in a service. */
export const withRealHashes = () => hashWith(hash, cheapHash);

/** Describes tests that need databases. */
export function describeWithDatabases(what: string, body: () => void): void {
  setDefaultTimeout(TEST_MAX_MS);
  hashWith(cheapHash, hash);
  // Without --isolate all test files share this module, and each must clean up after itself.
  afterAll(undoAll);
  afterAll(expectOneSlot);
  describe(what, body);
}

/**
 * A busy machine must not look like a database that is away. A database of the tests answers sooner or later; any other
 * address stands for one that fails.
 */
export const PATIENT = { mongo: { connectMs: 30_000, operationMs: 30_000 }, redisMs: 30_000 } as const;

function timeoutsFor(mongoUrl: string, redisUrl: string): BaseTimeouts {
  const hostsOf = (url: string) => /^[^/]+\/\/[^/?]+/.exec(url)?.[0];
  const isMissing = (url: string) => url === NO_REDIS || url === NO_DATABASES.mongoUrl;
  const isOfTests = (url: string, ours: () => string) => !isMissing(url) && hostsOf(url) === hostsOf(ours());
  return {
    ...(isOfTests(mongoUrl, freshMongoUrl) && { mongo: PATIENT.mongo }),
    ...(isOfTests(redisUrl, testRedisUrl) && { redisMs: PATIENT.redisMs }),
  };
}

/** Resolves once Redis is connected: before that a service works without Redis, which most tests do not test. */
export async function testBase(
  name: string,
  options: { mongoUrl?: string; redisUrl?: string; config?: Partial<BaseConfig> } = {},
): Promise<ServiceBase> {
  const { mongoUrl = freshMongoUrl(), redisUrl = testRedisUrl() } = options;
  const config = {
    MONGODB_URL: mongoUrl,
    REDIS_URL: redisUrl,
    SIGNING_KEY: await newSigningKey(),
    LOG_LEVEL: Bun.env.TEST_LOG_LEVEL ?? "silent",
    MAX_STREAMS: 10_000,
    MAX_STREAMS_PER_CALLER: 50,
    ...options.config,
  };
  const base = await openServiceBase(name, config, timeoutsFor(mongoUrl, redisUrl));
  cleanUp(base.close);
  await untilReady(base.redis, redisUrl);
  return base;
}

const ONE_PROXY = { count: 1, header: "x-forwarded-for" } as const;

/** Serves the app on a free port, as if behind one proxy, until the test file ends. */
export async function listen(
  base: ServiceBase,
  built: {
    app: { fetch: (request: Request) => Response | Promise<Response> };
    ensureIndexes: () => Promise<unknown>;
    stop?: () => Promise<unknown>;
  },
): Promise<string> {
  await base.prepare(built.ensureIndexes);
  const server = serve({
    ...base,
    app: documented(built.app),
    hostname: "127.0.0.1",
    port: 0,
    trustedProxies: ONE_PROXY,
  });
  cleanUp(async () => {
    await server.stop();
    await built.stop?.();
  });
  return server.url;
}

export interface Identity {
  keys: SigningKeys;
  sign: SignToken;
  /** A token for an account of this issuer. */
  tokenFor: (subject: string, role: string, audience: string) => Promise<string>;
  /** This issuer's service token for another service. */
  serviceToken: (audience: string) => Promise<string>;
}

export async function identityOf(issuer: string): Promise<Identity> {
  const keys = await readSigningKeys(await newSigningKey());
  const sign = tokenSigner(issuer, keys);
  const tokenFor = (subject: string, role: string, audience: string) =>
    sign({ subject, role, audience: [audience], ttlSeconds: 300 });
  return { keys, sign, tokenFor, serviceToken: (audience) => tokenFor(issuer, SERVICE_ROLE, audience) };
}

export interface FakeService extends Identity {
  url: string;
  /** Every request received, as `METHOD /path`, */
  seen: string[];
  /** and its headers. */
  headers: Headers[];
  /** The sessions that it says have ended. */
  ended: EndedSessions["items"];
}

/** A fake downstream service, by default on a free port: serves its public keys, and `answer` handles other requests. */
export async function fakeService(
  issuer: string,
  answer: (request: Request, path: string) => Response | Promise<Response> = () =>
    new Response(null, { status: 404 }),
  port = 0,
): Promise<FakeService> {
  const identity = await identityOf(issuer);
  const seen: string[] = [];
  const headers: Headers[] = [];
  const ended: FakeService["ended"] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/.well-known/jwks.json") return Response.json(identity.keys.publicKeys);
      if (pathname === "/internal/token-ends") return Response.json({ items: ended, more: false });
      seen.push(`${request.method} ${pathname}`);
      headers.push(request.headers);
      return answer(request, pathname);
    },
  });
  cleanUp(() => server.stop(true));
  return { ...identity, url: server.url.origin, seen, headers, ended };
}
