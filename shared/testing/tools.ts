// For both tests and programs that drive the platform: imports no test runner.
import { newId } from "../src/values/id.ts";
import { testDatabases } from "./databases.ts";
import { withDatabase } from "./mongo-url.ts";

/** An address where nothing listens, as when Redis is down. */
export const NO_REDIS = "redis://127.0.0.1:1";
export const NO_DATABASES = { mongoUrl: "mongodb://127.0.0.1:1", redisUrl: NO_REDIS };
/** The tests' Redis. */
export const testRedisUrl = (): string => testDatabases().TEST_REDIS_URL;

/** A MongoDB URL with an unused database. */
export const freshMongoUrl = (): string => withDatabase(testDatabases().TEST_MONGODB_URL, newId("test"));

/** A header that makes a request come from an unused client address. */
export const fromNewAddress = () => ({
  "x-forwarded-for": `10.${crypto.getRandomValues(new Uint8Array(3)).join(".")}`,
});

export async function newSigningKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  return JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey));
}

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Sends JSON and returns the parsed response, or its text when it is not JSON. */
export async function call<T = Record<string, unknown>>(
  baseUrl: string,
  route: `${string} /${string}`,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const [method = "GET", path = "/"] = route.split(" ");
  const raw = typeof options.body === "string";
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(options.body !== undefined && { "content-type": "application/json" }),
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: raw ? String(options.body) : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as T,
  };
}

type Truthy<T> = Exclude<T, undefined | null | false>;

/** How long a test waits for one condition: far more than any needs, even on a busy machine. */
export const WAIT_MAX_MS = 60_000;

/** Waits for a condition instead of sleeping. Throws after `timeoutMs`. */
export async function eventually<T>(check: () => Promise<T>, timeoutMs = WAIT_MAX_MS): Promise<Truthy<T>> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value as Truthy<T>;
    if (Date.now() > until) throw new Error(`The condition was not met within ${timeoutMs} ms: ${check}`);
    await Bun.sleep(20);
  }
}

/** The CPU time of this process while `run` runs, in ms: other processes do not change it. */
export function cpuMsOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The value of a metric in the text of /metrics; 0 when it has no series with these labels, such as `state="idle"`. */
export function metricIn(text: string, name: string, ...labels: string[]): number {
  const series = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const found = series.find((line) => labels.every((label) => line.includes(label)));
  return Number(found?.split(" ").at(-1) ?? 0);
}
