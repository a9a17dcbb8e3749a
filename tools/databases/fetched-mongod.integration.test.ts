import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MONGOD_VERSION } from "./fetched-mongod.ts";

const ROOT = join(import.meta.dir, "../..");
const NO_MIRROR = "https://127.0.0.1:1";
const MIN_BYTES = 2_000_000;
const testTimeoutMs = 180_000;

let folder: string;
let stub: string;
let archive: Blob;
let mirror: Bun.Server<undefined>;
let asked: string[];
let checksum: string;
let md5: string;
let online: Record<string, string>;

/** Starts the databases in a process of its own, prints what MongoDB is, and stops them. */
async function startReal(env: Record<string, string>) {
  const script = `
    import { startDatabases } from "./tools/databases/databases.ts";
    try {
      const { mongo, stop } = await startDatabases({ dataDir: ${JSON.stringify(join(folder, "data"))} });
      await stop();
      process.stdout.write("\\n" + JSON.stringify(mongo));
    } catch (error) {
      process.stderr.write(String(error.message));
      process.exit(1);
    }`;
  const { MONGODB_URL: _mongo, REDIS_URL: _redis, ...inherited } = process.env;
  const child = Bun.spawn([process.execPath, "-e", script], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...inherited, DATABASES: "real", MONGOMS_DOWNLOAD_DIR: join(folder, "mongod"), ...env },
  });
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const exitCode = await child.exited;
  return {
    output,
    complaint,
    exitCode,
    mongo: exitCode ? undefined : JSON.parse(output.split("\n").at(-1) ?? ""),
  };
}

beforeAll(async () => {
  const source = mkdtempSync(join(tmpdir(), "stub-"));
  stub = join(source, `mongodb-stub-${MONGOD_VERSION}/bin/mongod`);
  mkdirSync(join(stub, ".."), { recursive: true });
  // Takes the arguments of a mongod, is the emulator, and as large as the library wants it.
  const emulator = `"${process.execPath}" "${ROOT}/emulators/mongo/main.ts" --port "$4" --data "$6/data.sqlite"`;
  writeFileSync(stub, `#!/bin/sh\nexec ${emulator}\n${"#".repeat(MIN_BYTES)}`);
  chmodSync(stub, 0o755);
  const tar = Bun.spawn(["tar", "-C", source, "-czf", "-", `mongodb-stub-${MONGOD_VERSION}`]);
  archive = await new Response(tar.stdout).blob();
  const [key, cert] = [join(source, "key.pem"), join(source, "cert.pem")];
  const request =
    "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
  await Bun.spawn(["openssl", ...request.split(" "), "-keyout", key, "-out", cert], { stderr: "ignore" })
    .exited;
  md5 = new Bun.CryptoHasher("md5").update(await archive.arrayBuffer()).digest("hex");
  mirror = Bun.serve({
    port: 0,
    hostname: "localhost",
    tls: { key: Bun.file(key), cert: Bun.file(cert) },
    fetch({ url }) {
      asked.push(new URL(url).pathname);
      return url.endsWith(".md5") ? new Response(`${checksum}  archive.tgz`) : new Response(archive);
    },
  });
  online = { MONGOMS_DOWNLOAD_MIRROR: `https://localhost:${mirror.port}`, NODE_EXTRA_CA_CERTS: cert };
});
afterAll(async () => {
  await mirror.stop(true);
  rmSync(join(stub, "../../.."), { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "real-"));
  asked = [];
  checksum = md5;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("DATABASES=real", () => {
  test(
    "fetches one version once, says so, and keeps its data",
    async () => {
      const first = await startReal(online);
      expect(first.complaint).toBe("");
      expect(first.output).toContain(`Fetching MongoDB ${MONGOD_VERSION} into`);
      expect(first.mongo).toMatchObject({ kind: "real", dataDir: join(folder, "data/mongodb/real") });
      expect(asked.some((path) => path.includes(MONGOD_VERSION))).toBe(true);
      expect(existsSync(join(folder, "data/mongodb/real/data.sqlite"))).toBe(true);
      asked = [];
      const second = await startReal(online);
      expect(second.output).not.toContain("Fetching");
      expect(second.mongo).toEqual({ ...first.mongo, url: expect.any(String) });
      expect(asked).toEqual([]);
    },
    testTimeoutMs,
  );

  test(
    "refuses an archive with another checksum",
    async () => {
      checksum = "0".repeat(32);
      const { exitCode, complaint } = await startReal(online);
      expect([exitCode, complaint]).toEqual([1, expect.stringMatching(/cannot be fetched .*md5/i)]);
      expect(existsSync(join(folder, "data/mongodb/real/data.sqlite"))).toBe(false);
    },
    testTimeoutMs,
  );

  test(
    "without a network: says so and what to do, in one line",
    async () => {
      const { exitCode, complaint } = await startReal({ MONGOMS_DOWNLOAD_MIRROR: NO_MIRROR });
      expect(exitCode).toBe(1);
      expect(complaint.split("\n")).toHaveLength(1);
      expect(complaint).toStartWith(`MongoDB ${MONGOD_VERSION} cannot be fetched (`);
      expect(complaint).toEndWith(
        "connect to the network, set MONGOMS_DOWNLOAD_MIRROR or MONGOMS_SYSTEM_BINARY, or use DATABASES=emulator.",
      );
    },
    testTimeoutMs,
  );

  test(
    "with MONGOMS_SYSTEM_BINARY: starts that program and fetches nothing",
    async () => {
      const env = { MONGOMS_DOWNLOAD_MIRROR: NO_MIRROR, MONGOMS_SYSTEM_BINARY: stub };
      const { mongo, output, complaint } = await startReal(env);
      expect([complaint, output.trimStart()]).toEqual(["", JSON.stringify(mongo)]);
      expect(mongo).toMatchObject({ kind: "real", detail: stub });
      const missing = await startReal({ ...env, MONGOMS_SYSTEM_BINARY: "/no/such/mongod" });
      expect([missing.exitCode, missing.complaint]).toEqual([
        1,
        "MONGOMS_SYSTEM_BINARY: there is no file /no/such/mongod: correct it, or unset it.",
      ]);
    },
    testTimeoutMs,
  );
});

test("bun start refuses a word that it does not know, with exit code 2", async () => {
  const child = Bun.spawn([process.execPath, "tools/launcher/start.ts", "--reel"], {
    cwd: ROOT,
    stderr: "pipe",
  });
  expect(await child.exited).toBe(2);
  expect(await new Response(child.stderr).text()).toBe("Unknown option '--reel': the flags are --real\n");
});
