// The compiled services in dist/, built when their sources are newer.
import { statSync } from "node:fs";
import { join } from "node:path";
import { serviceNames } from "./services.ts";

const ROOT = join(import.meta.dir, "..");
export const binaryOf = (service: string): string => join(ROOT, "dist", service);

const changedAt = (file: string) => statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

function areFresh(): boolean {
  const builtAt = Math.min(...serviceNames.map((name) => changedAt(join("dist", name))));
  const sources = [...new Bun.Glob("{services,shared}/**/{src,contracts}/**/*.ts").scanSync(ROOT)].filter(
    (file) => !file.includes("node_modules"),
  );
  return [...sources, "bun.lock", "tools/build.ts"].every((file) => changedAt(file) < builtAt);
}

export const BUILD_MAX_MS = 300_000;

let building: Promise<void> | undefined;

async function build() {
  if (areFresh()) return;
  const compiler = Bun.spawn([process.execPath, "tools/build.ts"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const complaints = await new Response(compiler.stderr).text();
  if ((await compiler.exited) !== 0) throw new Error(complaints);
}

/** Builds the binaries unless they are fresh. Throws the compiler's message. */
export const builtBinaries = (): Promise<void> => {
  building ??= build().catch((error) => {
    // Cut off, for one, since the test that wanted them took too long: the next one tries again.
    building = undefined;
    throw error;
  });
  return building;
};
