import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As in its container: without capabilities, root cannot write to read-only files. */
const WITHOUT_CAPABILITIES = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all"] : [];

test("a run completes an interrupted one, and later runs change nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const script = join(import.meta.dir, "make-secrets.ts");
  const run = () => {
    const { exitCode, stderr } = Bun.spawnSync([...WITHOUT_CAPABILITIES, process.execPath, script, folder]);
    expect([exitCode, stderr.toString()]).toEqual([0, ""]);
  };
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  try {
    run();
    const first = read("order/mongodb-url");
    const key = read("order/stored-secrets-keys");
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    expect(read("customer/stored-secrets-keys")).not.toBe(key);
    rmSync(join(folder, "mongodb/root-password"));
    run();
    const { password, username } = new URL(read("order/mongodb-url"));
    expect(read("order/mongodb-url")).not.toBe(first);
    expect(JSON.parse(read("mongodb/users.json"))).toMatchObject({ [username]: password });

    const last = read("mongodb/users.json");
    run();
    expect(read("mongodb/users.json")).toBe(last);
    // The database holds what it has encrypted.
    expect(read("order/stored-secrets-keys")).toBe(key);
    // Made by an earlier version.
    rmSync(join(folder, "order/stored-secrets-keys"));
    run();
    expect([read("mongodb/users.json"), read("order/stored-secrets-keys").length]).toEqual([last, 44]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([[[]], [["--help"]], [["secrets", "more"]]])(
  "with the arguments %p: prints the usage and exits with 2",
  (words) => {
    const script = join(import.meta.dir, "make-secrets.ts");
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, script, ...words]);
    expect([exitCode, stderr.toString()]).toEqual([2, "usage: bun docker/make-secrets.ts FOLDER\n"]);
  },
);
