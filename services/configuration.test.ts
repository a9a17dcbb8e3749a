// Every variable of every service, as its schema has it.
import { describe, expect, test } from "bun:test";
import { ConfigError, readConfig } from "@food/shared/process/config";
import { configs } from "../tools/environment-tables.ts";

const NOWHERE = "http://127.0.0.1:1";
const good: Record<string, string> = {
  PORT: "0",
  MONGODB_URL: "mongodb://127.0.0.1:1",
  REDIS_URL: "redis://127.0.0.1:1",
  SIGNING_KEY: "{}",
  CUSTOMER_URL: NOWHERE,
  RESTAURANT_URL: NOWHERE,
  ORDER_URL: NOWHERE,
  DELIVERY_URL: NOWHERE,
};

for (const [service, config] of Object.entries(configs))
  describe(`the environment of the ${service} service`, () => {
    const variables = Object.entries(config.properties).map(
      ([name, { expects = "", default: fallback }]) => ({ name, expects, fallback }),
    );

    const schema = config as Parameters<typeof readConfig>[0];
    const faultOf = (env: Record<string, string>) => {
      try {
        return readConfig(schema, env);
      } catch (error) {
        return error instanceof ConfigError && error.message;
      }
    };

    test("is taken when it is as described", () => {
      expect(() => readConfig(schema, good)).not.toThrow();
    });

    test.each(variables.filter(({ fallback }) => fallback === undefined))(
      "is refused without $name, with one line that says what it expects",
      ({ name, expects }) => {
        const { [name]: _, ...rest } = good;
        expect(faultOf(rest)).toBe(`${name} is not set: expected ${expects}`);
      },
    );

    // Any text may be the name of a host or of a platform, or a hint.
    test.each(
      variables.filter(
        ({ name }) =>
          !["HOST", "SIGNING_KEY", "SECOND_FACTOR_ISSUER", "OPERATOR_PASSWORD", "SWAGGER_HINT"].includes(
            name,
          ),
      ),
    )("is refused with nonsense for $name, with one line that does not repeat it", ({ name, expects }) => {
      const nonsense = { ...good, [name]: "hunter2 nonsense" };
      expect(faultOf(nonsense)).toBe(`${name} is not valid: expected ${expects}`);
    });
  });
