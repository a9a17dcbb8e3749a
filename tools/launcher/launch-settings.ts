// The launcher's environment, and the environment of each service.

import { resolve } from "node:path";
import { checkDatabaseUrl, type Databases } from "../databases/databases.ts";
import { DEMO_PASSWORD } from "../demo/town.ts";
import { StartFailure } from "../failure.ts";
import type { Service, ServiceName } from "../services.ts";
import { newSigningKey } from "./signing-key.ts";

type Environment = Record<string, string | undefined>;

export type Settings = {
  dataDir: string;
  mongoUrl: string | undefined;
  redisUrl: string | undefined;
  ports: Map<ServiceName, number>;
  /** The ports of Bun's debugger. */
  inspectPorts: Map<ServiceName, number>;
  /** The port of the inbox's page; undefined when a mail server is given. */
  inboxPort: number | undefined;
  /** The port of the web pages. */
  webPort: number;
};

const INBOX_PORT = 8025;
const WEB_PORT = 3000;

function readPort(variable: string, env: Environment): number | undefined {
  const text = env[variable];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 65535) {
    throw new StartFailure(`${variable} is not a port from 1 to 65535: correct it, or unset it.`);
  }
  return value;
}

/** Throws a StartFailure that names the variable. */
export function readSettings(services: Service[], env: Environment): Settings {
  const taken = new Map<number, string>();
  const ports = new Map<ServiceName, number>();
  const inspectPorts = new Map<ServiceName, number>();
  const take = (variable: string, port: number) => {
    const other = taken.get(port);
    if (other) {
      throw new StartFailure(`${variable} and ${other} are both ${port}: give each a port of its own.`);
    }
    taken.set(port, variable);
    return port;
  };
  const add = (to: typeof ports, name: ServiceName, variable: string, port: number | undefined) => {
    if (port !== undefined) to.set(name, take(variable, port));
  };
  for (const { name, portVariable, port, inspectVariable } of services) {
    add(ports, name, portVariable, readPort(portVariable, env) ?? port);
    add(inspectPorts, name, inspectVariable, readPort(inspectVariable, env));
  }
  const inboxPort = env.MAIL_URL ? undefined : take("INBOX_PORT", readPort("INBOX_PORT", env) ?? INBOX_PORT);
  const webPort = take("WEB_PORT", readPort("WEB_PORT", env) ?? WEB_PORT);
  const mongoUrl = env.MONGODB_URL || undefined;
  const redisUrl = env.REDIS_URL || undefined;
  checkDatabaseUrl("mongo", mongoUrl);
  checkDatabaseUrl("redis", redisUrl);
  const dataDir = resolve(env.DATA_DIR || ".data");
  return { dataDir, mongoUrl, redisUrl, ports, inspectPorts, inboxPort, webPort };
}

/** Accounts with a known password are for this machine alone: never on a given MongoDB, never in production. */
const mayHaveDemo = ({ mongoUrl }: Pick<Settings, "mongoUrl">, env: Environment): boolean =>
  mongoUrl === undefined && env.NODE_ENV !== "production";

export const mayHaveTown = (settings: Pick<Settings, "mongoUrl">, env: Environment): boolean =>
  mayHaveDemo(settings, env) && env.DEMO_TOWN !== "off";

/** An account of each service. */
export const DEMO_ACCOUNTS: Record<ServiceName, string> = {
  customer: "customer-01@demo.example",
  restaurant: "kitchen-01@demo.example",
  order: "operator@demo.example",
  delivery: "courier-01@demo.example",
};

/** Undefined where the environment names one, too. */
export const demoOperator = (settings: Pick<Settings, "mongoUrl">, env: Environment) =>
  mayHaveDemo(settings, env) && !env.OPERATOR_EMAIL
    ? { OPERATOR_EMAIL: DEMO_ACCOUNTS.order, OPERATOR_PASSWORD: DEMO_PASSWORD }
    : undefined;

/** Where the service has its account of the demo. */
const swaggerHint = (name: ServiceName, settings: Settings, env: Environment) =>
  (name === "order" ? demoOperator(settings, env) : mayHaveTown(settings, env))
    ? {
        SWAGGER_HINT: `Try it with ${DEMO_ACCOUNTS[name]}, password "${DEMO_PASSWORD}": POST /v1/sessions, then Authorize`,
      }
    : undefined;

/** Webhooks reach receivers on this machine, unless a MongoDB is given: that may be shared with others. */
const webhookTargets = ({ mongoUrl }: Settings) => (mongoUrl ? undefined : { WEBHOOK_TARGETS: "any" });

/** `CUSTOMER_URL` and its like, of these services. */
export const urlVariables = ({ ports }: Settings, names: Iterable<ServiceName>): Record<string, string> =>
  Object.fromEntries(
    [...names].map((name) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports.get(name)}`]),
  );

/** The launcher's environment without the variables of other services, and with those that this service needs. */
export async function serviceEnvironment(
  service: Service,
  settings: Settings,
  { mongo, redis }: Pick<Databases, "mongo" | "redis">,
  env: Environment,
  inbox?: { smtpUrl: string; pageUrl: string },
): Promise<Environment> {
  const foreign =
    /^((CUSTOMER|RESTAURANT|ORDER|DELIVERY)_|DATA_DIR$|DATABASES$|INBOX_PORT$|WEB_PORT$|DEMO_TOWN$)/;
  const inherited = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    // On one machine all clients share an address.
    SIGN_UPS_PER_HOUR: "10000",
    SIGN_IN_CPU_PERCENT: "10000",
    ANONYMOUS_REQUESTS_PER_MINUTE: "1000000",
    ...swaggerHint(service.name, settings, env),
    ...(service.name === "order" && { ...demoOperator(settings, env), ...webhookTargets(settings) }),
    ...(inbox && {
      MAIL_URL: inbox.smtpUrl,
      MAIL_FROM: "shop@example.com",
      LINK_BASE_URL: `${inbox.pageUrl}/${service.name}`,
    }),
    CORS_ORIGINS: `http://localhost:${settings.webPort},http://127.0.0.1:${settings.webPort}`,
    ...Object.fromEntries(inherited),
    ...urlVariables(settings, service.calls),
    PORT: String(settings.ports.get(service.name)),
    HOST: "127.0.0.1",
    MONGODB_URL: mongo.url,
    REDIS_URL: redis.url,
    // Sessions end with the launcher that made the key.
    SIGNING_KEY: await newSigningKey(),
  };
}
