// Reads the environment once, against a schema. On missing or malformed variables the process exits with one line for
// each, which names the variable and what it expects, never its value. NAME_FILE may name a file with the value, the way
// container platforms pass secrets.
import { readFileSync } from "node:fs";
import { type Static, type TObject, type TSchema, Type, TypeGuard } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { REDIS_URL_FORMS, redisTarget } from "../values/redis-url.ts";
import { RegionConfig } from "./region-config.ts";
import { TracingConfig } from "./tracing-config.ts";

/** False in a binary, whose build sets this variable. */
export const isDevelopment = process.env.NODE_ENV !== "production";

export const Port = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, description, expects: "a port from 0 to 65535" });
export const Url = (description: string, protocols: string[]) =>
  Type.String({
    pattern: `^(${protocols.map((protocol) => protocol.replace("+", "\\+")).join("|")})://[^\\s/]+`,
    description,
    // A MongoDB URL may list several hosts, which URL.canParse refuses. The driver checks it.
    check: (text: string) => text.startsWith("mongodb") || URL.canParse(text),
    expects: `a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(" or ")}`,
  });
export const Duration = (unit: "seconds" | "ms", fallback: number, description: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 1e9,
    default: fallback,
    description,
    expects: `a whole number of ${unit === "ms" ? "milliseconds" : "seconds"}`,
  });

export const Count = (fallback: number, description: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: fallback,
    description,
    expects: "a whole number of at least 1",
  });

/** After how many days a done thing leaves the hot collection. */
export const ArchiveAfterDays = (what: string, least: number) =>
  Type.Integer({
    minimum: 0,
    maximum: 36_500,
    default: 90,
    description: `Days after their end from which on ${what} are moved to the archive collection; 0: never`,
    check: (days: number) => days === 0 || days >= least,
    expects: `0, or a whole number of at least ${least} days`,
  });

const RequestCount = (fallback: number, description: string) => ({
  ...Count(fallback, description),
  maximum: 1_000_000_000,
});

const SHUTDOWN_DELAY_MS = Type.Integer({
  minimum: 0,
  maximum: 120_000,
  default: 0,
  description:
    "How long no request must come after SIGTERM until the service stops: then load balancers have removed it",
  expects: "a whole number of milliseconds",
});

const SHUTDOWN_DELAY_MAX_MS = Type.Integer({
  minimum: 0,
  maximum: 600_000,
  default: 10_000,
  description:
    "How long the service waits for that at most; set it 15 s shorter than the time until the process is killed",
  expects: "a whole number of milliseconds",
});

const TRUSTED_PROXIES = Type.Integer({
  minimum: 0,
  maximum: 10,
  default: 0,
  description:
    "Number of proxies in front: the client is that entry of FORWARDED_HEADER, counted from the right",
  expects: "a whole number from 0 to 10",
});

const FORWARDED_HEADER = Type.Union([Type.Literal("x-forwarded-for"), Type.Literal("forwarded")], {
  default: "x-forwarded-for",
  description: "The header to which those proxies append the caller's address; forwarded is RFC 7239",
  expects: "x-forwarded-for or forwarded",
});

const KEEP_ALIVE_SECONDS = Type.Integer({
  minimum: 1,
  maximum: 255,
  default: 75,
  description:
    "How long an idle connection stays open, ± 4 s; set it longer than the load balancer's own limit",
  expects: "a whole number of seconds from 1 to 255",
});

const ORIGIN = "https?://[\\w.-]+(:\\d{1,5})?";
const CORS_ORIGINS = Type.String({
  pattern: `^(${ORIGIN}(,${ORIGIN})*)?$`,
  default: "",
  description: "Origins that may call from a browser",
  expects: "origins such as https://shop.example, with commas between them",
});

/** For every service. */
export const CommonConfig = {
  PORT: Port("The port to listen on"),
  HOST: Type.String({
    minLength: 1,
    default: "0.0.0.0",
    description: "The address to listen on",
    expects: "an IP address or host name",
  }),
  MONGODB_URL: Url("MongoDB connection string", ["mongodb", "mongodb+srv"]),
  REDIS_URL: Type.String({
    description: "Redis: one server, a Redis Cluster (Redis 7 or later), or sentinels",
    check: (text: string) => redisTarget(text) !== undefined,
    expects: REDIS_URL_FORMS,
  }),
  SIGNING_KEY: Type.String({
    minLength: 2,
    description:
      "This service's private Ed25519 key as a JSON Web Key, or a JWK set: the first key signs, all are accepted",
    expects: "a private Ed25519 key as a JSON Web Key",
  }),
  CORS_ORIGINS,
  TRUSTED_PROXIES,
  FORWARDED_HEADER,
  KEEP_ALIVE_SECONDS,
  SHUTDOWN_DELAY_MS,
  SHUTDOWN_DELAY_MAX_MS,
  REQUESTS_PER_MINUTE: RequestCount(1_200, "Requests allowed to an account in a minute"),
  ANONYMOUS_REQUESTS_PER_MINUTE: RequestCount(
    6_000,
    "Requests without a valid token allowed from one address in a minute",
  ),
  SWAGGER: Type.Boolean({
    default: true,
    description: "Whether the service shows Swagger and its OpenAPI document",
    expects: "true or false",
  }),
  SWAGGER_HINT: Type.String({
    pattern: "^[^\\u0000-\\u001f]{0,300}$",
    default: "",
    description: "A line above Swagger, such as an account to try it with",
    expects: "a line of up to 300 characters",
  }),
  ...RegionConfig,
  LOG_LEVEL: Type.Union(
    ["trace", "debug", "info", "warn", "error", "silent"].map((level) => Type.Literal(level)),
    {
      default: "info",
      description: "The lowest level that is logged",
      expects: "trace, debug, info, warn, error or silent",
    },
  ),
  ...TracingConfig,
};

