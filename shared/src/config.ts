// The environment is read once, against a schema. What is missing or malformed stops the process with one
// line for each fault that names the variable and what it expects, and never its value.
import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

export const Port = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, description, expects: "a port from 0 to 65535" });
export const Url = (description: string, protocols: string[]) =>
  Type.String({
    pattern: `^(${protocols.join("|")})://[^\\s/]+`,
    description,
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

/** What every service needs. */
export const CommonConfig = {
  PORT: Port("The port to listen on"),
  HOST: Type.String({
    minLength: 1,
    default: "0.0.0.0",
    description: "The address to listen on",
    expects: "an IP address or host name",
  }),
  MONGODB_URL: Url("Where MongoDB is", ["mongodb", "mongodb\\+srv"]),
  REDIS_URL: Url("Where Redis is", ["redis", "rediss"]),
  SIGNING_KEY: Type.String({
    minLength: 2,
    description:
      "This service's private Ed25519 key as a JSON Web Key, or a JWK set whose first key signs and whose others are still accepted",
    expects: "a private Ed25519 key as a JSON Web Key",
  }),
  LOG_LEVEL: Type.Union(
    ["trace", "debug", "info", "warn", "error", "silent"].map((level) => Type.Literal(level)),
    {
      default: "info",
      description: "How much is logged",
      expects: "trace, debug, info, warn, error or silent",
    },
  ),
};

export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(faults.join("\n"));
    this.name = "ConfigError";
  }
}

const expectation = (schema: TSchema | undefined) => String(schema?.expects ?? "another value");

/** Throws ConfigError with one line for each fault. */
export function readConfig<S extends TObject>(schema: S, env: Record<string, string | undefined>): Static<S> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) if (env[name] !== undefined) given[name] = env[name];
  const value = Value.Default(schema, Value.Convert(schema, given)) as Record<string, unknown>;
  const faults = new Map<string, string>();
  for (const error of Value.Errors(schema, value)) {
    const name = error.path.slice(1).split("/")[0] ?? "";
    const state = given[name] === undefined ? "is not set" : "is not valid";
    faults.set(name, `${name} ${state}: expected ${expectation(schema.properties[name])}`);
  }
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
