// Preloaded by a process: replaces a guard's code by the hole that the variable HOLE names. No file is changed.
import { plugin } from "bun";
import { patched, ROOT } from "./hole.ts";
import { HOLES } from "./holes.ts";

const { HOLE = "" } = process.env;
const hole = HOLES[HOLE];
if (HOLE && !hole) throw new Error(`There is no hole ${HOLE}`);
const files = new Set(hole?.patches.map(({ file }) => `${ROOT}/${file}`));

if (hole)
  plugin({
    name: "hole",
    setup(build) {
      build.onLoad({ filter: /\/(services|shared)\/.*\.ts$/ }, async ({ path }) => {
        const source = await Bun.file(path).text();
        return { loader: "ts", contents: files.has(path) ? patched(hole, path, source) : source };
      });
    },
  });
