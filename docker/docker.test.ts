// The Dockerfile and compose.yaml, by a linter, the Compose Specification's schema and this project's rules.
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { validate as lint } from "dockerfile-utils";
import { mebibytesFor } from "../k8s/memory.ts";
import { services } from "../tools/services.ts";
import { buildStageOf, copySources } from "./build-stage.ts";
import schema from "./compose-spec.schema.json" with { type: "json" };

interface Container {
  image: string;
  user?: string;
  healthcheck?: { test: string[]; disable?: boolean };
  profiles?: string[];
  deploy: { resources: { limits: Record<string, unknown> } };
  environment?: Record<string, string>;
  ports?: string[];
  network_mode?: string;
}

const textOf = (name: string) => Bun.file(join(import.meta.dir, name)).text();
const ROOT = join(import.meta.dir, "..");
const ignore = await textOf("../.dockerignore");
const dockerfile = await textOf("Dockerfile");
const compose = Bun.YAML.parse(await textOf("compose.yaml")) as { services: Record<string, Container> };
const containers = Object.entries(compose.services);
const matchesSchema = new Ajv({ strict: false, validateFormats: false }).compile(schema);

describe("the Dockerfile", () => {
  const [, , image = ""] = dockerfile.split(/^FROM .*$/m);
  const linesOf = (keyword: string) =>
    [...image.matchAll(new RegExp(`^${keyword} (.*)$`, "gm"))].map(([, line]) => line);

  test("passes the linter, which finds a misspelt instruction", () => {
    expect(lint(dockerfile)).toEqual([]);
    expect(lint(dockerfile.replace("WORKDIR", "WORKDRI"))).toHaveLength(1);
  });

  test("pins the builder and starts the image from distroless", () => {
    expect([...dockerfile.matchAll(/^FROM (.*)$/gm)].map(([, from]) => from)).toEqual([
      `--platform=\${BUILDPLATFORM} \${BUILDER} AS build`,
      `\${RUNTIME}`,
    ]);
    expect(dockerfile).toMatch(/^ARG BUILDER=oven\/bun:\d+\.\d+\.\d+-debian$/m);
    expect(dockerfile).toMatch(/^ARG RUNTIME=gcr\.io\/distroless\/base-nossl-debian12:nonroot$/m);
  });

  test("copies the binary alone into the image, and runs it as 65532 without a shell", () => {
    expect(linesOf("COPY")).toEqual([`--from=build --chmod=0555 /source/dist/\${SERVICE} /service`]);
    expect(image).not.toMatch(/^(RUN|ADD) /m);
    expect([linesOf("USER"), linesOf("ENTRYPOINT")]).toEqual([["65532:65532"], ['["/service"]']]);
    expect(image).toContain("org.opencontainers.image.title=");
  });

  test("never strips the binary, which would cut off the program", () => {
    expect(dockerfile).not.toMatch(/^RUN .*\bstrip\b/m);
  });
});

