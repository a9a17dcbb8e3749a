import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As in its container: root cannot write to what nobody may write to. */
const WITHOUT_CAPABILITIES = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all"] : [];

test("a run goes on where an interrupted one stopped, and later ones change nothing", () => {
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
    rmSync(join(folder, "mongodb/root-password"));
    run();
    const { password, username } = new URL(read("order/mongodb-url"));
    expect(read("order/mongodb-url")).not.toBe(first);
    expect(JSON.parse(read("mongodb/users.json"))).toMatchObject({ [username]: password });

    const last = read("mongodb/users.json");
    run();
    expect(read("mongodb/users.json")).toBe(last);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
