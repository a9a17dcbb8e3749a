// The images, as far as they can be tested without a Docker engine.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  cleanUp,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  newSigningKey,
  testRedisUrl,
} from "@food/shared/testing/service";
import { BUILD_MAX_MS, binaryOf, builtBinaries } from "../tools/binaries.ts";
import { freePort } from "../tools/free-port.ts";
import { serviceNames } from "../tools/services.ts";
import { buildStageOf, copySources } from "./build-stage.ts";
import { layOut, librariesOf, startIn, whyNoEmptyRoot } from "./empty-root.ts";

const ROOT = join(import.meta.dir, "..");
const work = mkdtempSync(join(tmpdir(), "image-"));
beforeAll(builtBinaries, BUILD_MAX_MS);
afterAll(() => rmSync(work, { recursive: true, force: true }));

const hashOf = async (path: string) =>
  new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");

/** Runs the COPY and RUN instructions of the Dockerfile's build stage in a folder. */
async function runBuildStage(folder: string, env: Record<string, string>) {
  const stage = buildStageOf(await Bun.file(join(import.meta.dir, "Dockerfile")).text());
  copySources(stage, folder);
  for (const [, command = ""] of stage.matchAll(/^RUN (?:--\S+ )*(.+)$/gm)) {
    const run = Bun.spawnSync(["sh", "-c", command], { cwd: folder, env: { ...process.env, ...env } });
    expect([run.exitCode, run.stderr.toString()]).toMatchObject([0, expect.any(String)]);
  }
}

test("the build stage in another folder makes the same bytes, and one binary", async () => {
  const source = join(work, "source");
  mkdirSync(source);
  const architecture = process.arch === "x64" ? "amd64" : "arm64";
  await runBuildStage(source, { SERVICE: "order", TARGETARCH: architecture });
  expect([...new Bun.Glob("*").scanSync(join(source, "dist"))]).toEqual(["order"]);
  expect(await hashOf(join(source, "dist/order"))).toBe(await hashOf(binaryOf("order")));
});

test(".dockerignore lets the build stage's sources through, and no test", async () => {
  const patterns = (await Bun.file(join(ROOT, ".dockerignore")).text()).split("\n");
  expect(patterns).toContain("*");
  for (const pattern of ["!services", "!shared", "shared/testing", "**/*.test.ts", "**/*.builder.ts"])
    expect(patterns).toContain(pattern);
});

test.skipIf(process.platform !== "linux")("the binaries link the C library alone", () => {
  const given = /^(ld-linux-[\w-]+|libc|libm|libdl|libpthread)\.so\.\d$/;
  for (const service of serviceNames) {
    const libraries = librariesOf(binaryOf(service)).map((path) => basename(path));
    expect(libraries).toContain("libc.so.6");
    expect(libraries.filter((library) => !given.test(library))).toEqual([]);
  }
});

const reason = whyNoEmptyRoot();

test.skipIf(!process.env.CI)("in CI: a process can start in an empty root", () => {
  expect(reason).toBeUndefined();
});

describeWithDatabases("a binary in an empty, read-only root, as user 65532", () => {
  test.skipIf(reason !== undefined).each(serviceNames)(
    `answers requests and its own health check, and stops on SIGTERM: %s${reason ? ` (${reason})` : ""}`,
    async (service) => {
      const root = join(work, service);
      layOut(root, binaryOf(service));
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const downstream = serviceNames.map((name): [string, string] => [`${name.toUpperCase()}_URL`, url]);
      const contained = startIn(root, [], {
        ...Object.fromEntries(downstream),
        NODE_ENV: "production",
        PORT: String(port),
        MONGODB_URL: freshMongoUrl(),
        REDIS_URL: testRedisUrl(),
        SIGNING_KEY: await newSigningKey(),
      });
      cleanUp(() => contained.process.kill("SIGKILL"));

      const statusOf = (path: string) =>
        fetch(url + path).then(
          ({ status }) => status,
          () => 0,
        );
      await eventually(async () => (await statusOf("/health/ready")) === 200);
      expect(await statusOf("/health/live")).toBe(200);
      expect(await statusOf("/swagger")).toBe(200);
      expect(await statusOf("/swagger/json")).toBe(200);

      const ask = (target: string) => startIn(root, ["--health", target], {}).process.exited;
      expect(await ask(`${url}/health/ready`)).toBe(0);
      expect(await ask(`${url}/nowhere`)).toBe(1);

      contained.signal("SIGTERM");
      expect(await contained.process.exited).toBe(0);
      expect(await ask(`${url}/health/ready`)).toBe(1);
    },
  );
});
