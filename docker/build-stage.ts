// The sources that a Dockerfile's build stage copies, as .dockerignore lets them in.
import { cpSync } from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dir, "..");
const IGNORED = /node_modules|^shared\/testing|\.(test|builder)\.ts$|(?<!^docs\/errors)\.md$/;

/** The text of the first stage of a Dockerfile. */
export const buildStageOf = (dockerfile: string): string => dockerfile.split(/^FROM .*$/m)[1] ?? "";

/** Runs the stage's COPY instructions in a folder; returns the names that they copy. */
export function copySources(stage: string, folder: string): string[] {
  const names = [...stage.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, words = ""]) => words.split(" "));
  for (const name of names)
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (path) => !IGNORED.test(relative(ROOT, path)),
    });
  return names;
}
