import { expect, test } from "bun:test";
import { type Service, services } from "../services.ts";
import { readSettings, serviceEnvironment } from "./launch-settings.ts";

const databases = {
  mongo: { url: "mongodb://127.0.0.1:1" },
  redis: { url: "redis://127.0.0.1:1" },
} as Parameters<typeof serviceEnvironment>[2];
const hintWith = async (env: Record<string, string>, name = "customer") => {
  const environment = await serviceEnvironment(
    services.find((service) => service.name === name) as Service,
    readSettings(services, env),
    databases,
    env,
  );
  return environment.SWAGGER_HINT;
};

test("Swagger names an account of the demo town where there is one", async () => {
  expect(await hintWith({})).toContain("customer-01@demo.example");
  expect(await hintWith({ DEMO_TOWN: "off" })).toBeUndefined();
  expect(await hintWith({ NODE_ENV: "production" })).toBeUndefined();
  expect(await hintWith({ MONGODB_URL: "mongodb://127.0.0.1:1" })).toBeUndefined();
  expect(await hintWith({ SWAGGER_HINT: "Own words" })).toBe("Own words");
  expect(await hintWith({}, "order")).toContain("operator@demo.example");
  expect(await hintWith({ OPERATOR_EMAIL: "me@food.example" }, "order")).toBeUndefined();
});
