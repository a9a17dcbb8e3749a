import Ajv from "ajv/dist/2020";
import schema from "./compose-spec.schema.json" with { type: "json" };

type Container = Record<string, unknown> & {
  image?: string;
  user?: string;
  healthcheck?: { test?: string[] };
  deploy?: { resources?: { limits?: Record<string, unknown> } };
  environment?: Record<string, string>;
  ports?: string[];
  network_mode?: string;
};

const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
const PINNED = /^[\w./-]+:(\d+\.\d+\.\d+[\w.-]*|local)(@sha256:[0-9a-f]{64})?$/;
const SECRET = /PASSWORD|SECRET|KEY|TOKEN|_URL$/;

function containerFaults(name: string, container: Container): string[] {
  const { image = "", user = "root", healthcheck, environment = {}, ports = [] } = container;
  const limits = container.deploy?.resources?.limits ?? {};
  const runsOnce = container.network_mode === "none";
  const carriesSecret = ([variable, value]: [string, string]) =>
    SECRET.test(variable) && !variable.endsWith("_FILE") && !/^http:\/\/[a-z]+:\d+$/.test(value);
  const rules: [boolean, string][] = [
    [PINNED.test(image), `${image} is not pinned: give an exact version`],
    [container.read_only === true, "its files can be written: read_only: true"],
    [JSON.stringify(container.cap_drop) === '["ALL"]', "it keeps capabilities: cap_drop: [ALL]"],
    [
      JSON.stringify(container.security_opt)?.includes("no-new-privileges:true") ?? false,
      "it may gain privileges: security_opt: [no-new-privileges:true]",
    ],
    [!container.privileged && !container.cap_add, "it is given privileges"],
    [!/^(0|root)\b/.test(user) || runsOnce, "it runs as root: name a user"],
    [(healthcheck?.test?.length ?? 0) > 1 || runsOnce, "nobody asks whether it is well: give a healthcheck"],
    [
      ["cpus", "memory", "pids"].every((limit) => limit in limits),
      "it may take the whole machine: limit cpus, memory and pids",
    ],
    [!Object.entries(environment).some(carriesSecret), "a secret stands in the file: give it as NAME_FILE"],
    [ports.every((port) => port.startsWith("127.0.0.1:")), "it listens to the whole network: 127.0.0.1:"],
  ];
  return rules.flatMap(([holds, fault]) => (holds ? [] : [`${name}: ${fault}`]));
}

/** What breaks the Compose Specification's schema; each as one line. */
export const schemaFaults = (compose: unknown): string[] =>
  isValid(compose) ? [] : (isValid.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

/** What breaks the Compose Specification's schema or this project's own rules; each as one line. */
export function composeFaults(text: string): string[] {
  const compose = Bun.YAML.parse(text) as { services: Record<string, Container> };
  const faults = schemaFaults(compose);
  if (faults.length > 0) return faults;
  return Object.entries(compose.services).flatMap(([name, container]) => containerFaults(name, container));
}
