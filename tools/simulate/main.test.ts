import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallDay } from "../day/small-day.builder.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function folderWith(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "simulate-"));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) await Bun.write(join(folder, file), text);
  return folder;
}

async function simulate(...argv: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...argv], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, output, errors };
}

describe("bun run simulate", () => {
  test("prints the table and exits with 0", async () => {
    const { code, output, errors } = await simulate(await folderWith(smallDay()));
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    for (const row of ["delivered", "click-to-door", "ready-to-pickup", "over 40 minutes", "trips"])
      expect(output).toContain(row);
  });

  test("with --out writes the three files of the evaluator", async () => {
    const out = join(await folderWith({}), "solution");
    expect(await simulate(await folderWith(smallDay()), "--out", out)).toMatchObject({ code: 0 });
    expect((await readdir(out)).toSorted()).toEqual([
      ...["solution_info_assignments.txt", "solution_info_couriers.txt", "solution_info_orders.txt"],
    ]);
  });

  test("for an invalid instance, prints file and line in one line and exits with 1", async () => {
    const folder = await folderWith({
      ...smallDay(),
      "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t1",
    });
    expect(await simulate(folder)).toEqual({
      ...{ code: 1, output: "" },
      errors: "couriers.txt:2: expected 5 tab-separated values, not 2\n",
    });
  });

  test("when a file is missing, names it and exits with 1", async () => {
    const { code, errors } = await simulate(await folderWith({}));
    expect(code).toBe(1);
    expect(errors.trim().split("\n")).toHaveLength(1);
  });

  test("for a wrong command line, prints the usage and exits with 2", async () => {
    for (const argv of [
      [],
      ["a", "b"],
      ["a", "--policy", "best"],
      ["a", "--capacity", "0"],
      ["a", "--what"],
    ]) {
      const { code, errors } = await simulate(...argv);
      expect({ argv, code }).toEqual({ argv, code: 2 });
      expect(errors).toContain("usage: bun run simulate");
    }
  });
});
