import { describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TSchema, Type } from "@sinclair/typebox";
import { CommonConfig, ConfigError, Duration, readConfig, Url } from "./config.ts";
import { TracingConfig } from "./tracing-config.ts";

const Config = Type.Object({
  ...CommonConfig,
  OTHER_URL: Url("Another service", ["http", "https"]),
  EVERY_MS: Duration("ms", 250, "How often"),
  STRICT: Type.Boolean({ default: false, expects: "true or false" }),
});
const good = {
  PORT: "3001",
  MONGODB_URL: "mongodb://user:hunter2@db:27017/",
  REDIS_URL: "redis://:hunter2@cache:6379",
  SIGNING_KEY: '{"d":"hunter2"}',
  OTHER_URL: "http://other:3002",
};
function faultsOf(
  change: Record<string, string | undefined>,
  schema: ReturnType<typeof Type.Object> = Config,
) {
  try {
    readConfig(schema, { ...good, ...change });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("readConfig", () => {
  test("returns numbers as numbers, and defaults for unset variables", () => {
    expect(readConfig(Config, { ...good, STRICT: "true", UNRELATED: "x" })).toEqual({
      ...good,
      PORT: 3001,
      HOST: "0.0.0.0",
      CORS_ORIGINS: "",
      TRUSTED_PROXIES: 0,
      FORWARDED_HEADER: "x-forwarded-for",
      KEEP_ALIVE_SECONDS: 75,
      REGION: "",
      LOG_LEVEL: "info",
      SHUTDOWN_DELAY_MS: 0,
      SHUTDOWN_DELAY_MAX_MS: 10_000,
      SWAGGER: true,
      SWAGGER_HINT: "",
      REQUESTS_PER_MINUTE: 1_200,
      ANONYMOUS_REQUESTS_PER_MINUTE: 6_000,
      ...readConfig(Type.Object(TracingConfig), {}),
      EVERY_MS: 250,
      STRICT: true,
    });
  });

  test.each(["PORT", "MONGODB_URL", "REDIS_URL", "SIGNING_KEY", "OTHER_URL"])(
    "when %s is not set, reports it in one line with what it expects",
    (name) => {
      const faults = faultsOf({ [name]: undefined });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(new RegExp(`^${name} is not set: expected \\w+`));
    },
  );

  test("reports every fault, one line each", () => {
    const faults = faultsOf({ PORT: undefined, REDIS_URL: "x", LOG_LEVEL: "loud" });
    expect(faults.map((line) => line.split(":")[0]).sort()).toEqual([
      "LOG_LEVEL is not valid",
      "PORT is not set",
      "REDIS_URL is not valid",
    ]);
  });

  test.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "3001.5"],
    ["PORT", "0x10"],
    ["PORT", "1e3"],
    ["PORT", "true"],
    ["PORT", "hunter2"],
    ["PORT", ""],
    ["PORT", " 3001"],
    ["HOST", ""],
    ["MONGODB_URL", "postgres://hunter2"],
    ["MONGODB_URL", "mongodb://"],
    ["MONGODB_URL", " mongodb://hunter2"],
    ["REDIS_URL", "http://hunter2"],
    ["REDIS_URL", ""],
    ["SIGNING_KEY", ""],
    ["LOG_LEVEL", "hunter2"],
    ["OTHER_URL", "ftp://hunter2"],
    ["OTHER_URL", "http://hunter2 x"],
    ["OTHER_URL", "http://hunter2:port"],
    ["REDIS_URL", "redis://:hunter2@cache:99999"],
    ["EVERY_MS", "0"],
    ["EVERY_MS", "1.5"],
    ["EVERY_MS", "hunter2"],
    ["TRUSTED_PROXIES", "-1"],
    ["TRUSTED_PROXIES", "11"],
    ["TRUSTED_PROXIES", "all"],
    ["FORWARDED_HEADER", "x-real-ip"],
    ["STRICT", "yes"],
    ["STRICT", "1"],
  ])("refuses %s=%p and does not repeat the value", (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toStartWith(`${name} is not valid: expected `);
    expect(faults[0]).not.toContain("hunter2");
    expect(faults[0]).not.toContain("\n");
  });

  test("reports what it expects in words", () => {
    expect(faultsOf({ MONGODB_URL: "x" })).toEqual([
      "MONGODB_URL is not valid: expected a URL that begins with mongodb:// or mongodb+srv://",
    ]);
    expect(faultsOf({ PORT: "x" })).toEqual(["PORT is not valid: expected a port from 0 to 65535"]);
  });

  test("reads a value from the file that NAME_FILE names, without the trailing newline", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "config-")), "port");
    await Bun.write(path, "3210\n");
    const { PORT: _, ...others } = good;
    expect(readConfig(Config, { ...others, PORT_FILE: path }).PORT).toBe(3210);
    expect(readConfig(Config, { ...good, PORT_FILE: "/nowhere/hunter2" }).PORT).toBe(3001);
    expect(() => readConfig(Config, { ...others, PORT_FILE: "/nowhere/hunter2" })).toThrow(
      /^PORT_FILE is not valid: expected the path of a readable file$/,
    );
  });

  test("accepts a MongoDB URL with a seed list", () => {
    expect(faultsOf({ MONGODB_URL: "mongodb+srv://cluster.example.com/food" })).toEqual([]);
  });

  test("has an `expects` text for every variable", () => {
    for (const property of Object.values<TSchema>(Config.properties)) expect(property.expects).toBeString();
  });
});