describe("the Dockerfile of the pages", async () => {
  const pages = await textOf("web.Dockerfile");
  const [, , image = ""] = pages.split(/^FROM .*$/m);

  test("passes the linter, and pins its base images", () => {
    expect(lint(pages)).toEqual([]);
    expect(pages).toMatch(/^ARG BUILDER=oven\/bun:\d+\.\d+\.\d+-debian$/m);
    expect(pages).toMatch(/^ARG RUNTIME=nginxinc\/nginx-unprivileged:\d+\.\d+\.\d+-alpine$/m);
  });

  test("has only static files and their server's configuration, and runs as 65532", () => {
    const copied = [...image.matchAll(/^COPY --from=build (?:--chmod=\d+ )?(.*)$/gm)].map(([, line]) => line);
    expect(copied).toEqual(["/built/nginx.conf /etc/nginx/nginx.conf", "/built/public /pages"]);
    expect(image).not.toMatch(/^(RUN|ADD) /m);
    expect(image).toMatch(/^USER 65532:65532$/m);
  });

  test("is built from files that .dockerignore lets in, and that suffice", () => {
    const folder = mkdtempSync(join(tmpdir(), "web-image-"));
    const copies = copySources(buildStageOf(pages), folder);
    // As an installation there: packages, and the workspaces that were copied.
    mkdirSync(join(folder, "node_modules/@food"), { recursive: true });
    for (const name of readdirSync(join(ROOT, "node_modules")).filter((name) => name !== "@food"))
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    symlinkSync(join(folder, "client"), join(folder, "node_modules/@food/client"));
    symlinkSync(join(ROOT, "client/node_modules"), join(folder, "client/node_modules"));
    const env = Object.fromEntries(
      services.map(({ name }) => [`${name.toUpperCase()}_URL`, `https://${name}.food.example`]),
    );
    const command = [process.execPath, "tools/pages/build-pages.ts", join(folder, "built")];
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: folder, env: { ...process.env, ...env } });
    expect([exitCode, stderr.toString()]).toEqual([0, ""]);
    expect(existsSync(join(folder, "built/public/index.html"))).toBe(true);
    rmSync(folder, { recursive: true });
    const letIn = ignore
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copies.filter((name) => !letIn.includes(name.replace(/\/$/, "")))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  test("matches the schema of the Compose Specification, which has no unknown keys", () => {
    matchesSchema(compose);
    expect(matchesSchema.errors).toBeNull();
    expect(matchesSchema({ services: { order: { image: "order", stop_grace: "30s" } } })).toBe(false);
  });

  describe.each(containers)("%s", (_, container) => {
    const { image, deploy, environment = {}, ports = [] } = container;

    test("has a pinned image, read-only files, no privileges and limits", () => {
      expect(image).toMatch(/:(v?\d+\.\d+\.\d+[\w.-]*|local)$/);
      expect(container).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
      for (const key of ["privileged", "cap_add"]) expect(container).not.toHaveProperty(key);
      expect(Object.keys(deploy.resources.limits).sort()).toEqual(["cpus", "memory", "pids"]);
    });

    test("listens on loopback alone", () => {
      expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    });

    test("gets its secrets as files", () => {
      const literal = Object.entries(environment).filter(
        ([name, value]) =>
          /PASSWORD|SECRET|KEY|TOKEN|_URL$/.test(name) &&
          !name.endsWith("_FILE") &&
          !/^http:\/\/[a-z]+:\d+$/.test(value),
      );
      expect(literal).toEqual([]);
    });
  });

  const servers = containers.filter(([, { network_mode }]) => network_mode !== "none");
  test.each(servers)("%s runs as a user other than root and has a health check", (_, container) => {
    expect(container.user).not.toMatch(/^(0|root)\b/);
    // An image without a shell that only a profile starts, and for which nothing waits.
    if (container.healthcheck?.disable && container.profiles) return;
    expect(container.healthcheck?.test.length).toBeGreaterThan(1);
  });

  describe.each(services)("the $name service", ({ name, port, calls }) => {
    const { ports, environment = {}, deploy } = compose.services[name] as Container;

    test("listens on its usual port and has the URLs of its downstream services", () => {
      expect([ports, environment.PORT]).toEqual([[`127.0.0.1:${port}:${port}`], String(port)]);
      for (const callee of calls) {
        const at = services.find((service) => service.name === callee)?.port;
        expect(environment[`${callee.toUpperCase()}_URL`]).toBe(`http://${callee}:${at}`);
      }
    });

    test("has the memory for MAX_STREAMS event streams", () => {
      const [, mebibytes] = /^(\d+)M$/.exec(String(deploy.resources.limits.memory)) ?? [];
      expect(Number(mebibytes)).toBeGreaterThan(mebibytesFor(Number(environment.MAX_STREAMS)));
    });
  });
});

test("the development container has the databases of compose.yaml, and forwards every service's port", async () => {
  const { forwardPorts, dockerComposeFile, service } = JSON.parse(
    await textOf("../.devcontainer/devcontainer.json"),
  );
  const workplace = Bun.YAML.parse(await textOf(`../.devcontainer/${dockerComposeFile}`)) as typeof compose;
  matchesSchema(workplace);
  expect(matchesSchema.errors).toBeNull();
  expect(Object.keys(workplace.services)).toEqual([service, "mongodb", "redis"]);
  for (const name of ["mongodb", "redis"])
    expect(workplace.services[name]?.image).toBe(compose.services[name]?.image ?? "");
  expect(forwardPorts).toEqual(services.map(({ port }) => port));
});