/** For services with accounts. */
export const GivenAccountsConfig = {
  ACCESS_TOKEN_SECONDS: Duration("seconds", 900, "How long an access token is valid"),
  SESSION_MAX_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3_650,
    default: 90,
    description: "A session ends this many days after its sign-in, however often it is refreshed",
    expects: "a whole number of days from 1 to 3650",
  }),
  SIGN_IN_CPU_PERCENT: Count(
    25,
    "How much of a core a process uses for passwords of unknown devices and sign-ups, and as much for those of known devices",
  ),
  STORED_SECRETS_KEYS: Type.String({
    pattern: "^((plain,)?[\\w+/-]{43}=(,[\\w+/-]{43}=)*)?$",
    default: "",
    description:
      "Keys of stored secrets, such as those of second factors, in the database (AES-256-GCM): the first encrypts, all decrypt. Without one they are plain text",
    expects: "32 random bytes in base64, several with commas between, the first may be the word plain",
  }),
  SECOND_FACTOR_ISSUER: Type.String({
    pattern: "^[^:\\u0000-\\u001f]{1,60}$",
    default: "Food platform",
    description: "What authenticator apps show beside the account",
    expects: "a name of up to 60 characters, without a colon",
  }),
  MAIL_URL: Type.String({
    pattern: "^(smtps?://\\S+)?$",
    default: "",
    description: "The mail server; without one no mail is sent, and what needs mail answers 503",
    check: (text: string) => text === "" || URL.canParse(text),
    expects: "a URL that begins with smtp:// or smtps://",
  }),
  MAIL_FROM: Type.String({
    pattern: "^([^<>\\r\\n]*<[^<>@\\s]+@[^<>@\\s]+>|[^<>@\\s]+@[^<>@\\s]+)?$",
    default: "",
    description: "The sender of mail; required with MAIL_URL",
    expects: "an address such as shop@example.com or Shop <shop@example.com>",
  }),
  LINK_BASE_URL: Type.String({
    pattern: "^(https?://\\S+)?$",
    default: "",
    description: "The web pages to which links in mail lead; required with MAIL_URL",
    check: (text: string) => text === "" || URL.canParse(text),
    expects: "a URL that begins with http:// or https://",
  }),
};

/** For services with a sign-up. */
export const AccountsConfig = {
  ...GivenAccountsConfig,
  SIGN_UPS_PER_HOUR: Count(
    200,
    "Sign-ups allowed from one address in an hour; a tenth of that, at least ten, in a minute",
  ),
  EMAIL_VERIFICATION: Type.Union([Type.Literal("required"), Type.Literal("off")], {
    default: "off",
    description: "Whether a sign-up makes an account only once its address is confirmed; needs MAIL_URL",
    expects: "required or off",
  }),
};

/** For services with event streams. */
export const StreamsConfig = {
  MAX_STREAMS: Count(5_000, "Maximum number of open event streams for each process"),
  MAX_STREAMS_PER_CALLER: Count(50, "Maximum number of open event streams for each caller"),
};

export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(faults.join("\n"));
    this.name = "ConfigError";
  }
}

const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
const TRUTHS: Record<string, boolean> = { true: true, false: false };

/** Converts the text to the schema's type where it matches exactly. Other text stays text and fails validation. */
function typed(property: TSchema, text: string): unknown {
  if (TypeGuard.IsBoolean(property)) return TRUTHS[text] ?? text;
  const isNumber = TypeGuard.IsInteger(property) || TypeGuard.IsNumber(property);
  return isNumber && DECIMAL.test(text) ? Number(text) : text;
}

/** Throws ConfigError when the file cannot be read. */
function textOf(name: string, env: Record<string, string | undefined>): string | undefined {
  const path = env[`${name}_FILE`];
  if (env[name] !== undefined || path === undefined) return env[name];
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    throw new ConfigError([`${name}_FILE is not valid: expected the path of a readable file`]);
  }
}

const expectation = (schema: TSchema | undefined) => String(schema?.expects ?? "another value");

/** Throws ConfigError with one line for each fault. */
export function readConfig<S extends TObject>(schema: S, env: Record<string, string | undefined>): Static<S> {
  const given: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const text = textOf(name, env);
    if (text !== undefined) given[name] = typed(property, text);
  }
  const value = Value.Default(schema, { ...given }) as Record<string, unknown>;
  const faults = new Map<string, string>();
  for (const error of Value.Errors(schema, value)) {
    const name = error.path.slice(1).split("/")[0] ?? "";
    const state = given[name] === undefined ? "is not set" : "is not valid";
    faults.set(name, `${name} ${state}: expected ${expectation(schema.properties[name])}`);
  }
  for (const [name, { check }] of Object.entries(schema.properties))
    if (check && !faults.has(name) && !check(value[name]))
      faults.set(name, `${name} is not valid: expected ${expectation(schema.properties[name])}`);
  if (faults.size > 0) throw new ConfigError([...faults.values()]);
  return value as Static<S>;
}

/** readConfig for a process that is starting: prints the faults on stderr and exits with 1. */
export function readConfigOrExit<S extends TObject>(
  schema: S,
  env: Record<string, string | undefined>,
): Static<S> {
  try {
    return readConfig(schema, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
