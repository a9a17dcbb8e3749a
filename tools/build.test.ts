import { expect, test } from "bun:test";
import { join } from "node:path";

test.each([["orders"], ["--target=bun-darwin-arm64"], ["--source-map"]])(
  "bun run build %s: exits with 2, and names the known arguments",
  (word) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([
      ...[process.execPath, join(import.meta.dir, "build.ts"), word],
    ]);
    expect([exitCode, stdout.toString()]).toEqual([2, ""]);
    expect(stderr.toString()).toStartWith(`Unknown argument ${word}: the arguments are customer, `);
  },
);
