import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallDay } from "../day/small-day.builder.ts";

const NOTHING = "http://127.0.0.1:1";

async function replay(...words: string[]) {
  const run = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...words], {
    env: { ...process.env, CUSTOMER_URL: NOTHING },
    ...({ stdout: "pipe", stderr: "pipe" } as const),
  });
  const [printed, errors] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exitCode: await run.exited, printed, errors };
}

test.each([
  ["an unknown flag", ["day", "--sped=2"], 2, "Unknown option '--sped'"],
  ["a word for a number", ["day", "--speed=fast"], 2, "--speed expects a number"],
  ["a folder that does not exist", ["no-such-folder"], 1, "no-such-folder/restaurants.txt: expected"],
])("with %s: prints one line and exits with the code", async (_, words, code, message) => {
  const { exitCode, printed, errors } = await replay(...words);
  expect([exitCode, printed]).toEqual([code, ""]);
  expect(errors).toStartWith(message);
  expect(errors.trimEnd().split("\n")).toHaveLength(1);
});

test("without a platform: names the URL and how to start one, and exits with 1", async () => {
  const folder = mkdtempSync(join(tmpdir(), "day-"));
  for (const [file, text] of Object.entries(smallDay())) writeFileSync(join(folder, file), text);
  const { exitCode, errors } = await replay(folder);
  rmSync(folder, { recursive: true });
  expect([exitCode, errors]).toEqual([
    1,
    `Nothing answers at ${NOTHING}: start the platform with \`bun start\`.\n`,
  ]);
});
