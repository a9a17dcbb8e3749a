import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { mebibytesFor } from "../k8s/memory.ts";
import { services } from "../tools/services.ts";
import { composeFaults, schemaFaults } from "./compose-rules.ts";
import { dockerfileFaults } from "./dockerfile-rules.ts";

const textOf = (name: string) => Bun.file(join(import.meta.dir, name)).text();
const dockerfile = await textOf("Dockerfile");
const compose = await textOf("compose.yaml");

/** The text with one fault planted. Throws when there is nothing to replace. */
function planted(text: string, good: string | RegExp, bad: string): string {
  const changed = text.replace(good, bad);
  if (changed === text) throw new Error(`Not there: ${good}`);
  return changed;
}

describe("the Dockerfile", () => {
  test("has no fault", () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
  });

  test.each([
    ["an unknown instruction", "WORKDIR /source", "WORKDRI /source", "Unknown instruction"],
    ["a moving tag", "oven/bun:1.4.5-debian\n", "oven/bun:latest\n", "not pinned"],
    ["no tag", "oven/bun:1.4.5-debian\n", "oven/bun\n", "not pinned"],
    ["a base with a shell", /ARG RUNTIME=\S+/, "ARG RUNTIME=debian:12.11", "has a shell"],
    ["root", "USER 65532:65532", "USER 0:0", "root"],
    ["no user", "USER 65532:65532\n", "", "USER"],
    [
      "a source map",
      "USER 65532",
      "COPY --from=build /source/dist/a.map /\nUSER 65532",
      "more than the binary",
    ],
    ["a command run in the image", "ENV NODE_ENV", "RUN chmod 777 /\nENV NODE_ENV", "RUN"],
    ["an entry point for a shell", 'ENTRYPOINT ["/service"]', "ENTRYPOINT /service", "ENTRYPOINT"],
    ["a stripped binary", "ARG SERVICE\nARG T", "RUN strip dist/order\nARG SERVICE\nARG T", "strip"],
    ["no labels", /LABEL[\s\S]*?REVISION}"\n/, "", "labels"],
  ])("may not have %s", (_, good, bad, fault) => {
    expect(dockerfileFaults(planted(dockerfile, good, bad)).join("\n")).toContain(fault);
  });
});

describe("compose.yaml", () => {
  test("has no fault", () => {
    expect(composeFaults(compose)).toEqual([]);
  });

  test("runs each service on its usual port, told where its downstream services are", () => {
    const { services: containers } = Bun.YAML.parse(compose) as {
      services: Record<string, { ports: string[]; environment: Record<string, string> }>;
    };
    for (const { name, port, calls } of services) {
      expect(containers[name]?.ports).toEqual([`127.0.0.1:${port}:${port}`]);
      expect(containers[name]?.environment.PORT).toBe(String(port));
      for (const callee of calls) {
        const at = services.find((service) => service.name === callee)?.port;
        expect(containers[name]?.environment[`${callee.toUpperCase()}_URL`]).toBe(`http://${callee}:${at}`);
      }
    }
  });

  test("gives each service the memory for all the event streams that it takes", () => {
    const { services: containers } = Bun.YAML.parse(compose) as {
      services: Record<
        string,
        {
          environment: Record<string, string>;
          deploy: { resources: { limits: { memory: string } } };
        }
      >;
    };
    for (const { name } of services) {
      const { environment, deploy } = containers[name] ?? {};
      const limit = deploy?.resources.limits.memory ?? "";
      expect(limit).toEndWith("M");
      expect(Number.parseInt(limit, 10)).toBeGreaterThan(mebibytesFor(Number(environment?.MAX_STREAMS)));
    }
  });

  test.each([
    ["a word that Compose does not know", "stop_grace_period: 30s", "stop_grace: 30s", "unevaluated"],
    ["a moving tag", "mongo:8.0.13", "mongo:latest", "mongodb: mongo:latest is not pinned"],
    ["a writable root", "read_only: true\n  cap_drop", "cap_drop", "customer: its files can be written"],
    ["capabilities", "cap_drop: [ALL]\n  security", "security", "redis: it keeps capabilities"],
    ["new privileges", 'security_opt: ["no-new-privileges:true"]\n  log', "log", "order: it may gain"],
    ["root", "user: mongodb\n", "user: root\n", "mongodb: it runs as root"],
    ["no health check", /healthcheck: \{ <<: \*health, test.*3003.*\n/, "\n", "order: nobody asks"],
    [
      "no limit",
      'limits: { cpus: "1.0", memory: 384M, pids: 64 }',
      "limits: { pids: 64 }",
      "redis: it may take",
    ],
    [
      "a literal secret",
      "SIGNING_KEY_FILE: /run/secrets/signing-key",
      "SIGNING_KEY: '{}'",
      "a secret stands",
    ],
    ["an open port", "127.0.0.1:3004:3004", "3004:3004", "delivery: it listens to the whole network"],
  ])("may not have %s", (_, good, bad, fault) => {
    expect(composeFaults(planted(compose, good, bad)).join("\n")).toContain(fault);
  });
});

describe("the development container", () => {
  test("has the databases that compose.yaml has, and forwards every service's port", async () => {
    const { forwardPorts, dockerComposeFile, service } = JSON.parse(
      await textOf("../.devcontainer/devcontainer.json"),
    );
    type Images = { services: Record<string, { image: string }> };
    const workplace = Bun.YAML.parse(await textOf(`../.devcontainer/${dockerComposeFile}`)) as Images;
    const platform = Bun.YAML.parse(compose) as Images;
    expect(schemaFaults(workplace)).toEqual([]);
    expect(Object.keys(workplace.services)).toEqual([service, "mongodb", "redis"]);
    for (const name of ["mongodb", "redis"])
      expect(workplace.services[name]?.image).toBe(platform.services[name]?.image ?? "");
    expect(forwardPorts).toEqual(services.map(({ port }) => port));
  });
});
